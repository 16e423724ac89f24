/// When and how often a request is tried again.
///
/// - SeeAlso: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
package struct RetryPolicy: Sendable, Hashable {
    /// The most attempts of one request, the first among them.
    package var maximumAttempts: Int
    /// The upper bound of the first delay; it doubles each time.
    package var baseDelay: Duration
    /// The most that a delay's upper bound grows to.
    package var maximumDelay: Duration
    /// The most that a server's `Retry-After` is obeyed.
    package var maximumServerDelay: Duration

    package init(
        maximumAttempts: Int = 3,
        baseDelay: Duration = .milliseconds(100),
        maximumDelay: Duration = .seconds(20),
        maximumServerDelay: Duration = .seconds(30)
    ) {
        self.maximumAttempts = maximumAttempts
        self.baseDelay = baseDelay
        self.maximumDelay = maximumDelay
        self.maximumServerDelay = maximumServerDelay
    }

    /// How long to wait before a retry: exponential, with full jitter.
    ///
    /// What the server asks for comes on top, since all its clients were told the same.
    ///
    /// - Parameters:
    ///   - retryNumber: Which retry it is, from 1.
    ///   - serverDelay: What the server asked for.
    ///   - random: A number from 0 up to, not including, 1.
    /// - Returns: The delay.
    /// - SeeAlso: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    package func delay(beforeRetry retryNumber: Int, serverDelay: Duration?, random: Double)
        -> Duration
    {
        // 2^30 times any delay worth having is past any maximum.
        let doublings = min(max(retryNumber - 1, 0), 30)
        let bound = min(maximumDelay, baseDelay * (1 << doublings))
        return min(max(serverDelay ?? .zero, .zero), maximumServerDelay) + bound * random
    }
}
