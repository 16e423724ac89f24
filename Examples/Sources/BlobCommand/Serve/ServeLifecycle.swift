import BlobStorage
import BlobStorageGateway
import Foundation

/// Enforces the lifecycle rules of buckets beside the server, once an hour.
struct ServeLifecycle {
    /// As often as a rule can become due, which is at midnight UTC, and soon after one is set.
    private static let interval = Duration.seconds(3_600)

    private let lifecycle: BucketLifecycle
    private let say: @Sendable (String) -> Void

    /// - Parameters:
    ///   - buckets: The buckets that are served.
    ///   - say: Called with each line about what was done, or failed.
    init(_ buckets: any GatewayBuckets, say: @escaping @Sendable (String) -> Void) {
        lifecycle = BucketLifecycle(buckets)
        self.say = say
    }

    /// Runs until the task is cancelled.
    ///
    /// What fails is said, and tried again the next time.
    ///
    /// - Parameter start: Gives an element when the server has started: one that can't removes nothing.
    func run(after start: AsyncStream<Void>) async {
        for await _ in start {
            while !Task.isCancelled {
                await runOnce()
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    func runOnce(now: Date = Date()) async {
        do {
            for outcome in try await lifecycle.run(now: now) {
                for line in Self.lines(outcome) { say(line) }
            }
        } catch is CancellationError {
            // The server ends.
        } catch {
            say("lifecycle: \(DisplayText(message: "\(error)"))")
        }
    }

    /// What is said of one bucket; nothing if nothing was due.
    static func lines(_ outcome: BucketLifecycle.Outcome) -> [String] {
        let bucket = "\"\(DisplayText(outcome.bucket))\""
        switch outcome.result {
        case .failure(let error):
            return ["lifecycle: \(bucket): \(DisplayText(message: "\(error)"))"]
        case .success(let report):
            var lines: [String] = []
            if report.blobCount > 0 || report.uploadCount > 0 {
                lines.append("lifecycle: removed \(removed(report)) from \(bucket)")
            }
            if let first = report.failures.first {
                let error = DisplayText(message: "\(first.error)")
                let count = counted(report.failureCount, "removal")
                lines.append("lifecycle: \(bucket): \(count) failed, the first with: \(error)")
            }
            return lines
        }
    }

    private static func removed(_ report: LifecycleReport) -> String {
        var parts: [String] = []
        if report.blobCount > 0 {
            parts.append("\(counted(report.blobCount, "blob")) (\(ByteCount(report.byteCount)))")
        }
        if report.uploadCount > 0 { parts.append(counted(report.uploadCount, "upload")) }
        return parts.joined(separator: " and ")
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}
