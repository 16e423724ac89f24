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

    package init(
        maximumAttempts: Int = 3,
        baseDelay: Duration = .milliseconds(100),
        maximumDelay: Duration = .seconds(20)
    ) {
        self.maximumAttempts = maximumAttempts
        self.baseDelay = baseDelay
        self.maximumDelay = maximumDelay
    }
}
