public import BlobStorage
public import Foundation

/// Enforces the lifecycle rules that clients have set for the buckets of a gateway.
///
/// A gateway answers requests and does nothing between them: whoever serves it runs this, every hour
/// say, and says so by ``S3GatewayConfiguration/isLifecycleEnforced``.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
public struct BucketLifecycle: Sendable {
    /// What was done in one bucket.
    public struct Outcome: Sendable {
        /// The bucket's name.
        public let bucket: String
        /// What was removed and what could not be; or why the rules could not be applied.
        public let result: Result<LifecycleReport, any Error>

        /// Creates an outcome.
        ///
        /// - Parameters:
        ///   - bucket: The bucket's name.
        ///   - result: What was removed, or why the rules could not be applied.
        public init(bucket: String, result: Result<LifecycleReport, any Error>) {
            self.bucket = bucket
            self.result = result
        }
    }

    private let buckets: any GatewayBuckets

    /// Creates the lifecycle of a gateway's buckets.
    ///
    /// - Parameter buckets: The buckets, the same value that the gateway has.
    public init(_ buckets: any GatewayBuckets) {
        self.buckets = buckets
    }

    /// Applies the rules of each bucket that has some, one bucket after the other.
    ///
    /// The failure of one bucket is in its outcome, and stops no other. Rules that a client changes
    /// meanwhile count from the next run on in the bucket that is being worked on.
    ///
    /// - Parameter now: The time that counts as now.
    /// - Returns: What was done, a line for each bucket that has rules, by name.
    /// - Throws: What listing the buckets throws; `CancellationError`.
    /// - Complexity: As `BlobStore.apply(_:now:)` for each bucket that has rules.
    public func run(now: Date = Date()) async throws -> [Outcome] {
        var outcomes: [Outcome] = []
        let names = try await buckets.list().map(\.name)
        for name in names.sorted(by: { UTF8Order.compare($0, $1) < 0 }) {
            try Task.checkCancellation()
            do {
                guard let report = try await apply(name, now: now) else { continue }
                outcomes.append(Outcome(bucket: name, result: .success(report)))
            } catch let error as CancellationError {
                throw error
            } catch {
                outcomes.append(Outcome(bucket: name, result: .failure(error)))
            }
        }
        return outcomes
    }

    /// Applies the rules of a bucket.
    ///
    /// - Returns: What was removed; `nil` if there are no rules, or the bucket is gone.
    private func apply(_ name: String, now: Date) async throws -> LifecycleReport? {
        // In this order: rules of a bucket that went meanwhile are for none of that name.
        guard let store = try await buckets.store(of: name),
            let rules = try await buckets.settings(of: name).lifecycleRules
        else { return nil }
        return try await store.apply(rules, now: now)
    }
}
