/// Tells from the last few reports how fast a sync is, and how long the rest will take.
struct SyncRate: Sendable {
    private struct Sample {
        var elapsed: Duration
        var transferred: Int64
        var done: SyncReport.Tally
    }

    /// Samples kept, and the time between them: a window of ten seconds.
    private static let sampleCount = 10
    private static let sampleInterval = Duration.seconds(1)

    private var samples = [Sample(elapsed: .zero, transferred: 0, done: .init())]

    /// The longest time left that is told, in seconds: 30,000 years, far below what a `Duration` holds.
    private static let longestTimeLeft = 1e12

    /// Fills in the rate and the time left.
    mutating func measure(_ report: inout SyncReport) {
        let first = samples[0]
        let seconds = (report.elapsed - first.elapsed) / .seconds(1)
        if seconds > 0 {
            let transferred = Double(report.transferredByteCount - first.transferred)
            report.bytesPerSecond = transferred / seconds
            report.timeLeft = Self.timeLeft(report, since: first, seconds: seconds)
        }
        if report.isFinished { report.timeLeft = .zero }
        let sample = Sample(
            elapsed: report.elapsed,
            transferred: report.transferredByteCount,
            done: report.done
        )
        guard let last = samples.last, sample.elapsed - last.elapsed >= Self.sampleInterval else {
            return
        }
        samples.append(sample)
        if samples.count > Self.sampleCount { samples.removeFirst() }
    }

    /// Many small blobs take their time by number, few large ones by size; the longer one counts.
    private static func timeLeft(
        _ report: SyncReport,
        since first: Sample,
        seconds: Double
    ) -> Duration? {
        guard report.isTotalKnown else { return nil }
        func left(_ done: Double, _ before: Double, _ total: Double) -> Double? {
            guard total > done else { return 0 }
            return done > before ? (total - done) * seconds / (done - before) : nil
        }
        let bytes = left(
            Double(report.done.byteCount),
            Double(first.done.byteCount),
            Double(report.total.byteCount)
        )
        let blobs = left(
            Double(report.done.blobCount),
            Double(first.done.blobCount),
            Double(report.total.blobCount)
        )
        guard let bytes, let blobs, max(bytes, blobs) < longestTimeLeft else { return nil }
        return .seconds(max(bytes, blobs))
    }
}
