import BlobStorage
import CBlobStorageHTTP

/// What a task wants of the loop.
enum LoopCommand {
    case start(Exchange)
    /// Drops the transfer.
    case stop(Exchange)
    /// Goes on reading the answer's body.
    case receive(Exchange)
    /// Goes on sending the request's body.
    case send(Exchange)
}

/// Where tasks leave commands for a loop, which has a thread of its own from the first one on.
///
/// The thread is woken only if it sleeps, so that one call wakes it for many commands.
final class LoopMailbox: Sendable {
    private struct State {
        var commands: [LoopCommand] = []
        /// The descriptor that wakes the thread; `nil` if there is no thread.
        var wake: Int32?
        var isSleeping = false
        var isClosed = false
    }

    private let state = Locked(State())
    private let options: HTTPTransportOptions

    init(_ options: HTTPTransportOptions) {
        self.options = options
    }

    /// Starts an exchange.
    ///
    /// - Throws: ``HTTPError`` of kind `closed`, or `connectFailed` if the system has no thread or
    ///   no descriptor left.
    func start(_ exchange: Exchange) throws {
        try state.withLock { state in
            guard !state.isClosed else {
                throw HTTPError(.closed, "the transport was closed", mayHaveArrived: false)
            }
            if state.wake == nil { state.wake = try startThread() }
            Self.append(.start(exchange), &state)
        }
    }

    /// Tells the loop something about an exchange that it knows; it may have ended.
    func post(_ command: LoopCommand) {
        state.withLock { state in
            guard state.wake != nil else { return }
            Self.append(command, &state)
        }
    }

    private static func append(_ command: LoopCommand, _ state: inout State) {
        state.commands.append(command)
        wakeIfAsleep(&state)
    }

    private static func wakeIfAsleep(_ state: inout State) {
        guard state.isSleeping, let wake = state.wake else { return }
        state.isSleeping = false
        cblobstorage_wake(wake)
    }

    /// Takes no new exchanges any more; the thread ends after the last of the others.
    func close() {
        state.withLock { state in
            state.isClosed = true
            Self.wakeIfAsleep(&state)
        }
    }

    private func startThread() throws(HTTPError) -> Int32 {
        let wake = cblobstorage_wake_create()
        guard wake >= 0 else { throw .noResources("eventfd") }
        let loop: CurlLoop
        do {
            loop = try CurlLoop(self, wake: wake, options: options)
        } catch {
            cblobstorage_close(wake)
            throw error
        }
        let reference = Unmanaged.passRetained(loop)
        let status = cblobstorage_thread_start(
            "blob-http",
            { context in
                guard let context else { return }
                Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue().run()
            },
            reference.toOpaque()
        )
        guard status == 0 else {
            reference.release()
            cblobstorage_close(wake)
            throw .noResources("pthread_create", status)
        }
        return wake
    }
}

// What the loop's thread calls.
extension LoopMailbox {
    /// Takes the commands that are there.
    ///
    /// - Parameter commands: An empty array, which takes their place.
    func take(_ commands: inout [LoopCommand]) {
        state.withLock { swap(&commands, &$0.commands) }
    }

    /// Tells that the thread is about to wait.
    ///
    /// - Returns: Whether it may: no command has come.
    func willWait() -> Bool {
        state.withLock { state in
            state.isSleeping = state.commands.isEmpty
            return state.isSleeping
        }
    }

    /// Tells that the thread is awake.
    func awake() {
        state.withLock { $0.isSleeping = false }
    }

    /// Ends the thread's part, if the mailbox is closed.
    ///
    /// - Returns: Whether it is over; if not, it is open, or there are commands still.
    func end() -> Bool {
        state.withLock { state in
            guard state.isClosed, state.commands.isEmpty, let wake = state.wake else {
                return false
            }
            state.wake = nil
            cblobstorage_close(wake)
            return true
        }
    }
}

extension HTTPError {
    static func noResources(_ call: String, _ code: Int32? = nil) -> HTTPError {
        let failure = code.map { SystemError(call, $0) } ?? SystemError.last(call)
        return HTTPError(.connectFailed, failure.description, mayHaveArrived: false)
    }
}
