/// Calls a handler for each event: some at once, those of one key one after the other.
///
///     let processor = BlobEventProcessor { event in
///         guard event.kind == .created else { return }
///         try await makeThumbnail(of: event.key)
///     }
///     let files = disk.evented(as: "files", emit: processor.offer)
///     async let unfinished = processor.run()
///
/// What it sees to:
///
/// - **Order.** The events of a key are handled in the order of their sequencers, as far as they are
///   known when the next one begins. One that comes later than that is of the past, and skipped.
/// - **Once.** An event that is there twice is handled once, and one that was handled is not handled
///   again, as long as its key is remembered (``BlobEventOptions/rememberedKeyCount``).
/// - **Retries.** A handler that throws is called again, after a delay. Meanwhile other keys go on, and
///   the key's own events wait.
/// - **Dead letters.** An event that no attempt could handle is handed to a hook.
/// - **Bounds.** Whoever brings more events than there is room for waits.
///
/// The task that calls ``run()`` owns all of it: the handlers are its children, and cancelling it
/// cancels them.
public final class BlobEventProcessor: Sendable {
    /// What is done about an event.
    public typealias Handler = @Sendable (BlobEvent) async throws -> Void
    /// What is done about an event that no attempt could handle.
    ///
    /// If it throws, nobody has taken the event over: it has ``BlobEventOutcome/failed(_:)``.
    public typealias DeadLetterHook = @Sendable (BlobDeadLetter) async throws -> Void

    struct State {
        var lanes: EventLanes
        var isClosed = false
        var phase = Phase.idle
        /// Who waits for room, in the order of coming.
        var arrivals: ArraySlice<Arrival> = []
        /// Wakes the task that runs.
        var runner: WaitSignal?
        /// Wake those who wait for the end.
        var drains: [WaitSignal] = []
        /// Wake those who bring events, and stop when no more are taken in.
        var bringers: [WaitSignal] = []
    }

    enum Phase {
        case idle
        case running
        case ended
    }

    /// The processor whose handler, or hook, the task runs.
    @TaskLocal private static var current: ObjectIdentifier?

    let options: BlobEventOptions
    let clock: any Clock<Duration>
    let random: @Sendable () -> Double
    let handler: Handler
    let deadLetterHook: DeadLetterHook?
    let state: Locked<State>

    /// Creates a processor; it takes in events, and handles them once ``run()`` is called.
    ///
    /// - Parameters:
    ///   - options: How many at once, how often, how long.
    ///   - clock: What the delays of retries are slept by.
    ///   - onDeadLetter: What is done about an event that no attempt could handle.
    ///   - handler: What is done about an event. It may be called for an event that it has handled:
    ///     by another process, or by one that ended before it could say so.
    public convenience init(
        options: BlobEventOptions = BlobEventOptions(),
        clock: any Clock<Duration> = ContinuousClock(),
        onDeadLetter: DeadLetterHook? = nil,
        handler: @escaping Handler
    ) {
        self.init(
            options: options,
            clock: clock,
            random: { Double.random(in: 0..<1) },
            onDeadLetter: onDeadLetter,
            handler: handler
        )
    }

    package init(
        options: BlobEventOptions,
        clock: any Clock<Duration>,
        random: @escaping @Sendable () -> Double,
        onDeadLetter: DeadLetterHook?,
        handler: @escaping Handler
    ) {
        self.options = options
        self.clock = clock
        self.random = random
        self.handler = handler
        deadLetterHook = onDeadLetter
        state = Locked(State(lanes: EventLanes(options)))
    }

    /// How many events are at work, and how many are done.
    public var counts: BlobEventCounts { state.withLock { $0.lanes.counts } }

    /// Whether the calling task is one of this processor's own.
    var isCalledFromInside: Bool { Self.current == ObjectIdentifier(self) }

    /// Runs a handler or a hook so that it can be told from other callers.
    func runInside(_ body: () async throws -> Void) async throws {
        try await Self.$current.withValue(ObjectIdentifier(self), operation: body)
    }
}
