import Dispatch
import Glibc
import Synchronization

/// Ends the work in good order when somebody presses Ctrl-C, or asks the process to end.
///
/// The first signal cancels the work, so that nothing half-done stays; a second one ends the process
/// at once. Either way the process dies of the signal, as its parent expects.
final class Interruption {
    /// The first signal that came.
    private final class Received: Sendable {
        let number = Mutex<Int32?>(nil)
    }

    private let received = Received()
    private let sources: [any DispatchSourceSignal]

    init(onSignal cancel: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "interruption")
        let numbers = [SIGINT, SIGTERM]
        sources = numbers.map { number in
            Glibc.signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: queue)
        }
        for (number, source) in zip(numbers, sources) {
            source.setEventHandler { [received] in
                let isFirst = received.number.withLock { first in
                    defer { first = first ?? number }
                    return first == nil
                }
                guard isFirst else { Self.die(of: number) }
                cancel()
            }
            source.activate()
        }
    }

    /// The first signal that came.
    var signal: Int32? { received.number.withLock { $0 } }

    /// Ends the process the way the signal would have, had nobody caught it.
    static func die(of number: Int32) -> Never {
        Glibc.signal(number, SIG_DFL)
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, number)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        kill(getpid(), number)
        // The signal may take a moment to arrive, and never comes back if it does.
        while true { pause() }
    }
}
