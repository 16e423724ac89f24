/// One request that a server has answered, or given up; for logs.
public struct HTTPServerAccess: Sendable {
    /// The client's address.
    public let remoteAddress: String?
    /// The method, as it was sent.
    public let method: String
    /// The target, without what must not stand in a log: the values of signatures, tokens and
    /// everything else that begins with `X-Amz-` are `-`.
    public let target: String
    /// The status; `nil` if there was no answer, since the client went away or was too slow.
    public let status: Int?
    /// How many bytes of the request's body were received.
    public let receivedByteCount: Int64
    /// How many bytes of the response's body were sent; of one that broke, those that were made.
    public let sentByteCount: Int64
    /// Whether the whole answer was sent.
    public let isComplete: Bool
    /// How long it took from the head of the request to the end of the answer.
    public let duration: Duration
}

extension HTTPServerAccess {
    /// A target as it may stand in a log.
    static func redacted(_ target: String) -> String {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return target }
        let query = target.utf8[target.utf8.index(after: mark)...]
        let pairs = query.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
        let shown = pairs.map { pair -> String in
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")), isSecret(pair[..<equals])
            else { return String(decoding: pair, as: UTF8.self) }
            return String(decoding: pair[..<equals], as: UTF8.self) + "=-"
        }
        let path = String(decoding: target.utf8[..<mark], as: UTF8.self)
        return path + "?" + shown.joined(separator: "&")
    }

    /// Whether a query's name has a value that nobody else may know.
    private static func isSecret(_ name: Substring.UTF8View) -> Bool {
        // A name can be spelled with escapes, and mean the same.
        if name.contains(UInt8(ascii: "%")) { return true }
        let lower = name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        let names = ["signature", "awsaccesskeyid", "policy", "key-pair-id", "token", "password"]
        return lower.starts(with: "x-amz-".utf8) || names.contains { lower.elementsEqual($0.utf8) }
    }
}
