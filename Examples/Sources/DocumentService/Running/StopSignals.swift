import Dispatch
import Glibc
import Synchronization

/// Tells when somebody presses Ctrl-C, or asks the process to end; a second time ends it at once.
final class StopSignals {
    private let sources: [any DispatchSourceSignal]

    /// Begins to listen.
    ///
    /// - Parameter onStop: Called for the first signal.
    init(onStop: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "stop-signals")
        let received = Received()
        sources = [SIGINT, SIGTERM].map { number in
            Glibc.signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                guard received.isFirst() else { _exit(128 + number) }
                onStop()
            }
            source.activate()
            return source
        }
    }

    private final class Received: Sendable {
        private let isSet = Mutex(false)

        func isFirst() -> Bool {
            isSet.withLock { isSet in
                defer { isSet = true }
                return !isSet
            }
        }
    }
}
