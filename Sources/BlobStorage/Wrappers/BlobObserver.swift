/// Watches the calls to a store: the bridge to a log, to metrics or to traces.
///
/// An observer is one function, called before each operation. What it returns is called after it,
/// once, and so carries along whatever belongs to the operation, such as a span:
///
///     let tracing = BlobObserver { operation in
///         let span = tracer.startSpan("blob.\(operation.name)")
///         return { end in
///             if let error = end.error { span.recordError(error) }
///             span.attributes["bytes"] = end.byteCount
///             span.end()
///         }
///     }
///     let store = s3.observed(by: tracing)
///
/// Both are called in the task that called the store, so task-local values can be read; the end of a
/// body is called where it is read or let go. They should be quick: the operation waits for them.
public struct BlobObserver: Sendable {
    /// What is called after an operation.
    public typealias Completion = @Sendable (BlobOperationEnd) -> Void

    /// Whether a `get` goes on, for this observer, until its body ended.
    public let followsBodies: Bool
    private let begin: @Sendable (BlobOperation) -> Completion

    /// Creates an observer.
    ///
    /// - Parameters:
    ///   - followsBodies: Whether a `get` ends with its body, so that the bytes its reader took are
    ///     known. Then a body that is a file passes through memory, where it could have been copied
    ///     inside the kernel. If `false`, a `get` ends when the store has answered, and its body is
    ///     the store's own. A body that is in memory already counts as read when it is handed over.
    ///   - begin: Called before each operation; what it returns is called after it.
    public init(
        followsBodies: Bool = true,
        _ begin: @escaping @Sendable (BlobOperation) -> Completion
    ) {
        self.followsBodies = followsBodies
        self.begin = begin
    }

    func willBegin(_ operation: BlobOperation, clock: any Clock<Duration>) -> Observation {
        // The observer's own time before the call is none of the operation's.
        let completion = begin(operation)
        return Observation(completion, Stopwatch(clock))
    }
}

/// One operation on its way, between the observer's two calls.
struct Observation: Sendable {
    private let completion: BlobObserver.Completion
    private let stopwatch: Stopwatch
    private var timeToAnswer: Duration?

    init(_ completion: @escaping BlobObserver.Completion, _ stopwatch: Stopwatch) {
        self.completion = completion
        self.stopwatch = stopwatch
    }

    /// The same operation, whose store has answered now.
    func answered() -> Observation {
        var observation = self
        observation.timeToAnswer = stopwatch.elapsed()
        return observation
    }

    func end(_ outcome: BlobOperationEnd.Outcome, byteCount: Int64? = nil) {
        let duration = stopwatch.elapsed()
        completion(
            BlobOperationEnd(
                outcome,
                byteCount: byteCount,
                timeToAnswer: timeToAnswer ?? duration,
                duration: duration
            )
        )
    }
}
