import BlobStorage

/// The keys that were added last, so that a listing that goes on knows whether it has missed one.
struct RecentAdditions {
    private static let maximumCount = 128

    /// How many were added since the store was opened.
    private(set) var count: UInt64 = 0
    /// The last ones; the place of each is its number, modulo the greatest count.
    private var keys: [BlobKey] = []

    mutating func note(_ key: BlobKey) {
        let place = Int(count % UInt64(Self.maximumCount))
        if place < keys.count { keys[place] = key } else { keys.append(key) }
        count += 1
    }

    /// Whether one was added that a listing has still to come to, or nobody knows any more.
    ///
    /// - Parameters:
    ///   - count: How many there were when the listing read its folders.
    ///   - prefix: What the keys of the listing begin with.
    ///   - position: Where the listing goes on.
    /// - Returns: Whether its folders have to be read again.
    func hasKey(since count: UInt64, prefix: String, from position: ListPosition) -> Bool {
        // Another listing may have read its folders later than this page was begun.
        guard count < self.count else { return false }
        guard self.count - count <= UInt64(keys.count) else { return true }
        return (count..<self.count).contains { number in
            let key = keys[Int(number % UInt64(Self.maximumCount))].text
            return UTF8Order.hasPrefix(key, prefix) && !position.isAfter(key)
        }
    }
}
