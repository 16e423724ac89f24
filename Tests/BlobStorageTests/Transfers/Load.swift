import BlobStorage

/// Counts how many calls are under way at a time.
final class Load: Sendable {
    private let counts = Locked((now: 0, most: 0, total: 0))

    var now: Int { counts.withLock { $0.now } }
    var most: Int { counts.withLock { $0.most } }
    var total: Int { counts.withLock { $0.total } }

    func during<Result>(_ body: () async throws -> Result) async throws -> Result {
        counts.withLock { counts in
            counts.now += 1
            counts.total += 1
            counts.most = max(counts.most, counts.now)
        }
        defer { counts.withLock { $0.now -= 1 } }
        return try await body()
    }

    /// Waits until no call is under way and none has come for a while.
    func settle() async {
        var quiet = 0
        var seen = -1
        while quiet < 1_000 {
            await Task.yield()
            let (now, total) = counts.withLock { ($0.now, $0.total) }
            quiet = now == 0 && total == seen ? quiet + 1 : 0
            seen = total
        }
    }
}

/// Lets tasks wait until it is opened.
final class Gate: Sendable {
    private let state = Locked((isOpen: false, waiters: [CheckedContinuation<Void, Never>]()))

    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiters.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}
