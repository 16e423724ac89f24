internal import BlobStorage
internal import BlobStorageHandler
internal import CBlobStorageServer
internal import Glibc

/// What all connections of a server share.
final class ServerCore: Sendable {
    /// What happens to a connection besides its own thread's work.
    private struct Entry {
        let socket: Int32
        /// When the client must have sent what it owes; `nil` while a request is answered.
        var deadline: Deadline?
        /// Cancels the request that is answered.
        var cancel: (@Sendable () -> Void)?
    }

    /// A bound on what a client takes its time for, whatever it sends meanwhile.
    private struct Deadline {
        let end: ContinuousClock.Instant
        /// What a client that is late is told.
        let answer: [UInt8]
    }

    private struct State {
        var entries: [UInt: Entry] = [:]
        var isStopping = false
    }

    let handler: any HTTPHandler
    let options: HTTPServerOptions
    private let state = Locked(State())
    private let clock = ContinuousClock()

    init(_ handler: any HTTPHandler, _ options: HTTPServerOptions) {
        self.handler = handler
        self.options = options
    }

    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// How many requests are being answered.
    var runningCount: Int {
        state.withLock { $0.entries.values.count { $0.cancel != nil } }
    }

    var idleSeconds: UInt32 {
        UInt32(clamping: max(1, options.idleTime.components.seconds))
    }

    // MARK: What connections tell

    func opened(_ connection: OpaquePointer) {
        let entry = Entry(
            socket: cblobstorage_server_socket(connection),
            deadline: headDeadline(in: options.headTime)
        )
        state.withLock { $0.entries[UInt(bitPattern: connection)] = entry }
    }

    /// Forgets a connection, before its socket is closed.
    func closed(_ connection: OpaquePointer) {
        state.withLock { $0.entries[UInt(bitPattern: connection)] = nil }
    }

    func began(_ connection: OpaquePointer, cancel: @escaping @Sendable () -> Void) {
        state.withLock { state in
            state.entries[UInt(bitPattern: connection)]?.deadline = nil
            state.entries[UInt(bitPattern: connection)]?.cancel = cancel
        }
    }

    func ended(_ connection: OpaquePointer) {
        let deadline = headDeadline(in: options.idleTime + options.headTime)
        state.withLock { state in
            state.entries[UInt(bitPattern: connection)]?.deadline = deadline
            state.entries[UInt(bitPattern: connection)]?.cancel = nil
        }
    }

    /// Bounds the time in which a client may send the rest of a body that nobody wants.
    ///
    /// - Parameters:
    ///   - connection: The client's connection.
    ///   - time: How long it may take.
    ///   - answer: What it gets if it takes longer.
    func bound(_ connection: OpaquePointer, to time: Duration, answer: [UInt8]) {
        let deadline = Deadline(end: clock.now + time, answer: answer)
        state.withLock { $0.entries[UInt(bitPattern: connection)]?.deadline = deadline }
    }

    /// Takes the bound away, since the client has sent all.
    ///
    /// - Returns: `false` if it was late, and has its answer.
    func unbind(_ connection: OpaquePointer) -> Bool {
        state.withLock { state in
            defer { state.entries[UInt(bitPattern: connection)]?.deadline = nil }
            return state.entries[UInt(bitPattern: connection)]?.deadline != nil
        }
    }

    private func headDeadline(in time: Duration) -> Deadline {
        Deadline(end: clock.now + time, answer: Self.late)
    }

    private static let late = Array(
        """
        HTTP/1.1 408 Request Timeout\r
        Connection: close\r
        Content-Length: 0\r
        \r

        """.utf8
    )

    // MARK: What is done to connections

    /// Closes the connections whose clients take too long for the head of a request, or for a body that
    /// nobody wants.
    func closeLate() {
        let now = clock.now
        state.withLock { state in
            // Under the lock, none of the sockets is closed.
            for (id, entry) in state.entries {
                guard let deadline = entry.deadline, deadline.end < now else { continue }
                let answer = deadline.answer
                _ = send(entry.socket, answer, answer.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
                shutdown(entry.socket, Int32(SHUT_RDWR))
                state.entries[id]?.deadline = nil
            }
        }
    }

    /// Closes the connections that wait for a request, and answers no new one.
    func beginStopping() {
        state.withLock { state in
            state.isStopping = true
            for entry in state.entries.values where entry.cancel == nil {
                shutdown(entry.socket, Int32(SHUT_RD))
            }
        }
    }

    /// Breaks off whatever is answered.
    func breakOff() {
        let cancels = state.withLock { state in
            for entry in state.entries.values { shutdown(entry.socket, Int32(SHUT_RDWR)) }
            return state.entries.values.compactMap(\.cancel)
        }
        for cancel in cancels { cancel() }
    }
}
