/// Names and their values, told and compared in one way: by the bytes, in the order of the names.
///
/// What is a legal name or value is for the types to say that hold these: metadata, attributes, tags.
struct TextPairs: Sendable {
    /// The values by their names.
    var values: [String: String] = [:]

    /// The pairs, ordered by the bytes of their names.
    var ordered: [(name: String, value: String)] {
        values.map { (name: $0.key, value: $0.value) }
            .sorted { UTF8Order.compare($0.name, $1.name) < 0 }
    }
}

extension TextPairs: Hashable {
    /// Compares bytes; `String` would call two spellings of "é" equal.
    static func == (a: Self, b: Self) -> Bool {
        a.values.count == b.values.count
            && zip(a.ordered, b.ordered).allSatisfy {
                UTF8Order.equal($0.name, $1.name) && UTF8Order.equal($0.value, $1.value)
            }
    }

    /// Hashes bytes.
    func hash(into hasher: inout Hasher) {
        for (name, value) in ordered {
            hasher.combine(Array(name.utf8))
            hasher.combine(Array(value.utf8))
        }
    }
}
