internal import BlobStorage
internal import BlobStorageAWS

/// The pairs of a query, decoded as S3 decodes them: by bytes, and `+` is a space in values of forms only,
/// so here it is a plus.
struct QueryParameters: Sendable {
    struct Pair: Sendable {
        var name: String
        var value: String
    }

    private(set) var pairs: [Pair] = []

    /// - Parameter query: The query, encoded, without its question mark.
    /// - Throws: `GatewayError` if a name or a value is no UTF-8.
    init(_ query: String?) throws(GatewayError) {
        guard var query else { return }
        let pairs = query.withUTF8 { Self.pairs($0) }
        guard let pairs else { throw .invalidArgument("the query is not UTF-8") }
        self.pairs = pairs
    }

    /// The pairs; `nil` if one is no UTF-8.
    private static func pairs(_ query: UnsafeBufferPointer<UInt8>) -> [Pair]? {
        var pairs: [Pair] = []
        // A presigned URL has seven.
        pairs.reserveCapacity(8)
        var start = 0
        while start < query.count {
            var (middle, end) = (query.count, start)
            while end < query.count, query[end] != UInt8(ascii: "&") {
                if query[end] == UInt8(ascii: "="), middle == query.count { middle = end }
                end += 1
            }
            defer { start = end + 1 }
            guard end > start else { continue }
            middle = min(middle, end)
            let name = UnsafeBufferPointer(rebasing: query[start..<middle])
            let value = UnsafeBufferPointer(rebasing: query[min(middle + 1, end)..<end])
            guard let name = decode(name), let value = decode(value) else { return nil }
            pairs.append(Pair(name: name, value: value))
        }
        return pairs
    }

    /// The value of the first pair of a name; empty if it has none.
    subscript(name: String) -> String? {
        pairs.first { UTF8Order.equal($0.name, name) }?.value
    }

    /// Whether there is a pair of a name.
    func contains(_ name: String) -> Bool { self[name] != nil }

    private static func decode(_ text: UnsafeBufferPointer<UInt8>) -> String? {
        // Cut out of a `String` at bytes of ASCII, so it is UTF-8.
        guard text.contains(UInt8(ascii: "%")) else { return String(decoding: text, as: UTF8.self) }
        return String(validating: AWSPercentEncoding.decode(text), as: UTF8.self)
    }
}
