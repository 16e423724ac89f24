import Testing

@testable import BlobStorage

/// Room, draining, cancellation, and calls from inside.
@Suite struct BlobEventLifecycleTests {
    let stage = EventStage()
    let clock = StepClock()
    let letters = Locked<[BlobDeadLetter]>([])

    private func processor(
        _ options: BlobEventOptions = BlobEventOptions()
    ) -> BlobEventProcessor {
        let (stage, letters) = (stage, letters)
        return BlobEventProcessor(
            options: options,
            clock: clock,
            random: { 0.5 },
            onDeadLetter: { letter in letters.withLock { $0.append(letter) } },
            handler: { try await stage.handle($0) }
        )
    }

    /// How many wait for room.
    private func arrivals(_ processor: BlobEventProcessor) -> Int {
        processor.state.withLock { $0.arrivals.count }
    }

    // MARK: Room

    @Test func whoBringsMoreThanThereIsRoomForWaits() async throws {
        let processor = processor(BlobEventOptions(maximumConcurrency: 1, capacity: 2))
        let run = Task { await processor.run() }
        try await processor.accept(event("a", 1))
        try await processor.accept(event("b", 1))
        let third = Task { try await processor.accept(event("c", 1)) }
        await until { arrivals(processor) == 1 }
        let fourth = Task { try await processor.accept(event("d", 1)) }
        await until { arrivals(processor) == 2 }
        // One that is here already needs no room.
        try await processor.accept(event("b", 1))
        await stage.finish("a1")
        try await third.value
        #expect(arrivals(processor) == 1)
        await stage.finish("b1")
        try await fourth.value
        await stage.finish("c1")
        await stage.finish("d1")
        await processor.drain()
        #expect(await run.value == [])
        #expect(processor.counts.handled == 4)
    }

    @Test func whoIsCancelledWhileWaitingForRoomHasBroughtNothing() async throws {
        let processor = processor(BlobEventOptions(capacity: 1))
        let run = Task { await processor.run() }
        try await processor.accept(event("a", 1))
        let second = Task { try await processor.accept(event("b", 1)) }
        await until { arrivals(processor) == 1 }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        #expect(arrivals(processor) == 0)
        await stage.finish("a1")
        await processor.drain()
        _ = await run.value
        #expect(stage.log == ["+a1", "-a1"])
    }

    @Test func whatHasHappenedWaitsForRoomInAnyCase() async throws {
        let processor = processor(BlobEventOptions(capacity: 1))
        let run = Task { await processor.run() }
        try await processor.accept(event("a", 1))
        let second = Task { await processor.offer(event("b", 1)) }
        await until { arrivals(processor) == 1 }
        second.cancel()
        // A cancelled task that does not wait any more would be through by now.
        for _ in 0..<1_000 { await Task.yield() }
        #expect(arrivals(processor) == 1)
        await stage.finish("a1")
        await second.value
        await stage.finish("b1")
        await processor.drain()
        _ = await run.value
        #expect(processor.counts.handled == 2)
    }

    // MARK: Draining

    @Test func drainingFinishesAllThatCame() async throws {
        let options = BlobEventOptions(
            maximumConcurrency: 1,
            capacity: 3,
            baseDelay: .seconds(2)
        )
        let processor = processor(options)
        let run = Task { await processor.run() }
        try await processor.accept(event("a", 1))
        await stage.finish("a1", Mishap())
        await until { clock.sleeps == [.seconds(1)] }
        try await processor.accept(event("b", 1))
        await stage.waitFor("b1")
        try await processor.accept(event("c", 1))
        let waiting = Task { try await processor.accept(event("d", 1)) }
        await until { arrivals(processor) == 1 }

        let drain = Task { await processor.drain() }
        // Who waited for room is let in; who comes now is not.
        try await waiting.value
        let error = await #expect(throws: BlobError.self) {
            try await processor.accept(event("e", 1))
        }
        #expect(error?.kind == .closed)
        await processor.offer(event("f", 1))
        let letter = try #require(letters.withLock { $0.last })
        #expect(letter.event == event("f", 1) && letter.attemptCount == 0)
        #expect((letter.error as? BlobError)?.kind == .closed)

