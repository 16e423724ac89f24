/// One task's wait for one signal, which may come before.
final class WaitSignal: Sendable {
    private enum State {
        case idle
        case waiting(CheckedContinuation<Void, Never>)
        case signalled
    }

    private let state = Locked(State.idle)

    func signal() {
        let continuation: CheckedContinuation<Void, Never>? = state.withLock { state in
            defer { state = .signalled }
            guard case .waiting(let continuation) = state else { return nil }
            return continuation
        }
        continuation?.resume()
    }

    /// Waits for the signal, or until the task is cancelled.
    func wait() async {
        await withTaskCancellationHandler {
            await waitInAnyCase()
        } onCancel: {
            signal()
        }
    }

    /// Waits for the signal.
    func waitInAnyCase() async {
        await withCheckedContinuation { continuation in
            let isSignalled = state.withLock { state in
                if case .signalled = state { return true }
                state = .waiting(continuation)
                return false
            }
            if isSignalled { continuation.resume() }
        }
    }
}
