internal import BlobStorage
package import BlobStorageAWS
package import Foundation

/// A clock of its own, which jumps to the next sleeper's time when nothing else happens.
///
/// Sleepers wake in the order of their times, so that tasks that sleep side by side take as long as
/// the longest, and a test of hours takes milliseconds.
package final class VirtualTime: Sendable {
    private struct Sleeper {
        let wakeUp: Duration
        let order: UInt64
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var uptime = Duration.zero
        var sleepers: [UInt64: Sleeper] = [:]
        var cancelled: Set<UInt64> = []
        var lastID: UInt64 = 0
        var isPumping = false
        var sleepCount = 0
    }

    /// How often other tasks are let go first before time jumps.
    private static let yieldCount = 200

    private let state = Locked(State())
    private let start: Date
    private let isAutomatic: Bool
    /// What is added to the time of day, for a clock that is wrong.
    private let skew: Locked<TimeInterval>

    /// Creates a clock.
    ///
    /// - Parameters:
    ///   - start: The time of day when the clock's uptime is zero.
    ///   - skew: How many seconds the time of day is off.
    ///   - isAutomatic: Whether time goes on by itself; otherwise a test calls `advance(by:)`.
    package init(
        start: Date = Date(timeIntervalSince1970: 1_750_000_000),
        skew: TimeInterval = 0,
        isAutomatic: Bool = true
    ) {
        self.start = start
        self.isAutomatic = isAutomatic
        self.skew = Locked(skew)
    }

    /// The time since the clock was made.
    package var uptime: Duration { state.withLock { $0.uptime } }

    /// The true time of day.
    package var trueNow: Date { start.addingTimeInterval(uptime / .seconds(1)) }

    /// How many sleeps there were.
    package var sleepCount: Int { state.withLock { $0.sleepCount } }

    /// How many tasks sleep now.
    package var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// The clocks for the code under test.
    package var source: TimeSource {
        TimeSource(
            now: { self.trueNow.addingTimeInterval(self.skew.withLock { $0 }) },
            uptime: { self.uptime },
            sleep: { try await self.sleep($0) }
        )
    }

    /// Sets the time of day off.
    package func setSkew(_ seconds: TimeInterval) {
        skew.withLock { $0 = seconds }
    }

    /// Moves time on and wakes whoever slept until then.
    package func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.uptime += duration
            return Self.takeDue(from: &state)
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    /// The most times that ``waitForSleepers(_:)`` looks; some minutes.
    private static let maximumLookCount = 50_000_000

    /// Waits until a number of tasks sleep.
    package func waitForSleepers(_ count: Int) async {
        for _ in 0..<Self.maximumLookCount {
            if sleeperCount >= count { return }
            await Task.yield()
        }
        preconditionFailure("\(sleeperCount) tasks sleep, not \(count)")
    }

    /// Sleeps in virtual time.
    ///
    /// - Throws: `CancellationError` at once when the task is cancelled.
    package func sleep(_ duration: Duration) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            state.sleepCount += 1
            return state.lastID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                add(id, duration, continuation)
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                state.cancelled.insert(id)
                return state.sleepers.removeValue(forKey: id)
            }
            sleeper?.continuation.resume()
        }
        let wasCancelled = state.withLock { $0.cancelled.remove(id) != nil }
        if wasCancelled { throw CancellationError() }
    }

    private func add(
        _ id: UInt64,
        _ duration: Duration,
        _ continuation: CheckedContinuation<Void, Never>
    ) {
        let (isAwake, startsPump) = state.withLock { state in
            guard duration > .zero, !state.cancelled.contains(id) else { return (true, false) }
            state.sleepers[id] = Sleeper(
                wakeUp: state.uptime + duration,
                order: id,
                continuation: continuation
            )
            let startsPump = isAutomatic && !state.isPumping
            if startsPump { state.isPumping = true }
            return (false, startsPump)
        }
        if isAwake { continuation.resume() }
        // The pump ends by itself, when nobody sleeps.
        if startsPump { Task { await pump() } }
    }

    private func pump() async {
        while true {
            for _ in 0..<Self.yieldCount { await Task.yield() }
            let due: [Sleeper]? = state.withLock { state in
                guard let next = state.sleepers.values.map(\.wakeUp).min() else {
                    state.isPumping = false
                    return nil
                }
                state.uptime = max(state.uptime, next)
                return Self.takeDue(from: &state)
            }
            guard let due else { return }
            for sleeper in due { sleeper.continuation.resume() }
        }
    }

    private static func takeDue(from state: inout State) -> [Sleeper] {
        let due = state.sleepers.filter { $0.value.wakeUp <= state.uptime }
        for id in due.keys { state.sleepers[id] = nil }
        return due.values.sorted { ($0.wakeUp, $0.order) < ($1.wakeUp, $1.order) }
    }
}
