import BlobStorage

/// A clock that stands still until it is told to go on; or goes on a step at each look.
final class ManualClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration

        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (a: Instant, b: Instant) -> Bool { a.offset < b.offset }
    }

    private let offset = Locked(Duration.zero)
    private let step: Duration

    init(step: Duration = .zero) {
        self.step = step
    }

    var minimumResolution: Duration { .nanoseconds(1) }

    var now: Instant {
        offset.withLock { offset in
            offset += step
            return Instant(offset: offset)
        }
    }

    func advance(by duration: Duration) {
        offset.withLock { $0 += duration }
    }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        offset.withLock { $0 = max($0, deadline.offset) }
    }
}
