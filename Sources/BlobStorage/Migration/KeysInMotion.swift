/// The blobs that are being moved and those that are being deleted in this process, so that a delete
/// can end a move and wait for it: a blob whose delete has returned does not come back.
final class KeysInMotion: Sendable {
    /// Thrown into the body of a move whose blob is being deleted.
    struct Stopped: Error {}

    private struct State {
        /// How many moves, and how many deletes, of a blob are under way.
        var moves: [BlobKey: Int] = [:]
        var deletes: [BlobKey: Int] = [:]
        /// Who waits for one of them to end, and then looks whether it was the right one.
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Locked(State())

    /// Moves a blob, as soon as it is not being deleted.
    func moving<Result>(_ key: BlobKey, _ work: () async throws -> Result) async throws -> Result {
        await wait { $0.deletes[key] == nil }
        state.withLock { $0.moves[key, default: 0] += 1 }
        defer { end(\.moves, [key]) }
        return try await work()
    }

    /// Throws if a blob is being deleted: there is no use in moving it.
    func check(_ key: BlobKey) throws {
        if isBeingDeleted(key) { throw Stopped() }
    }

    /// Whether a delete of a blob is under way.
    func isBeingDeleted(_ key: BlobKey) -> Bool {
        state.withLock { $0.deletes[key] != nil }
    }

    /// Deletes blobs; `work` waits for their moves to end where it must.
    func deleting<Result>(
        _ keys: [BlobKey],
        _ work: () async throws -> Result
    ) async throws -> Result {
        state.withLock { state in
            for key in keys { state.deletes[key, default: 0] += 1 }
        }
        defer { end(\.deletes, keys) }
        return try await work()
    }

    /// Waits until no blob of these is being moved.
    func waitForMoves(of keys: [BlobKey]) async {
        await wait { state in keys.allSatisfy { state.moves[$0] == nil } }
    }

    private func end(_ counts: WritableKeyPath<State, [BlobKey: Int]>, _ keys: [BlobKey]) {
        let waiters = state.withLock { state in
            for key in keys {
                let count = (state[keyPath: counts][key] ?? 1) - 1
                state[keyPath: counts][key] = count > 0 ? count : nil
            }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func wait(until isReached: (State) -> Bool) async {
        while !state.withLock({ isReached($0) }) {
            await withCheckedContinuation { continuation in
                let isNow = state.withLock { state in
                    guard !isReached(state) else { return true }
                    state.waiters.append(continuation)
                    return false
                }
                if isNow { continuation.resume() }
            }
        }
    }
}