        await stage.finish("b1")
        await stage.finish("c1")
        await stage.finish("d1")
        // The retry keeps its delay.
        #expect(processor.counts.retrying == 1)
        clock.advance(by: .seconds(1))
        await stage.finish("a1")
        await drain.value
        #expect(await run.value == [])
        #expect(processor.counts.handled == 4 && processor.counts.unfinished == 0)
    }

    @Test func drainingWithoutARunWaitsForNothing() async throws {
        let processor = processor()
        try await processor.accept(event("a", 1))
        await processor.drain()
        // What was taken in is handled once it runs.
        let unfinished = Task { await processor.run() }
        await stage.finish("a1")
        #expect(await unfinished.value == [])
        await processor.drain()
    }

    @Test func whoDrainsMayLeave() async throws {
        let processor = processor()
        let run = Task { await processor.run() }
        try await processor.accept(event("a", 1))
        await stage.waitFor("a1")
        let drain = Task { await processor.drain() }
        await until { processor.state.withLock { $0.drains.count } == 1 }
        drain.cancel()
        await drain.value
        #expect(processor.counts.running == 1)
        await stage.finish("a1")
        #expect(await run.value == [])
    }

    // MARK: Cancellation

    @Test func cancellingHandsBackWhatIsNotDone() async throws {
        let options = BlobEventOptions(
            maximumConcurrency: 1,
            capacity: 4,
            baseDelay: .seconds(2)
        )
        let processor = processor(options)
        let run = Task { await processor.run() }
        try await processor.accept(event("a", 1))
        await stage.finish("a1", Mishap())
        await until { clock.sleeps.count == 1 }
        let running = Task { try await processor.process([event("b", 1)]) }
        await stage.waitFor("b1")
        try await processor.accept(event("b", 2))
        try await processor.accept(event("c", 1))
        let arrival = Task { try await processor.accept(event("d", 1)) }
        let offer = Task { await processor.offer(event("e", 1)) }
        await until { arrivals(processor) == 2 }
        let drain = Task { await processor.drain() }
        await until { processor.state.withLock { $0.isClosed } }

        run.cancel()
        let unfinished = await run.value.map(\.tag).sorted()
        // Draining had let in those who waited for room.
        #expect(unfinished == ["a1", "b1", "b2", "c1", "d1", "e1"])
        await drain.value
        try await arrival.value
        await offer.value
        let error = await #expect(throws: BlobError.self) { try await running.value }
        #expect(error?.kind == .closed)
        #expect(stage.running == [] && clock.sleeps == [])
        #expect(letters.withLock { $0.isEmpty })
        #expect(processor.counts.unfinished == 0)
    }

    @Test func whoWaitsForRoomWhenItIsCancelledIsRefused() async throws {
        let processor = processor(BlobEventOptions(capacity: 1))
        let run = Task { await processor.run() }
        try await processor.accept(event("a", 1))
        let arrival = Task { try await processor.accept(event("b", 1)) }
        let offer = Task { await processor.offer(event("c", 1)) }
        await until { arrivals(processor) == 2 }
        run.cancel()
        #expect(await run.value.map(\.tag) == ["a1"])
        let error = await #expect(throws: BlobError.self) { try await arrival.value }
        #expect(error?.kind == .closed)
        await offer.value
        #expect(letters.withLock { $0.map(\.event.tag) } == ["c1"])
        #expect(processor.counts.deadLettered == 1)
    }

    @Test func whatAHandlerEndsAfterTheCancellationIsDone() async throws {
        let processor = BlobEventProcessor { _ in
            // Does not care whether it is cancelled.
            while !Task.isCancelled { await Task.yield() }
        }
        let run = Task { await processor.run() }
        let outcome = Task { try await processor.process([event("a", 1)]) }
        await until { processor.counts.running == 1 }
        run.cancel()
        #expect(await run.value == [])
        #expect(try await outcome.value.map(\.text) == ["handled"])
    }

    // MARK: From inside

    @Test func aHandlerThatMakesEventsDoesNotWaitForItself() async throws {
        let seen = Locked<[String]>([])
        let box = Locked<BlobEventProcessor?>(nil)
        let processor = BlobEventProcessor(
            options: BlobEventOptions(maximumConcurrency: 1, capacity: 1)
        ) { event in
            seen.withLock { $0.append(event.tag) }
            guard event.key == "a" else { return }
            // A thumbnail that is put to a store whose events come here, say; there is no room.
            let processor = box.withLock { $0 }
            for number: UInt64 in 1...3 {
                await processor?.offer(BlobStorageTests.event("b", number))
            }
        }
        box.withLock { $0 = processor }
        let run = Task { await processor.run() }
        try await processor.accept(event("a", 1))
        await processor.drain()
        #expect(await run.value == [])
        #expect(seen.withLock { $0 } == ["a1", "b1", "b2", "b3"])
        box.withLock { $0 = nil }
    }

    @Test func whoWaitsForRoomGetsThatOfSkippedEvents() async throws {
        let seen = Locked<[String]>([])
        let box = Locked<BlobEventProcessor?>(nil)
        let isSomebodyWaiting = Locked(false)
        let processor = BlobEventProcessor(
            options: BlobEventOptions(maximumConcurrency: 1, capacity: 1)
        ) { event in
            seen.withLock { $0.append(event.tag) }
            guard event.key == "a" else { return }
            await until { isSomebodyWaiting.withLock { $0 } }
            let processor = box.withLock { $0 }
            // The last one turns out to be of the past when its turn comes.
            for number: UInt64? in [7, nil, 5] {
                await processor?.offer(BlobStorageTests.event("b", number))
            }
        }
        box.withLock { $0 = processor }
        let run = Task { await processor.run() }
        try await processor.accept(event("a", 1))
        let arrival = Task { try await processor.accept(event("c", 1)) }
        await until { arrivals(processor) == 1 }
        isSomebodyWaiting.withLock { $0 = true }
        try await arrival.value
        await until { processor.counts.unfinished == 0 }
        #expect(seen.withLock { $0 } == ["a1", "b7", "b", "c1"])
        #expect(processor.counts.skipped == 1)
        run.cancel()
        _ = await run.value
        box.withLock { $0 = nil }
    }

    @Test func aHandlerCanNotWaitForItsOwnProcessor() async throws {
        let box = Locked<BlobEventProcessor?>(nil)
        let kinds = Locked<[BlobError.Kind]>([])
        let processor = BlobEventProcessor { event in
            do {
                try await box.withLock { $0 }?.process([event])
            } catch let error as BlobError {
                kinds.withLock { $0.append(error.kind) }
            }
        }
        box.withLock { $0 = processor }
        let run = Task { await processor.run() }
        try await processor.process([event("a", 1)])
        #expect(kinds.withLock { $0 } == [.invalidArgument])
        run.cancel()
        _ = await run.value
        box.withLock { $0 = nil }
    }
}
