/// What a ``BlobEventProcessor`` may vary.
///
/// A count below 1 is taken as 1.
public struct BlobEventOptions: Sendable {
    /// The most events whose handler runs at once.
    public var maximumConcurrency: Int
    /// The most events that were accepted and are not done; whoever brings more waits.
    public var capacity: Int
    /// How often the handler is called for one event at most, the first time included.
    public var maximumAttempts: Int
    /// The most that the first retry waits; it doubles each time, and chance takes a part off.
    public var baseDelay: Duration
    /// The most that any retry waits.
    public var maximumDelay: Duration
    /// Of how many keys that have no event at work the last sequencer is remembered.
    public var rememberedKeyCount: Int
    /// Whether an event is tried again after an error; `false` makes it a dead letter at once.
    public var isWorthRetrying: @Sendable (any Error) -> Bool

    /// Creates options.
    public init(
        maximumConcurrency: Int = 4,
        capacity: Int = 1_000,
        maximumAttempts: Int = 5,
        baseDelay: Duration = .seconds(1),
        maximumDelay: Duration = .seconds(60),
        rememberedKeyCount: Int = 10_000,
        isWorthRetrying: @escaping @Sendable (any Error) -> Bool = { _ in true }
    ) {
        self.maximumConcurrency = maximumConcurrency
        self.capacity = capacity
        self.maximumAttempts = maximumAttempts
        self.baseDelay = baseDelay
        self.maximumDelay = maximumDelay
        self.rememberedKeyCount = rememberedKeyCount
        self.isWorthRetrying = isWorthRetrying
    }

    /// How long to wait before the next attempt: exponential, with full jitter.
    ///
    /// - Parameters:
    ///   - attemptCount: How many attempts there were.
    ///   - random: A number from 0 up to, not including, 1.
    /// - Returns: The delay.
    /// - SeeAlso: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    func delay(afterAttempts attemptCount: Int, random: Double) -> Duration {
        // 2^30 times any delay worth having is past any maximum.
        let doublings = min(max(attemptCount - 1, 0), 30)
        return min(maximumDelay, baseDelay * (1 << doublings)) * random
    }
}
