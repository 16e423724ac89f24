import BlobStorageTestKit
import Testing

@testable import BlobStorage

@Suite struct OrderedMapTests {
    /// All entries, from the first index to the end.
    private static func entries<Key, Value>(_ map: OrderedMap<Key, Value>) -> [(Key, Value)] {
        var all: [(Key, Value)] = []
        var index = map.firstIndex { _ in false }
        while let entry = map.entry(at: index) {
            all.append(entry)
            index = map.index(after: index)
        }
        return all
    }

    @Test("is a sorted array", arguments: [(1, 50), (2, 2_000), (3, 20_000)] as [(UInt64, Int)])
    func matchesTheModel(_ seed: UInt64, _ keyCount: Int) throws {
        var random = SplitMix64(seed)
        var map = OrderedMap<Int, Int>()
        var model: [Int: Int] = [:]
        for step in 0..<(keyCount * 4) {
            let key = Int.random(in: 0..<keyCount, using: &random)
            // First more keys are set than removed, then fewer, down to almost none.
            if Int.random(in: 0..<8, using: &random) < (step < keyCount * 2 ? 7 : 2) {
                try #require(map.set(key, to: step) == model.updateValue(step, forKey: key))
            } else {
                try #require(map.remove(key) == model.removeValue(forKey: key))
            }
            try #require(map.count == model.count)
            try #require(map[key] == model[key])
            if step % (keyCount / 2) == 0 { try Self.compare(map, model, &random) }
        }
        for key in model.keys.shuffled(using: &random) { try #require(map.remove(key) != nil) }
        #expect(map.count == 0)
        #expect(map.entry(at: map.firstIndex { _ in false }) == nil)
    }

    private static func compare(
        _ map: OrderedMap<Int, Int>,
        _ model: [Int: Int],
        _ random: inout SplitMix64
    ) throws {
        let sorted = model.sorted { $0.key < $1.key }
        let found = entries(map)
        try #require(found.map(\.0) == sorted.map(\.key))
        try #require(found.map(\.1) == sorted.map(\.value))
        for _ in 0..<50 {
            let bound = Int.random(in: -1...(model.count + 1), using: &random)
            let entry = map.entry(at: map.firstIndex { $0 < bound })
            try #require(entry?.key == sorted.first { $0.key >= bound }?.key)
        }
    }

    @Test func keysInOrderAndAgainstItAreSplitEvenly() {
        for keys in [Array(0..<5_000), Array((0..<5_000).reversed())] {
            var map = OrderedMap<Int, Int>()
            for key in keys { map.set(key, to: key) }
            #expect(Self.entries(map).map(\.0) == Array(0..<5_000))
        }
    }

    @Test func aCopyIsNotChanged() {
        var map = OrderedMap<Int, Int>()
        for key in 0..<1_000 { map.set(key, to: key) }
        let copy = map
        for key in 0..<1_000 { map.remove(key) }
        #expect(copy.count == 1_000 && map.count == 0)
        #expect(copy[999] == 999)
    }

    @Test func manyKeysCostFewComparisons() {
        // Two binary searches, among the blocks and in one, and a test for equality.
        for (keyCount, limit) in [(10_000, 20), (100_000, 24)] {
            var map = OrderedMap<CountedKey, Int>()
            for number in 0..<keyCount { map.set(CountedKey(number * 2), to: number) }
            var random = SplitMix64(5)
            CountedKey.comparisons.withLock { $0 = 0 }
            for _ in 0..<1_000 {
                map.set(CountedKey(Int.random(in: 0..<keyCount, using: &random) * 2 + 1), to: 0)
            }
            #expect(CountedKey.comparisons.withLock { $0 } <= 1_000 * limit)
            CountedKey.comparisons.withLock { $0 = 0 }
            var index = map.firstIndex { $0 < CountedKey(keyCount) }
            for _ in 0..<1_000 { index = map.index(after: index) }
            #expect(map.entry(at: index) != nil)
            let comparisons = CountedKey.comparisons.withLock { $0 }
            #expect(comparisons <= limit, "a page is walked, not searched")
        }
    }
}

/// A key that counts how often two of its kind are compared.
private struct CountedKey: Comparable {
    static let comparisons = Locked(0)
    let number: Int

    init(_ number: Int) {
        self.number = number
    }

    static func < (a: Self, b: Self) -> Bool {
        comparisons.withLock { $0 += 1 }
        return a.number < b.number
    }

    static func == (a: Self, b: Self) -> Bool {
        comparisons.withLock { $0 += 1 }
        return a.number == b.number
    }
}
