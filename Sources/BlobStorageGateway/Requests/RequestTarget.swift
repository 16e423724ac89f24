/// The target of a request line, cut at its question mark; nothing is decoded.
struct RequestTarget: Sendable {
    /// The path, as it was sent.
    let path: String
    /// The query without its question mark; `nil` if there is none.
    let query: String?

    /// - Parameter target: The origin form, `/a?b`, or the absolute one that proxies are sent.
    /// - Throws: `GatewayError` if it is neither.
    init(_ target: String) throws(GatewayError) {
        var rest = target.utf8[...]
        for scheme in ["http://", "https://"] where rest.starts(with: scheme.utf8) {
            rest = rest.dropFirst(scheme.utf8.count).drop {
                $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?")
            }
            break
        }
        let mark = rest.firstIndex(of: UInt8(ascii: "?"))
        let path = String(rest[..<(mark ?? rest.endIndex)]) ?? ""
        query = mark.flatMap { String(rest[rest.index(after: $0)...]) }
        guard path.utf8.first == UInt8(ascii: "/") else { throw .invalidURI }
        self.path = path
    }
}
