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
        guard let query else { return }
        for item in query.utf8.split(separator: UInt8(ascii: "&")) {
            let end = item.firstIndex(of: UInt8(ascii: "=")) ?? item.endIndex
            let value = end == item.endIndex ? item[end...] : item[item.index(after: end)...]
            pairs.append(Pair(name: try Self.decode(item[..<end]), value: try Self.decode(value)))
        }
    }

    /// The value of the first pair of a name; empty if it has none.
    subscript(name: String) -> String? {
        pairs.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// Whether there is a pair of a name.
    func contains(_ name: String) -> Bool { self[name] != nil }

    private static func decode(_ text: Substring.UTF8View) throws(GatewayError) -> String {
        guard let decoded = String(validating: AWSPercentEncoding.decode(text), as: UTF8.self)
        else { throw GatewayError(400, "InvalidArgument", "the query is not UTF-8") }
        return decoded
    }
}
