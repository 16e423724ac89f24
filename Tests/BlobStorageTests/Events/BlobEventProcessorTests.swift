import BlobStorage
import Testing

/// Which events run when, and which do not.
@Suite struct BlobEventProcessorTests {
    let stage = EventStage()

    /// Runs a processor beside a test, which drains it or leaves it to be cancelled.
    private func running(
        _ options: BlobEventOptions = BlobEventOptions(),
        _ test: (BlobEventProcessor) async throws -> Void
    ) async throws {
        let stage = stage
        let processor = BlobEventProcessor(options: options) { try await stage.handle($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await processor.run() }
            try await test(processor)
            group.cancelAll()
        }
    }

    @Test func eventsOfOneKeyFollowEachOther() async throws {
        try await running { processor in
            for number in 1...3 { try await processor.accept(event("a", UInt64(number))) }
            try await processor.accept(event("b", 1))
            await stage.waitFor("a1", "b1")
            await stage.finish("a1")
            await stage.waitFor("a2", "b1")
            await stage.finish("b1")
            await stage.finish("a2")
            await stage.finish("a3")
            await until { processor.counts.handled == 4 }
            #expect(
                stage.log.filter { $0.hasSuffix("a1") || $0.hasSuffix("a2") } == [
                    "+a1", "-a1", "+a2", "-a2",
                ]
            )
        }
    }

    @Test func sameKeysOfTwoStoresHaveNothingInCommon() async throws {
        try await running { processor in
            try await processor.accept(event("a", 1, source: "one"))
            try await processor.accept(event("a", 1, source: "other"))
            await stage.waitFor("a1", "a1")
        }
    }

    @Test func whatWaitsIsPutInOrder() async throws {
        try await running { processor in
            try await processor.accept(event("a", 1))
            await stage.waitFor("a1")
            for number: UInt64 in [7, 3, 9, 5] { try await processor.accept(event("a", number)) }
            for tag in ["a1", "a3", "a5", "a7", "a9"] { await stage.finish(tag) }
            await until { processor.counts.handled == 5 }
            #expect(processor.counts.skipped == 0)
        }
    }

    @Test func whatComesTooLateIsSkipped() async throws {
        try await running { processor in
            try await processor.accept(event("a", 5))
            await stage.waitFor("a5")
            // 5 has begun; 3 would undo it.
            #expect(try await processor.process([event("a", 3)]).map(\.text) == ["skipped"])
            await stage.finish("a5")
            await until { processor.counts.handled == 1 }
            let late = [event("a", 5), event("a", 4)]
            #expect(try await processor.process(late).map(\.text) == ["skipped", "skipped"])
            #expect(stage.log == ["+a5", "-a5"])
            #expect(processor.counts.skipped == 3)
        }
    }

    @Test func tagsDoNotHideWhatWasWrittenBefore() async throws {
        try await running { processor in
            try await processor.accept(event("a", 2, kind: .tagsChanged))
            await stage.waitFor("a2")
            // It is told late: its teller looked at the blob first.
            try await processor.accept(event("a", 1))
            await stage.finish("a2")
            await stage.finish("a1")
            await until { processor.counts.handled == 2 }
            let late = [
                event("a", 1), event("a", 1, kind: .tagsChanged), event("a", 2, kind: .tagsChanged),
            ]
            #expect(try await processor.process(late).allSatisfy { $0.text == "skipped" })
            // Tags are the blob's, so what is written or deleted later has changed them too.
            try await processor.accept(event("a", 5, kind: .deleted))
            await stage.finish("a5")
            await until { processor.counts.handled == 3 }
            let older = [event("a", 4, kind: .tagsChanged), event("a", 3, kind: .other)]
            #expect(try await processor.process(older).allSatisfy { $0.text == "skipped" })
        }
    }

    @Test func oneThatIsThereTwiceIsHandledOnce() async throws {
        try await running { processor in
            let first = Task {
                try await processor.process([event("a", 1), event("a", 2), event("a", 2)])
            }
            await stage.waitFor("a1")
            let second = Task { try await processor.process([event("a", 1), event("a", 2)]) }
            await stage.finish("a1")
            await stage.finish("a2")
            // All of them know what became of it.
            let firstEnds = try await first.value
            #expect(firstEnds.map(\.text) == ["handled", "handled", "handled"])
            // This one may have come when the first was done.
            let secondAreSettled = try await second.value.allSatisfy(\.isSettled)
            #expect(secondAreSettled)
            #expect(stage.log == ["+a1", "-a1", "+a2", "-a2"])
        }
    }

    @Test func eventsWithoutASequencerKeepTheirPlaces() async throws {
        try await running { processor in
            try await processor.accept(event("a", nil))
            await stage.waitFor("a")
            try await processor.accept(event("a", 5))
            try await processor.accept(event("a", nil))
            // 3 can't pass the one that has no order.
            try await processor.accept(event("a", 3))
            try await processor.accept(event("a", 7))
            await stage.finish("a")
            await stage.finish("a5")
            await stage.finish("a")
            await stage.finish("a7")
            await until { processor.counts.handled == 4 }
            #expect(processor.counts.skipped == 1)
            #expect(stage.log == ["+a", "-a", "+a5", "-a5", "+a", "-a", "+a7", "-a7"])
        }
    }

    @Test("as many run as may", arguments: [1, 2, 5])
    func concurrency(_ limit: Int) async throws {
        try await running(BlobEventOptions(maximumConcurrency: limit)) { processor in
            let keys = "abcdefgh".map { String($0) }
            for key in keys { try await processor.accept(event(try BlobKey(key), 1)) }
            for (index, key) in keys.enumerated() {
                let count = min(limit, keys.count - index)
                await until { stage.running.count == count }
                #expect(processor.counts.running == count)
                #expect(processor.counts.waiting == keys.count - index - count)
                await stage.finish("\(key)1")
            }
        }
    }

    @Test("a count below 1 is 1", arguments: [0, -1, .min])
    func leastCounts(_ count: Int) async throws {
        let options = BlobEventOptions(
            maximumConcurrency: count,
            capacity: count,
            maximumAttempts: count,
            rememberedKeyCount: count
        )
        try await running(options) { processor in
            let outcome = Task { try await processor.process([event("a", 1)]) }
            await stage.finish("a1", Mishap())
            let outcomeEnds = try await outcome.value
            #expect(outcomeEnds.map(\.text) == ["failed after 1"])
        }
    }

    @Test func acceptedBeforeTheRunIsHandledInIt() async throws {
        let stage = stage
        let processor = BlobEventProcessor { try await stage.handle($0) }
        try await processor.accept(event("a", 2))
        try await processor.accept(event("a", 1))
        #expect(processor.counts.waiting == 2)
        let unfinished = Task { await processor.run() }
        await stage.finish("a1")
        await stage.finish("a2")
        await processor.drain()
        #expect(await unfinished.value == [])
        #expect(processor.counts.handled == 2)
    }

    @Test func whoWaitsForAnEventMayLeave() async throws {
        try await running { processor in
            let waiter = Task { try await processor.process([event("a", 1)]) }
            await stage.waitFor("a1")
            waiter.cancel()
            await #expect(throws: CancellationError.self) { try await waiter.value }
            // The event is none of the waiter's any more.
            await stage.finish("a1")
            await until { processor.counts.handled == 1 }
        }
    }
}
