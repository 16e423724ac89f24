/// Decides which event is handled next: the rules of a ``BlobEventProcessor``, without its waiting.
///
/// The events of one key form a lane, and only the first of a lane is at work:
///
///     waiting ──▶ running ──▶ done: handled, dead-lettered or failed
///        │         ▲   │
///        ▼         │   ▼
///     skipped     retrying
///
/// A lane's waiting events are in the order of their sequencers. Once the handling of one has begun,
/// those before it are skipped if it says all that they said: handled later, they would undo it.
struct EventLanes {
    /// An event on its way.
    struct Job {
        let event: BlobEvent
        let lane: EventLaneID
        let ticket: EventTicket
        var attemptCount = 0
    }

    /// What became of an event that was brought.
    enum Admission {
        /// It waits, or it is the same as one that is at work already.
        case admitted(EventTicket)
        /// There is no room.
        case full
    }

    private struct Lane {
        /// The event that is running or retrying.
        var current: Job?
        var waiting: ArraySlice<Job> = []
    }

    private let options: BlobEventOptions
    private var lanes: [EventLaneID: Lane] = [:]
    private var memory: EventMemory
    /// The lanes that have something to do, and are not doing it.
    private var ready: ArraySlice<EventLaneID> = []
    private(set) var counts = BlobEventCounts()

    init(_ options: BlobEventOptions) {
        self.options = options
        memory = EventMemory(keyLimit: options.rememberedKeyCount)
    }

    // MARK: Coming

    /// Takes in an event.
    ///
    /// One that needs no work of its own is taken in also when there is no room.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - ignoresCapacity: Whether it is taken in when there is no room in any case.
    /// - Returns: The event's ticket, if it was taken in.
    mutating func admit(_ event: BlobEvent, ignoresCapacity: Bool = false) -> Admission {
        let id = EventLaneID(event)
        if let ticket = ticketWithoutWork(event, id) { return .admitted(ticket) }
        guard ignoresCapacity || counts.unfinished < max(1, options.capacity) else { return .full }
        var lane = lanes.removeValue(forKey: id) ?? Lane()
        let job = Job(event: event, lane: id, ticket: EventTicket())
        lane.waiting.insert(job, at: Self.place(of: event, in: lane.waiting))
        if lane.current == nil, lane.waiting.count == 1 { ready.append(id) }
        lanes[id] = lane
        counts.waiting += 1
        return .admitted(job.ticket)
    }

    /// The ticket of an event that was before, or that is here already.
    private mutating func ticketWithoutWork(
        _ event: BlobEvent,
        _ id: EventLaneID
    ) -> EventTicket? {
        guard let sequencer = event.sequencer else { return nil }
        if memory.isPast(event, in: id) { return skippedTicket() }
        guard let lane = lanes[id] else { return nil }
        if let current = lane.current, let running = current.event.sequencer,
            current.event.kind.supersedes(event.kind)
        {
            if sequencer == running { return current.ticket }
            if sequencer < running { return skippedTicket() }
        }
        return lane.waiting.last { waiting in
            waiting.event.sequencer == sequencer && waiting.event.kind == event.kind
        }?
        .ticket
    }

    private mutating func skippedTicket() -> EventTicket {
        counts.skipped += 1
        return EventTicket(.done(.skipped))
    }

    /// Behind all that come before it.
    ///
    /// Nothing moves past an event without a sequencer.
    private static func place(of event: BlobEvent, in waiting: ArraySlice<Job>) -> Int {
        guard let sequencer = event.sequencer else { return waiting.endIndex }
        var place = waiting.endIndex
        while place > waiting.startIndex, let other = waiting[place - 1].event.sequencer,
            sequencer < other
        {
            place -= 1
        }
        return place
    }

    // MARK: Going

    /// Begins the next attempt there is room for.
    ///
    /// - Parameter skipped: Is given the tickets of events that turned out to be of the past.
    /// - Returns: The event to call the handler with; `nil` if there is none, or no room.
    mutating func next(skipped: inout [EventTicket]) -> Job? {
        while counts.running < max(1, options.maximumConcurrency), let id = ready.popFirst() {
            guard var lane = lanes.removeValue(forKey: id) else { continue }
            if var job = lane.current {
                job.attemptCount += 1
                lane.current = job
                lanes[id] = lane
                counts.retrying -= 1
                counts.running += 1
                return job
            }
            guard var job = lane.waiting.popFirst() else { continue }
            counts.waiting -= 1
            // What came behind an event without a sequencer may be older than what was before.
            if memory.isPast(job.event, in: id) {
                counts.skipped += 1
                skipped.append(job.ticket)
                keep(lane, id)
                continue
            }
            job.attemptCount = 1
            lane.current = job
            lanes[id] = lane
            counts.running += 1
            return job
        }
        return nil
    }

    /// Lets go of a lane's turn until ``resume(_:)``; nothing else of its key runs meanwhile.
    mutating func postpone() {
        counts.running -= 1
        counts.retrying += 1
    }

    /// Puts an event in line for its next attempt.
    mutating func resume(_ job: Job) {
        ready.append(job.lane)
    }

    /// Ends an event.
    mutating func finish(_ job: Job, _ outcome: BlobEventOutcome) {
        counts.running -= 1
        switch outcome {
        case .handled: counts.handled += 1
        case .skipped: counts.skipped += 1
        case .deadLettered: counts.deadLettered += 1
        case .failed: counts.failed += 1
        }
        if outcome.isSettled { memory.note(job.event, in: job.lane) }
        guard var lane = lanes.removeValue(forKey: job.lane) else { return }
        lane.current = nil
        keep(lane, job.lane)
    }

    private mutating func keep(_ lane: Lane, _ id: EventLaneID) {
        guard !lane.waiting.isEmpty else { return }
        lanes[id] = lane
        ready.append(id)
    }

    /// Counts an event that came too late to be taken in.
    mutating func countLatecomer(isTaken: Bool) {
        if isTaken { counts.deadLettered += 1 } else { counts.failed += 1 }
    }

    /// Takes out all that is not done.
    mutating func removeAll() -> [Job] {
        let jobs = lanes.values.flatMap { lane in
            (lane.current.map { [$0] } ?? []) + lane.waiting
        }
        lanes = [:]
        ready = []
        (counts.running, counts.retrying, counts.waiting) = (0, 0, 0)
        return jobs
    }
}
