extension BlobEventProcessor {
    /// Handles events until the processor is drained or the task is cancelled; once.
    ///
    /// - Returns: The events that were not done, in no order: none after ``drain()``, those that
    ///   waited or were at work when the task was cancelled.
    /// - Precondition: It has not been called before.
    @discardableResult
    public func run() async -> [BlobEvent] {
        state.withLock { state in
            precondition(state.phase == .idle, "a processor of events runs once")
            state.phase = .running
        }
        await withDiscardingTaskGroup { group in
            while let job = await nextJob() {
                group.addTask { await self.attempt(job) }
            }
        }
        return end()
    }

    /// Waits for an event whose turn it is.
    ///
    /// - Returns: The event; `nil` if there will be none.
    private func nextJob() async -> EventLanes.Job? {
        while true {
            var skipped: [EventTicket] = []
            let signal = WaitSignal()
            let (job, isOver) = state.withLock { state in
                state.runner = signal
                if Task.isCancelled { return (EventLanes.Job?.none, true) }
                let job = state.nextJob(skipped: &skipped)
                return (job, job == nil && state.isClosed && state.lanes.counts.unfinished == 0)
            }
            for ticket in skipped { ticket.close(.done(.skipped)) }
            if job != nil || isOver { return job }
            await signal.wait()
        }
    }

    /// Calls the handler for an event, and sees to what comes of it.
    private func attempt(_ job: EventLanes.Job) async {
        do {
            try await runInside { try await handler(job.event) }
            finish(job, .handled)
        } catch {
            // What is left of a cancelled run is handed back by it.
            if Task.isCancelled { return }
            if job.attemptCount < options.maximumAttempts, options.isWorthRetrying(error) {
                await retry(job)
            } else {
                await giveUp(job, error)
            }
        }
    }

    private func retry(_ job: EventLanes.Job) async {
        let delay = options.delay(afterAttempts: job.attemptCount, random: random())
        state.withLock { state in
            state.lanes.postpone()
            state.runner?.signal()
        }
        do {
            try await clock.sleep(for: delay)
        } catch {
            // A clock that throws for another reason is no cause to lose the event.
            if Task.isCancelled { return }
        }
        state.withLock { state in
            state.lanes.resume(job)
            state.runner?.signal()
        }
    }

    private func giveUp(_ job: EventLanes.Job, _ error: any Error) async {
        let letter = BlobDeadLetter(
            event: job.event,
            attemptCount: job.attemptCount,
            error: error
        )
        let isTaken = await handOver(letter)
        if !isTaken, Task.isCancelled { return }
        finish(job, isTaken ? .deadLettered(letter) : .failed(letter))
    }

    /// Hands an event to the dead letter hook.
    ///
    /// - Returns: Whether there is one, and it has not thrown.
    func handOver(_ letter: BlobDeadLetter) async -> Bool {
        guard let deadLetterHook else { return false }
        do {
            try await runInside { try await deadLetterHook(letter) }
            return true
        } catch {
            return false
        }
    }

    private func finish(_ job: EventLanes.Job, _ outcome: BlobEventOutcome) {
        state.withLock { state in
            state.lanes.finish(job, outcome)
            state.letIn()
            state.runner?.signal()
        }
        job.ticket.close(.done(outcome))
    }

    /// Takes apart what is left when nothing runs any more.
    private func end() -> [BlobEvent] {
        let (jobs, arrivals, drains) = state.withLock { state in
            state.phase = .ended
            state.close()
            state.runner = nil
            defer { (state.arrivals, state.drains) = ([], []) }
            return (state.lanes.removeAll(), state.arrivals, state.drains)
        }
        for job in jobs { job.ticket.close(.abandoned) }
        for arrival in arrivals { arrival.end(.refused) }
        for drain in drains { drain.signal() }
        return jobs.map(\.event)
    }
}

extension BlobEventProcessor.State {
    /// The event whose turn it is, also if there is room for it only now that others are skipped.
    fileprivate mutating func nextJob(skipped: inout [EventTicket]) -> EventLanes.Job? {
        while true {
            let count = skipped.count
            let job = lanes.next(skipped: &skipped)
            guard skipped.count > count else { return job }
            letIn()
            if job != nil { return job }
        }
    }
}
