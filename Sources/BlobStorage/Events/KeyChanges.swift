import Foundation

/// The changes that an ``EventedStore`` has at work, and the order of their events.
///
/// When two changes of a key overlap, nobody but the base knows which came last, and it does not say.
/// So the events of such changes tell what is there after them. Each takes its sequencer when its
/// change is done, and looks after that: the last one in order has then looked after all changes.
final class KeyChanges: Sendable {
    private struct AtWork {
        var count = 0
        var overlaps = false
    }

    /// The last number of the process: two stores of one name must not give one number twice.
    private static let lastNumber = Locked<UInt64>(0)

    private let atWork = Locked<[BlobKey: AtWork]>([:])
    private let now: @Sendable () -> Date

    init(now: @escaping @Sendable () -> Date) {
        self.now = now
    }

    /// Notes that a change of a key begins.
    func begin(_ key: BlobKey) {
        atWork.withLock { atWork in
            var changes = atWork[key] ?? AtWork()
            changes.count += 1
            if changes.count > 1 { changes.overlaps = true }
            atWork[key] = changes
        }
    }

    /// When a change was done, where its event stands, and whether others overlapped it.
    struct End {
        let time: Date
        let sequencer: BlobEventSequencer
        let overlaps: Bool
    }

    /// Notes that a change of a key is done, in whatever way.
    func end(_ key: BlobKey) -> End {
        let time = now()
        return atWork.withLock { atWork in
            // Taken under the lock: a change that begins later has a greater number.
            let number = Self.nextNumber(time)
            let overlaps = atWork[key]?.overlaps ?? false
            if let count = atWork[key]?.count, count > 1 {
                atWork[key]?.count = count - 1
            } else {
                atWork[key] = nil
            }
            return End(time: time, sequencer: BlobEventSequencer(number), overlaps: overlaps)
        }
    }

    /// The time makes the numbers of one process follow those of the one before.
    private static func nextNumber(_ time: Date) -> UInt64 {
        lastNumber.withLock { last in
            last = max(last + 1, nanoseconds(time))
            return last
        }
    }

    private static func nanoseconds(_ time: Date) -> UInt64 {
        // Whole microseconds are what a `Double` holds of a date of our days.
        UInt64(exactly: (time.timeIntervalSince1970 * 1_000_000).rounded()).map { $0 &* 1_000 } ?? 0
    }
}
