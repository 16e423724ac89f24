internal import BlobStorage

/// How many retries the callers of one client may make together.
///
/// When a server is down, retries of every call would only keep it down. Each retry takes tokens and
/// successes give them back, so that a dead server sees little more than one request a call.
///
/// - SeeAlso: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
final class RetryQuota: Sendable {
    /// How many tokens there are: as in the SDKs of AWS.
    static let tokenCount = 500
    /// What a retry takes after no answer, or one that says the server is broken: with 100 callers
    /// at once it leaves 50 retries.
    static let failureCost = 10
    /// What a retry takes after an answer of a server that works: it asks to slow down, say.
    static let refusalCost = 5

    private let tokens = Locked(RetryQuota.tokenCount)

    /// Takes tokens for a retry.
    ///
    /// - Returns: `false` if there are too few.
    func take(_ count: Int) -> Bool {
        tokens.withLock { tokens in
            guard tokens >= count else { return false }
            tokens -= count
            return true
        }
    }

    /// Gives tokens back, after an answer of a server that works.
    ///
    /// - Parameter count: What the last retry took; a call that needed none gives one.
    func giveBack(_ count: Int) {
        tokens.withLock { $0 = min($0 + max(count, 1), Self.tokenCount) }
    }
}
