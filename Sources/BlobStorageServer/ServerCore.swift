internal import BlobStorage
internal import BlobStorageHandler
internal import CBlobStorageServer
internal import Glibc

/// What all connections of a server share.
final class ServerCore: Sendable {
    /// What happens to a connection besides its own thread's work.
    private struct Entry {
        let socket: Int32
        /// When the head of the next request must have come; `nil` while a request is answered.
        var headDeadline: ContinuousClock.Instant?
        /// Cancels the request that is answered.
        var cancel: (@Sendable () -> Void)?
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
            headDeadline: clock.now + options.headTime
        )
        state.withLock { $0.entries[UInt(bitPattern: connection)] = entry }
    }

    /// Forgets a connection, before its socket is closed.
    func closed(_ connection: OpaquePointer) {
        state.withLock { $0.entries[UInt(bitPattern: connection)] = nil }
    }

    func began(_ connection: OpaquePointer, cancel: @escaping @Sendable () -> Void) {
        state.withLock { state in
            state.entries[UInt(bitPattern: connection)]?.headDeadline = nil
            state.entries[UInt(bitPattern: connection)]?.cancel = cancel
        }
    }

    func ended(_ connection: OpaquePointer) {
        let deadline = clock.now + options.idleTime + options.headTime
        state.withLock { state in
            state.entries[UInt(bitPattern: connection)]?.headDeadline = deadline
            state.entries[UInt(bitPattern: connection)]?.cancel = nil
        }
    }

    // MARK: What is done to connections

    /// Closes the connections whose clients take too long for the head of a request.
    func closeLate() {
        let answer = Array(
            """
            HTTP/1.1 408 Request Timeout\r
            Connection: close\r
            Content-Length: 0\r
            \r

            """.utf8
        )
        let now = clock.now
        state.withLock { state in
            // Under the lock, none of the sockets is closed.
            for (id, entry) in state.entries {
                guard let deadline = entry.headDeadline, deadline < now else { continue }
                _ = send(entry.socket, answer, answer.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
                shutdown(entry.socket, Int32(SHUT_RDWR))
                state.entries[id]?.headDeadline = nil
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
