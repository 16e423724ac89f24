/// The blobs that are being moved in this process, so that a delete can end such a move and wait
/// for it: a blob whose delete has returned does not come back.
final class KeysInMotion: Sendable {
    /// Thrown into the body of a move that a delete has ended.
    struct Stopped: Error {}

    private struct Motion {
        let key: BlobKey
        var isStopped = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private struct State {
        var lastID = 0
        var motions: [Int: Motion] = [:]
    }

    private let state = Locked(State())

    /// Moves a blob; `work` gets what to call before bytes are handed on, which throws once the move
    /// was ended.
    func moving<Result>(
        _ key: BlobKey,
        _ work: (_ check: @escaping @Sendable () throws -> Void) async throws -> Result
    ) async throws -> Result {
        let id = state.withLock { state in
            state.lastID += 1
            state.motions[state.lastID] = Motion(key: key)
            return state.lastID
        }
        defer {
            let motion = state.withLock { $0.motions.removeValue(forKey: id) }
            for waiter in motion?.waiters ?? [] { waiter.resume() }
        }
        return try await work { [state] in
            guard state.withLock({ $0.motions[id]?.isStopped == false }) else { throw Stopped() }
        }
    }

    /// Ends the moves of some blobs, and returns when they have ended.
    ///
    /// A move that has handed on all bytes already ends by itself; it then finds that the blob is
    /// gone, and takes its copy back.
    func stop(_ keys: Set<BlobKey>) async {
        let ids = state.withLock { state in
            let ids = state.motions.filter { keys.contains($0.value.key) }.map(\.key)
            for id in ids { state.motions[id]?.isStopped = true }
            return ids
        }
        for id in ids {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    state.motions[id]?.waiters.append(continuation)
                    return state.motions[id] == nil
                }
                if isOver { continuation.resume() }
            }
        }
    }
}
