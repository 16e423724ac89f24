import Testing

@testable import BlobStorage

@Suite struct EventMemoryTests {
    private func note(_ number: UInt64, _ key: Int, in memory: inout EventMemory) throws {
        let event = event(try BlobKey("\(key)"), number)
        memory.note(event, in: EventLaneID(event))
    }

    private func isPast(_ number: UInt64, _ key: Int, in memory: EventMemory) throws -> Bool {
        let event = event(try BlobKey("\(key)"), number)
        return memory.isPast(event, in: EventLaneID(event))
    }

    /// Whether an event is the last one of its key that is known.
    private func last(_ number: UInt64, _ key: Int, in memory: EventMemory) throws -> Bool {
        try isPast(number, key, in: memory) && !isPast(number + 1, key, in: memory)
    }

    @Test("is bounded, and forgets the oldest first", arguments: [1, 2, 3, 10, 1_000])
    func bound(_ limit: Int) throws {
        var memory = EventMemory(keyLimit: limit)
        for number in 0..<5_000 {
            try note(UInt64(number), number, in: &memory)
            #expect(memory.count <= limit)
            // At least half of what is allowed, and the last one in any case.
            for recent in max(0, number - max(1, limit / 2) + 1)...number where number % 997 == 0 {
                #expect(try last(UInt64(recent), recent, in: memory))
            }
        }
        #expect(try !isPast(0, 0, in: memory))
        #expect(try isPast(4_999, 4_999, in: memory))
    }

    @Test func whatIsRenewedStays() throws {
        var memory = EventMemory(keyLimit: 4)
        for number in 1...100 {
            try note(UInt64(number), 0, in: &memory)
            try note(1, number, in: &memory)
            #expect(try last(UInt64(number), 0, in: memory))
            #expect(memory.count <= 4)
        }
    }

    @Test(
        "what is written or deleted is later than all before it, other changes than their like",
        arguments: BlobEvent.Kind.allCases,
        BlobEvent.Kind.allCases
    )
    func kinds(_ done: BlobEvent.Kind, _ late: BlobEvent.Kind) {
        var progress = EventProgress()
        progress.note(event("a", 5, kind: done))
        let isAll = done == .created || done == .deleted
        #expect(progress.isPast(event("a", 4, kind: late)) == (isAll || done == late))
        #expect(progress.isPast(event("a", 5, kind: late)) == (isAll || done == late))
        #expect(!progress.isPast(event("a", 6, kind: late)))
        // What comes after is known beside it.
        progress.note(event("a", 4, kind: late))
        #expect(progress.isPast(event("a", 5, kind: done)))
        #expect(progress.isPast(event("a", 4, kind: late)))
    }

    @Test func sourcesAreKeptApart() {
        let (one, other) = (event("a", 1, source: "é"), event("a", 1, source: "e\u{301}"))
        #expect(EventLaneID(one) != EventLaneID(other))
        #expect(EventLaneID(one) == EventLaneID(event("a", 2, source: "é")))
    }
}
