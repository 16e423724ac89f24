import BlobStorage
import BlobStorageAWS
import Foundation

/// A clock that a test sets forward.
final class TestClock: Sendable {
    private let date = Locked(Date(timeIntervalSince1970: 1_800_000_000))

    var now: Date { date.withLock { $0 } }

    func advance(seconds: Double) {
        date.withLock { $0 = $0.addingTimeInterval(seconds) }
    }

    /// The clock as the parts that sign and verify want it.
    var source: TimeSource {
        TimeSource(now: { self.now }, uptime: { .zero }, sleep: { _ in })
    }
}
