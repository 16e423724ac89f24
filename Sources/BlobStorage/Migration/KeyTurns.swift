/// Lets the tasks that do something with a blob do it one after the other.
final class KeyTurns: Sendable {
    /// Who waits for a turn, by the blobs that somebody has a turn at.
    private let waiters = Locked<[BlobKey: [CheckedContinuation<Void, Never>]]>([:])

    /// Waits for a turn and takes it.
    ///
    /// - Parameters:
    ///   - key: The blob.
    ///   - work: What to do; it can ask whether somebody waits for the next turn.
    /// - Returns: What `work` returned.
    /// - Throws: What `work` throws.
    func taking<Result>(
        _ key: BlobKey,
        _ work: (_ isAwaited: () -> Bool) async throws -> Result
    ) async throws -> Result {
        await withCheckedContinuation { continuation in
            let isFree = waiters.withLock { waiters in
                guard waiters[key] != nil else {
                    waiters[key] = []
                    return true
                }
                waiters[key]?.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
        defer { passOn(key) }
        return try await work { waiters.withLock { $0[key]?.isEmpty == false } }
    }

    /// Gives the turn to who has waited longest.
    private func passOn(_ key: BlobKey) {
        let next = waiters.withLock { waiters -> CheckedContinuation<Void, Never>? in
            guard waiters[key]?.isEmpty == false else {
                waiters[key] = nil
                return nil
            }
            return waiters[key]?.removeFirst()
        }
        next?.resume()
    }
}
