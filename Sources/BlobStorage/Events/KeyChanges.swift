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

    private struct State {
        var atWork: [BlobKey: AtWork] = [:]
        var lastNumber: UInt64 = 0
    }

    private let state = Locked(State())
    private let now: @Sendable () -> Date

    init(now: @escaping @Sendable () -> Date) {
        self.now = now
    }

    /// Notes that a change of a key begins.
    func begin(_ key: BlobKey) {
        state.withLock { state in
            var atWork = state.atWork[key] ?? AtWork()
            atWork.count += 1
            if atWork.count > 1 { atWork.overlaps = true }
            state.atWork[key] = atWork
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
        return state.withLock { state in
            // The time makes the numbers of one process follow those of the one before.
            let number = max(state.lastNumber + 1, Self.nanoseconds(time))
            state.lastNumber = number
            let overlaps = state.atWork[key]?.overlaps ?? false
            if let count = state.atWork[key]?.count, count > 1 {
                state.atWork[key]?.count = count - 1
            } else {
                state.atWork[key] = nil
            }
            return End(time: time, sequencer: BlobEventSequencer(number), overlaps: overlaps)
        }
    }

    private static func nanoseconds(_ time: Date) -> UInt64 {
        // Whole microseconds are what a `Double` holds of a date of our days.
        UInt64(exactly: (time.timeIntervalSince1970 * 1_000_000).rounded()).map { $0 &* 1_000 } ?? 0
    }
}
