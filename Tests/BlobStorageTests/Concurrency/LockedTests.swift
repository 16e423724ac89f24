import BlobStorage
import Testing

@Suite struct LockedTests {
    @Test func noIncrementIsLost() async {
        let counter = Locked(0)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<16 {
                group.addTask { for _ in 0..<5_000 { counter.withLock { $0 += 1 } } }
            }
        }
        #expect(counter.withLock { $0 } == 80_000)
    }

    @Test func checkAndWriteAreOne() async {
        let owner = Locked<Int?>(nil)
        let winners = await withTaskGroup(of: Int.self) { group in
            for number in 0..<200 {
                group.addTask {
                    owner.withLock { owner in
                        guard owner == nil else { return 0 }
                        owner = number
                        return 1
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(winners == 1)
    }

    @Test func anErrorLeavesItUnlocked() {
        let value = Locked(1)
        #expect(throws: SourceFailure()) {
            try value.withLock { value throws in
                value = 2
                throw SourceFailure()
            }
        }
        #expect(value.withLock { $0 } == 2)
    }

    @Test func letsGoOfItsValue() {
        final class Thing: Sendable {}
        var thing: Thing? = Thing()
        weak let remaining = thing
        do {
            let locked = Locked<Thing?>(nil)
            locked.withLock { [thing] in $0 = thing }
            thing = nil
            #expect(remaining != nil)
            locked.withLock { $0 = nil }
        }
        #expect(remaining == nil)
    }
}
