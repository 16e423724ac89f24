import Testing

@testable import BlobStorage

/// What happens to events that can't be handled at once, or at all.
@Suite struct BlobEventRetryTests {
    let stage = EventStage()
    let clock = StepClock()
    let letters = Locked<[BlobDeadLetter]>([])

    private func running(
        _ options: BlobEventOptions,
        hook: BlobEventProcessor.DeadLetterHook? = nil,
        _ test: (BlobEventProcessor) async throws -> Void
    ) async throws {
        let stage = stage
        let processor = BlobEventProcessor(
            options: options,
            clock: clock,
            // So that delays are whole, and known.
            random: { 0.5 },
            onDeadLetter: hook,
            handler: { try await stage.handle($0) }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await processor.run() }
            try await test(processor)
            group.cancelAll()
        }
    }

    private func sleeps(_ duration: Duration) async {
        await until { clock.sleeps == [duration] }
    }

    @Test func delaysDoubleUpToALimit() async throws {
        let options = BlobEventOptions(
            maximumAttempts: 6,
            baseDelay: .seconds(2),
            maximumDelay: .seconds(10)
        )
        try await running(options) { processor in
            let outcome = Task { try await processor.process([event("a", 1)]) }
            for seconds in [1, 2, 4, 5, 5] {
                await stage.finish("a1", Mishap())
                await sleeps(.seconds(seconds))
                #expect(processor.counts.retrying == 1 && processor.counts.running == 0)
                // Not a moment earlier.
                clock.advance(by: .seconds(seconds) - .nanoseconds(1))
                #expect(clock.sleeps == [.nanoseconds(1)])
                clock.advance(by: .nanoseconds(1))
            }
            await stage.finish("a1")
            let outcomeEnds = try await outcome.value
            #expect(outcomeEnds.map(\.text) == ["handled"])
            #expect(stage.log.count { $0 == "+a1" } == 6)
        }
    }

    @Test func othersGoOnMeanwhile() async throws {
        let options = BlobEventOptions(maximumConcurrency: 1, baseDelay: .seconds(2))
        try await running(options) { processor in
            try await processor.accept(event("a", 1))
            await stage.finish("a1", Mishap())
            await sleeps(.seconds(1))
            // The place is free, for other keys alone.
            try await processor.accept(event("a", 2))
            try await processor.accept(event("b", 1))
            await stage.waitFor("b1")
            clock.advance(by: .seconds(1))
            await stage.finish("b1")
            await stage.finish("a1")
            await stage.finish("a2")
            await until { processor.counts.handled == 3 }
            #expect(
                stage.log == [
                    "+a1", "-a1", "+b1", "-b1", "+a1", "-a1", "+a2", "-a2",
                ]
            )
        }
    }

    @Test func anEarlierOneDoesNotPassOneThatIsTriedAgain() async throws {
        try await running(BlobEventOptions(baseDelay: .seconds(2))) { processor in
            try await processor.accept(event("a", 5))
            await stage.finish("a5", Mishap())
            await sleeps(.seconds(1))
            #expect(try await processor.process([event("a", 3)]).map(\.text) == ["skipped"])
            clock.advance(by: .seconds(1))
            await stage.finish("a5")
            await until { processor.counts.handled == 1 }
        }
    }

    @Test func deadLettersAreHandedOver() async throws {
        let letters = letters
        let hook: BlobEventProcessor.DeadLetterHook = { letter in
            letters.withLock { $0.append(letter) }
        }
        let options = BlobEventOptions(maximumAttempts: 2, baseDelay: .seconds(2))
        try await running(options, hook: hook) { processor in
            let outcomes = Task { try await processor.process([event("a", 1), event("a", 2)]) }
            await stage.finish("a1", Mishap(text: "first"))
            await sleeps(.seconds(1))
            clock.advance(by: .seconds(1))
            await stage.finish("a1", Mishap(text: "second"))
            // The key's next one goes on.
            await stage.finish("a2")
            let outcomesEnds = try await outcomes.value
            #expect(outcomesEnds.map(\.text) == ["deadLettered after 2", "handled"])
            let letter = try #require(letters.withLock { $0.first })
            #expect(letter.event == event("a", 1))
            #expect(letter.attemptCount == 2)
            #expect(letter.error as? Mishap == Mishap(text: "second"))
            // Somebody has it: it is done.
            #expect(try await processor.process([event("a", 1)]).map(\.text) == ["skipped"])
            #expect(letters.withLock { $0.count } == 1)
            #expect(processor.counts.deadLettered == 1)
        }
    }

    @Test func withoutAHookAnEventMayComeAgain() async throws {
        try await running(BlobEventOptions(maximumAttempts: 1)) { processor in
            let outcome = Task { try await processor.process([event("a", 1)]) }
            await stage.finish("a1", Mishap())
            let failure = try #require(try await outcome.value.first)
            #expect(failure.text == "failed after 1" && !failure.isSettled)
            let again = Task { try await processor.process([event("a", 1)]) }
            await stage.finish("a1")
            let againEnds = try await again.value
            #expect(againEnds.map(\.text) == ["handled"])
            #expect(processor.counts.failed == 1)
        }
    }

    @Test func aHookThatThrowsHasNotTakenTheEvent() async throws {
        let options = BlobEventOptions(maximumAttempts: 1)
        let hook: BlobEventProcessor.DeadLetterHook = { _ in throw Mishap(text: "hook") }
        try await running(options, hook: hook) { processor in
            let outcome = Task { try await processor.process([event("a", 1)]) }
            await stage.finish("a1", Mishap(text: "handler"))
            guard case .failed(let letter) = try await outcome.value.first else {
                Issue.record("it has not failed")
                return
            }
            #expect(letter.error as? Mishap == Mishap(text: "handler"))
            let again = Task { try await processor.process([event("a", 1)]) }
            await stage.finish("a1")
            let againEnds = try await again.value
            #expect(againEnds.map(\.text) == ["handled"])
        }
    }

    @Test func whatIsNotWorthItIsNotTriedAgain() async throws {
        let options = BlobEventOptions { ($0 as? Mishap)?.text != "for good" }
        try await running(options) { processor in
            let outcome = Task { try await processor.process([event("a", 1)]) }
            await stage.finish("a1", Mishap(text: "for a while"))
            await until { clock.sleeps.count == 1 }
            clock.advance(by: .seconds(1))
            await stage.finish("a1", Mishap(text: "for good"))
            let outcomeEnds = try await outcome.value
            #expect(outcomeEnds.map(\.text) == ["failed after 2"])
        }
    }

    @Test func aHandlerThatThrowsCancellationIsTriedAgain() async throws {
        // Such as from a request that timed out inside; nobody has cancelled the processor.
        try await running(BlobEventOptions(baseDelay: .seconds(2))) { processor in
            let outcome = Task { try await processor.process([event("a", 1)]) }
            await stage.finish("a1", CancellationError())
            await sleeps(.seconds(1))
            clock.advance(by: .seconds(1))
            await stage.finish("a1")
            let outcomeEnds = try await outcome.value
            #expect(outcomeEnds.map(\.text) == ["handled"])
        }
    }

    @Test("delays", arguments: [(1, 1.0), (2, 2), (5, 16), (7, 60), (31, 60), (1_000, 60)])
    func delay(_ attemptCount: Int, _ seconds: Double) {
        let options = BlobEventOptions()
        let delay = options.delay(afterAttempts: attemptCount, random: 0.999_999)
        #expect(abs(delay / .seconds(1) - seconds) < 0.001)
        #expect(options.delay(afterAttempts: attemptCount, random: 0) == .zero)
    }
}
