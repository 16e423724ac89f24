import BlobStorage

/// A clock that stands still until a test moves it on; whoever sleeps by it wakes then.
final class StepClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration

        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (a: Instant, b: Instant) -> Bool { a.offset < b.offset }
    }

    private struct Sleeper {
        let deadline: Duration
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var offset = Duration.zero
        var sleepers: [UInt64: Sleeper] = [:]
        var cancelled: Set<UInt64> = []
        var lastID: UInt64 = 0
    }

    private let state = Locked(State())
    /// Whether nobody sleeps, but all go on at once, as time does.
    private let isHurried: Bool

    init(isHurried: Bool = false) {
        self.isHurried = isHurried
    }

    var now: Instant { Instant(offset: state.withLock { $0.offset }) }
    var minimumResolution: Duration { .nanoseconds(1) }

    /// How long those who sleep still do, the shortest first.
    var sleeps: [Duration] {
        state.withLock { state in
            state.sleepers.values.map { $0.deadline - state.offset }.sorted()
        }
    }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        if isHurried {
            state.withLock { $0.offset = max($0.offset, deadline.offset) }
            await Task.yield()
            return try Task.checkCancellation()
        }
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let sleeps = state.withLock { state in
                    guard deadline.offset > state.offset, !state.cancelled.contains(id) else {
                        return false
                    }
                    state.sleepers[id] = Sleeper(
                        deadline: deadline.offset,
                        continuation: continuation
                    )
                    return true
                }
                if !sleeps { continuation.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                state.cancelled.insert(id)
                return state.sleepers.removeValue(forKey: id)
            }
            sleeper?.continuation.resume()
        }
        try Task.checkCancellation()
    }

    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.offset += duration
            let due = state.sleepers.filter { $0.value.deadline <= state.offset }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values
        }
        for sleeper in due { sleeper.continuation.resume() }
    }
}

/// Lets other tasks go on until something is so; it comes, or the test hangs for minutes and fails.
func until(_ isSo: () -> Bool) async {
    for _ in 0..<50_000_000 {
        if isSo() { return }
        await Task.yield()
    }
    preconditionFailure("what was waited for did not come")
}
