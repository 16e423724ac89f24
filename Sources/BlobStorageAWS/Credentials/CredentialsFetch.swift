internal import BlobStorage

/// One fetch of credentials that any number of callers wait for.
final class CredentialsFetch: Sendable {
    private struct State {
        var result: Result<AWSCredentials, any Error>?
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var cancelled: Set<UInt64> = []
        var lastID: UInt64 = 0
        var task: Task<Void, Never>?
        var isCancelled = false
    }

    private let state = Locked(State())

    /// Begins to fetch; whoever made the fetch cancels it when nobody needs it.
    func start(_ body: @escaping @Sendable () async -> Result<AWSCredentials, any Error>) {
        // Detached, since a caller's priority and task-local values are not the fetch's.
        let task = Task.detached { [self] in
            let result = await body()
            let waiters = state.withLock { state in
                state.result = result
                state.task = nil
                defer { state.waiters = [:] }
                return state.waiters
            }
            for waiter in waiters.values { waiter.resume() }
        }
        let isCancelled = state.withLock { state in
            if state.result == nil { state.task = task }
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
    }

    func cancel() {
        let task = state.withLock { state in
            state.isCancelled = true
            return state.task
        }
        task?.cancel()
    }

    /// Waits for the end of the fetch.
    ///
    /// - Throws: `CancellationError` at once if the caller is cancelled.
    func wait() async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.result != nil || state.cancelled.contains(id) { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.cancelled.insert(id)
                return state.waiters.removeValue(forKey: id)
            }
            waiter?.resume()
        }
        try Task.checkCancellation()
    }

    /// What was fetched.
    ///
    /// - Throws: What the fetch threw.
    func result() throws -> AWSCredentials {
        guard let result = state.withLock({ $0.result }) else { throw CancellationError() }
        do {
            return try result.get()
        } catch is CancellationError {
            // The caller wasn't cancelled: the provider went away.
            throw BlobError.credentials("the credentials provider was closed", kind: .closed)
        }
    }
}
