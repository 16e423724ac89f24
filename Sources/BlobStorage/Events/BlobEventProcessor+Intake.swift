extension BlobEventProcessor {
    /// Takes in an event, to be handled when its turn comes; waits while there is no room.
    ///
    /// Called from a handler of this processor it does not wait, since the handler would wait for
    /// itself.
    ///
    /// - Parameter event: The event.
    /// - Throws: `CancellationError` if the task is cancelled while it waits; ``BlobError`` of kind
    ///   `closed` if the processor takes in no more. Then the event is not taken in.
    public func accept(_ event: BlobEvent) async throws {
        _ = try await ticket(for: event)
    }

    /// Takes in an event as ``accept(_:)`` does, but never drops it: for what has happened already.
    ///
    /// It waits for room even if the task is cancelled. If the processor takes in no more, the dead
    /// letter hook gets the event, with an error of kind `closed`.
    ///
    /// - Parameter event: The event.
    public func offer(_ event: BlobEvent) async {
        do {
            _ = try await ticket(for: event, ignoresCancellation: true)
        } catch {
            let letter = BlobDeadLetter(event: event, attemptCount: 0, error: error)
            let isTaken = await handOver(letter)
            state.withLock { $0.lanes.countLatecomer(isTaken: isTaken) }
        }
    }

    /// Takes in events and waits until all are done: for a queue that keeps them until then.
    ///
    /// - Parameter events: The events, in any order.
    /// - Returns: What became of each, in the order given.
    /// - Throws: `CancellationError`: those taken in are handled all the same. ``BlobError`` of kind
    ///   `closed` if the processor takes in no more, or was cancelled; of kind `invalidArgument` from
    ///   inside a handler of this processor, which would wait for itself.
    @discardableResult
    public func process(_ events: [BlobEvent]) async throws -> [BlobEventOutcome] {
        guard !isCalledFromInside else {
            throw BlobError(
                .invalidArgument,
                operation: "process",
                message: "a handler can't wait for its own processor; accept the events"
            )
        }
        var tickets: [EventTicket] = []
        tickets.reserveCapacity(events.count)
        for event in events { tickets.append(try await ticket(for: event)) }
        var outcomes: [BlobEventOutcome] = []
        outcomes.reserveCapacity(events.count)
        for ticket in tickets { outcomes.append(try await ticket.outcome()) }
        return outcomes
    }

    /// Takes in no more, and waits until all that was taken in, or waits for room, is done.
    ///
    /// Retries keep their delays; to cut it short, cancel the task that runs. It returns at once if
    /// none runs, and early if the calling task is cancelled.
    public func drain() async {
        let signal: WaitSignal? = state.withLock { state in
            state.close()
            state.letIn(isDraining: true)
            state.runner?.signal()
            guard state.phase == .running else { return nil }
            let signal = WaitSignal()
            state.drains.append(signal)
            return signal
        }
        await signal?.wait()
        state.withLock { state in state.drains.removeAll { $0 === signal } }
    }

    /// Waits until no more events are taken in, or until the task is cancelled.
    package func waitUntilClosed() async {
        let signal = WaitSignal()
        let isClosed = state.withLock { state in
            if !state.isClosed { state.bringers.append(signal) }
            return state.isClosed
        }
        if !isClosed { await signal.wait() }
        state.withLock { state in state.bringers.removeAll { $0 === signal } }
    }

    /// Whoever waits for room.
    final class Arrival: Sendable {
        enum Answer {
            case admitted(EventTicket)
            case refused
        }

        let event: BlobEvent
        let signal = WaitSignal()
        private let answer = Locked<Answer?>(nil)

        init(_ event: BlobEvent) {
            self.event = event
        }

        func end(_ answer: Answer) {
            self.answer.withLock { $0 = answer }
            signal.signal()
        }

        var hasAnswer: Bool { answer.withLock { $0 != nil } }

        /// - Throws: `CancellationError` if there is no answer; `BlobError` if it is no.
        func ticket() throws -> EventTicket {
            switch answer.withLock({ $0 }) {
            case .admitted(let ticket): return ticket
            case .refused: throw BlobEventProcessor.isClosed
            case nil: throw CancellationError()
            }
        }
    }

    static var isClosed: BlobError {
        BlobError(
            .closed,
            operation: "process",
            message: "the processor of events takes in no more"
        )
    }

    private func ticket(
        for event: BlobEvent,
        ignoresCancellation: Bool = false
    ) async throws -> EventTicket {
        let isInside = isCalledFromInside
        let arrival = Arrival(event)
        let ticket: EventTicket? = try state.withLock { state in
            guard !state.isClosed else { throw Self.isClosed }
            switch state.lanes.admit(event, ignoresCapacity: isInside) {
            case .admitted(let ticket):
                state.runner?.signal()
                return ticket
            case .full:
                state.arrivals.append(arrival)
                return nil
            }
        }
        if let ticket { return ticket }
        if ignoresCancellation {
            await arrival.signal.waitInAnyCase()
        } else {
            await arrival.signal.wait()
            state.withLock { state in
                // One that was let in at the same moment stays in.
                if !arrival.hasAnswer { state.arrivals.removeAll { $0 === arrival } }
            }
        }
        return try arrival.ticket()
    }
}

extension BlobEventProcessor.State {
    /// Takes in no more.
    mutating func close() {
        isClosed = true
        for bringer in bringers { bringer.signal() }
        bringers = []
    }

    /// Lets in whoever there is room for.
    ///
    /// - Parameter isDraining: Whether all are let in, so that nobody waits any more.
    mutating func letIn(isDraining: Bool = false) {
        while let arrival = arrivals.first {
            let admission = lanes.admit(arrival.event, ignoresCapacity: isDraining)
            guard case .admitted(let ticket) = admission else { return }
            arrivals.removeFirst()
            arrival.end(.admitted(ticket))
        }
    }
}
