import Testing

@testable import BlobStorage

@Suite struct EventMemoryTests {
    private func lane(_ number: Int) throws -> EventLaneID {
        EventLaneID(event(try BlobKey("\(number)"), 1))
    }

    @Test("is bounded, and forgets the oldest first", arguments: [1, 2, 3, 10, 1_000])
    func bound(_ limit: Int) throws {
        var memory = EventMemory(keyLimit: limit)
        for number in 0..<5_000 {
            memory.note(BlobEventSequencer(UInt64(number)), of: try lane(number))
            #expect(memory.count <= limit)
            // At least half of what is allowed, and the last one in any case.
            for recent in max(0, number - max(1, limit / 2) + 1)...number where number % 997 == 0 {
                let last = memory.last(of: try lane(recent))
                #expect(last == BlobEventSequencer(UInt64(recent)))
            }
        }
        let (first, last) = (memory.last(of: try lane(0)), memory.last(of: try lane(4_999)))
        #expect(first == nil && last != nil)
    }

    @Test func whatIsRenewedStays() throws {
        var memory = EventMemory(keyLimit: 4)
        for number in 1...100 {
            memory.note(BlobEventSequencer(UInt64(number)), of: try lane(0))
            memory.note(BlobEventSequencer(1), of: try lane(number))
            let last = memory.last(of: try lane(0))
            #expect(last == BlobEventSequencer(UInt64(number)))
            #expect(memory.count <= 4)
        }
    }

    @Test func sourcesAreKeptApart() {
        let (one, other) = (event("a", 1, source: "é"), event("a", 1, source: "e\u{301}"))
        #expect(EventLaneID(one) != EventLaneID(other))
        #expect(EventLaneID(one) == EventLaneID(event("a", 2, source: "é")))
    }
}
