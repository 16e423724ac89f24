/// What became of an event that a ``BlobEventProcessor`` accepted.
@nonexhaustive
public enum BlobEventOutcome: Sendable {
    /// The handler returned.
    case handled
    /// It was not handled, since it, or a later one of its key, has been before.
    case skipped
    /// All attempts failed, and the dead letter hook has taken the event over.
    case deadLettered(BlobDeadLetter)
    /// All attempts failed, and nobody has taken the event over; it may come again.
    case failed(BlobDeadLetter)

    /// Whether nothing is left to do, so that whoever brought the event can forget it.
    public var isSettled: Bool {
        switch self {
        case .handled, .skipped, .deadLettered: true
        case .failed: false
        }
    }
}

/// An event that no attempt could handle.
public struct BlobDeadLetter: Sendable {
    /// The event.
    public var event: BlobEvent
    /// How often the handler was called; 0 if the event came when the processor had closed.
    public var attemptCount: Int
    /// What the last attempt threw.
    public var error: any Error

    /// Creates a dead letter, as for the test of a hook.
    public init(event: BlobEvent, attemptCount: Int, error: any Error) {
        self.event = event
        self.attemptCount = attemptCount
        self.error = error
    }
}

/// How many events a ``BlobEventProcessor`` has at work, and how many it has done.
public struct BlobEventCounts: Sendable, Hashable {
    /// Those whose handler, or whose dead letter hook, runs.
    public var running = 0
    /// Those that wait for another attempt.
    public var retrying = 0
    /// Those that wait for their first attempt.
    public var waiting = 0
    /// Those whose handler returned.
    public var handled = 0
    /// Those that had been before.
    public var skipped = 0
    /// Those that the dead letter hook took over.
    public var deadLettered = 0
    /// Those that nobody took over.
    public var failed = 0

    /// Creates counts of zero.
    public init() {}

    /// How many are accepted and not done.
    public var unfinished: Int { running + retrying + waiting }
}
