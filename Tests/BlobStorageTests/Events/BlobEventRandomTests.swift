import BlobStorage
import BlobStorageTestKit
import Testing

/// Ten thousand events, shuffled, doubled and failing, and what must be true of them in any case.
@Suite struct BlobEventRandomTests {
    private struct Call: Hashable {
        let key: BlobKey
        let number: UInt64
    }

    /// What the handler saw.
    private struct Sight {
        var attempts: [Call: Int] = [:]
        var handled: [BlobKey: [UInt64]] = [:]
        var begun: [BlobKey: UInt64] = [:]
        var running: Set<BlobKey> = []
        var mostRunning = 0
        var complaints: [String] = []

        mutating func complain(_ text: String) {
            if complaints.count < 10 { complaints.append(text) }
        }

        mutating func begin(_ call: Call, limit: Int) {
            attempts[call, default: 0] += 1
            if !running.insert(call.key).inserted { complain("\(call.key) runs twice") }
            mostRunning = max(mostRunning, running.count)
            if running.count > limit { complain("\(running.count) run at once") }
            if let last = begun[call.key], last > call.number {
                complain("\(call.key) goes from \(last) back to \(call.number)")
            }
            begun[call.key] = call.number
        }

        mutating func end(_ call: Call, isHandled: Bool) {
            running.remove(call.key)
            guard isHandled else { return }
            if let last = handled[call.key]?.last, last >= call.number {
                complain("\(call.key) \(call.number) is handled after \(last)")
            }
            handled[call.key, default: []].append(call.number)
        }
    }

    private static let eventCount = 10_000
    private static let keyCount: UInt64 = 60
    private static let failing = Mishap()

    private static func key(_ number: UInt64) -> BlobKey {
        BlobKey(unchecked: "key/\(number)")
    }

    private static func call(_ event: BlobEvent) -> Call {
        let text = event.sequencer?.text ?? ""
        return Call(key: event.key, number: UInt64(text, radix: 16) ?? 0)
    }

