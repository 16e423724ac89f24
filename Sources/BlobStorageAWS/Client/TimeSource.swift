package import Foundation

/// Clocks and sleeping, so that tests run in virtual time.
package struct TimeSource: Sendable {
    /// The time of day.
    package var now: @Sendable () -> Date
    /// A time that only rises.
    package var uptime: @Sendable () -> Duration
    /// Waits; throws `CancellationError` at once when the task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Date,
        uptime: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.uptime = uptime
        self.sleep = sleep
    }

    /// The system's own clocks.
    package static let system = TimeSource(
        now: { Date() },
        uptime: {
            let clock = ContinuousClock()
            return clock.systemEpoch.duration(to: clock.now)
        },
        sleep: { try await Task.sleep(for: $0, clock: .continuous) }
    )
}
