/// Values by key, in the order of the keys.
///
/// A sorted array would move half of its entries on each insertion; here the entries lie in blocks
/// of at most ``blockCapacity``, so that an insertion moves one block's entries at most.
struct OrderedMap<Key: Comparable, Value> {
    private struct Block {
        var keys: [Key]
        var values: [Value]
    }

    /// Entries of a full block.
    ///
    /// Measured at a million keys: 256 to 1,024 are alike.
    private static var blockCapacity: Int { 512 }

    /// Never holds an empty block.
    private var blocks: [Block] = []
    private(set) var count = 0

    /// A place in the map: an entry, or the end.
    struct Index: Equatable {
        fileprivate var block: Int
        fileprivate var entry: Int
    }

    subscript(key: Key) -> Value? {
        guard let (block, entry) = find(key) else { return nil }
        return blocks[block].values[entry]
    }

    /// Sets a key's value and gives the old one back.
    @discardableResult
    mutating func set(_ key: Key, to value: Value) -> Value? {
        guard !blocks.isEmpty else {
            blocks.append(Block(keys: [key], values: [value]))
            count = 1
            return nil
        }
        let block = min(firstBlock(endingAtOrAfter: key), blocks.count - 1)
        let entry = Self.firstEntry(of: blocks[block].keys, notBefore: key)
        if entry < blocks[block].keys.count, blocks[block].keys[entry] == key {
            let old = blocks[block].values[entry]
            blocks[block].values[entry] = value
            return old
        }
        blocks[block].keys.insert(key, at: entry)
        blocks[block].values.insert(value, at: entry)
        count += 1
        if blocks[block].keys.count > Self.blockCapacity { split(block) }
        return nil
    }

    /// Removes a key and gives its value back.
    @discardableResult
    mutating func remove(_ key: Key) -> Value? {
        guard let (block, entry) = find(key) else { return nil }
        blocks[block].keys.remove(at: entry)
        let value = blocks[block].values.remove(at: entry)
        count -= 1
        if blocks[block].keys.isEmpty { blocks.remove(at: block) }
        return value
    }

    /// The first entry that `isBefore` is false for; the keys it is true for must come first.
    ///
    /// - Complexity: O(log n)
    func firstIndex(whereNot isBefore: (Key) -> Bool) -> Index {
        let block = Self.partition(blocks.count) { blocks[$0].keys.last.map(isBefore) ?? false }
        guard block < blocks.count else { return Index(block: block, entry: 0) }
        let keys = blocks[block].keys
        return Index(block: block, entry: Self.partition(keys.count) { isBefore(keys[$0]) })
    }

    /// The entry at an index; `nil` at the end.
    func entry(at index: Index) -> (key: Key, value: Value)? {
        guard index.block < blocks.count else { return nil }
        let block = blocks[index.block]
        return (block.keys[index.entry], block.values[index.entry])
    }

    /// The index of the entry that comes next.
    func index(after index: Index) -> Index {
        if index.entry + 1 < blocks[index.block].keys.count {
            return Index(block: index.block, entry: index.entry + 1)
        }
        return Index(block: index.block + 1, entry: 0)
    }

    private func find(_ key: Key) -> (block: Int, entry: Int)? {
        let block = firstBlock(endingAtOrAfter: key)
        guard block < blocks.count else { return nil }
        let entry = Self.firstEntry(of: blocks[block].keys, notBefore: key)
        guard blocks[block].keys[entry] == key else { return nil }
        return (block, entry)
    }

    private func firstBlock(endingAtOrAfter key: Key) -> Int {
        Self.partition(blocks.count) { blocks[$0].keys.last.map { $0 < key } ?? false }
    }

    private static func firstEntry(of keys: [Key], notBefore key: Key) -> Int {
        partition(keys.count) { keys[$0] < key }
    }

    private mutating func split(_ block: Int) {
        let middle = blocks[block].keys.count / 2
        let upper = Block(
            keys: Array(blocks[block].keys[middle...]),
            values: Array(blocks[block].values[middle...])
        )
        blocks[block].keys.removeSubrange(middle...)
        blocks[block].values.removeSubrange(middle...)
        blocks.insert(upper, at: block + 1)
    }

    /// The first of `count` numbers that `isBefore` is false for.
    private static func partition(_ count: Int, where isBefore: (Int) -> Bool) -> Int {
        var lower = 0
        var upper = count
        while lower < upper {
            let middle = (lower + upper) / 2
            if isBefore(middle) { lower = middle + 1 } else { upper = middle }
        }
        return lower
    }
}