    /// The events of all keys as they happened, then doubled and moved from their places.
    private static func arrivals(_ random: inout SplitMix64, reach: Int) -> [BlobEvent] {
        var next: [UInt64: UInt64] = [:]
        var placed: [(Int, BlobEvent)] = []
        for place in 0..<eventCount {
            let key = UInt64.random(in: 0..<keyCount, using: &random)
            let number = (next[key] ?? 0) + UInt64.random(in: 1...3, using: &random)
            next[key] = number
            let copyCount = Int.random(in: 0..<4, using: &random) == 0 ? 2 : 1
            for _ in 0..<copyCount {
                let moved = place + Int.random(in: 0...reach, using: &random)
                placed.append((moved, event(Self.key(key), number)))
            }
        }
        return placed.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private func processor(
        _ sight: Locked<Sight>,
        _ options: BlobEventOptions,
        failureChance: Int,
        seed: UInt64
    ) -> BlobEventProcessor {
        let dice = Locked(SplitMix64(seed))
        return BlobEventProcessor(
            options: options,
            clock: StepClock(isHurried: true),
            random: { 0.5 },
            onDeadLetter: { _ in },
            handler: { event in
                let call = Self.call(event)
                sight.withLock { $0.begin(call, limit: options.maximumConcurrency) }
                let (fails, yieldCount) = dice.withLock { dice in
                    (
                        Int.random(in: 0..<100, using: &dice) < failureChance,
                        Int.random(in: 0..<4, using: &dice)
                    )
                }
                for _ in 0..<yieldCount { await Task.yield() }
                sight.withLock { $0.end(call, isHandled: !fails) }
                if fails { throw Self.failing }
            }
        )
    }

    @Test("events that are all known beforehand", arguments: [1, 2, 3] as [UInt64])
    func knownBeforehand(_ seed: UInt64) async throws {
        var random = SplitMix64(seed)
        let arrivals = Self.arrivals(&random, reach: 10_000)
        let sight = Locked(Sight())
        let options = BlobEventOptions(
            maximumConcurrency: 8,
            capacity: 20_000,
            maximumAttempts: 1_000
        )
        let processor = processor(sight, options, failureChance: 10, seed: seed)
        for event in arrivals { try await processor.accept(event) }
        let distinct = Set(arrivals.map(Self.call))
        #expect(processor.counts.waiting == distinct.count)
        let unfinished = Task { await processor.run() }
        await processor.drain()
        #expect(await unfinished.value == [])

        // Each exactly once, each key in its order, none left out.
        let seen = sight.withLock { $0 }
        #expect(seen.complaints == [], "seed \(seed)")
        #expect(processor.counts.handled == distinct.count)
        #expect(processor.counts.skipped == 0 && processor.counts.deadLettered == 0)
        for (key, calls) in Dictionary(grouping: distinct, by: \.key) {
            #expect(seen.handled[key] == calls.map(\.number).sorted(), "seed \(seed), key \(key)")
        }
        #expect(seen.mostRunning == 8)
    }

    @Test("events that come as they are handled", arguments: [4, 5, 6] as [UInt64])
    func onTheWay(_ seed: UInt64) async throws {
        var random = SplitMix64(seed)
        let arrivals = Self.arrivals(&random, reach: 30)
        let sight = Locked(Sight())
        let options = BlobEventOptions(maximumConcurrency: 5, capacity: 40, maximumAttempts: 3)
        let processor = processor(sight, options, failureChance: 25, seed: seed)
        let outcomes = Locked<[(Call, BlobEventOutcome)]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await processor.run() }
            // Four who bring them, a few at a time, each the events of its own place.
            let bringers = (0..<4).map { start in
                Task {
                    var batch: [BlobEvent] = []
                    for index in stride(from: start, to: arrivals.count, by: 4) {
                        batch.append(arrivals[index])
                        guard batch.count == 7 || index + 4 >= arrivals.count else { continue }
                        let ends = try await processor.process(batch)
                        let pairs = zip(batch.map(Self.call), ends).map { ($0, $1) }
                        outcomes.withLock { $0 += pairs }
                        batch = []
                    }
                }
            }
            for bringer in bringers { try await bringer.value }
            await processor.drain()
        }

        let seen = sight.withLock { $0 }
        #expect(seen.complaints == [], "seed \(seed)")
        let ends = outcomes.withLock { $0 }
        #expect(ends.count == arrivals.count)
        var deadLettered: Set<Call> = []
        var skippedCount = 0
        for (call, outcome) in ends {
            let isHandled = seen.handled[call.key]?.contains(call.number) ?? false
            switch outcome {
            case .handled: #expect(isHandled, "seed \(seed): \(call)")
            case .deadLettered:
                deadLettered.insert(call)
                #expect(!isHandled && seen.attempts[call] == 3, "seed \(seed): \(call)")
            case .skipped:
                skippedCount += 1
                // It was done, or a later one had begun.
                let begun = seen.begun[call.key] ?? 0
                #expect(begun >= call.number, "seed \(seed): \(call)")
            case .failed: Issue.record("seed \(seed): \(call) has failed")
            }
        }
        // The last of each key is done: what is there in the end was seen.
        for (key, calls) in Dictionary(grouping: arrivals.map(Self.call), by: \.key) {
            let last = try #require(calls.max { $0.number < $1.number })
            let isDone = seen.handled[key]?.last == last.number || deadLettered.contains(last)
            #expect(isDone, "seed \(seed): \(last)")
        }
        let handledCount = seen.handled.values.reduce(0) { $0 + $1.count }
        #expect(processor.counts.handled == handledCount)
        #expect(processor.counts.skipped == skippedCount)
        // The test is one of all the ways.
        #expect(handledCount > 3_000 && deadLettered.count > 10 && skippedCount > 500)
    }
}
