package import BlobStorage
package import BlobStorageHTTP

/// Addresses of services that a user sets.
package enum EndpointURL {
    /// The most bytes of an address.
    private static let byteLimit = 2_048

    /// Reads an address such as `https://host:9000/path`.
    ///
    /// A path stays as it is; one that is missing is `/`. User names, fragments, blanks and control
    /// characters are refused, and so is any scheme but http and https.
    ///
    /// - Parameters:
    ///   - text: The address.
    ///   - source: Where it comes from, for the error.
    /// - Returns: Its parts.
    /// - Throws: `BlobError` of kind `invalidArgument`, without the query.
    package static func parse(_ text: String, from source: String) throws(BlobError) -> HTTPURL {
        guard let url = parse(text) else {
            let start = String(decoding: text.utf8.prefix { $0 != 0x3F }, as: UTF8.self)
            // A user name may come with a password.
            let hasUser = start.utf8.contains(0x40)
            let shown = hasUser ? "an address with an @" : "\"\(EscapedText(start))\""
            let expected = "http:// or https://, a host, and no user name or fragment"
            throw BlobError(
                .invalidArgument,
                operation: "endpoint",
                message: "\(source) is \(shown); expected \(expected)"
            )
        }
        return url
    }

    private static func parse(_ text: String) -> HTTPURL? {
        let bytes = text.utf8
        guard bytes.count <= byteLimit, bytes.allSatisfy({ (0x21..<0x7F).contains($0) }),
            !bytes.contains(0x23), !bytes.contains(0x5C),
            let colon = bytes.firstIndex(of: 0x3A),
            let scheme = HTTPURL.Scheme(rawValue: lowercased(bytes[..<colon])),
            bytes[colon...].starts(with: "://".utf8)
        else { return nil }
        let rest = bytes[colon...].dropFirst(3)
        let authority = rest.prefix { $0 != 0x2F && $0 != 0x3F }
        guard let (host, port) = split(authority) else { return nil }
        let target = rest[authority.endIndex...]
        let path = target.prefix { $0 != 0x3F }
        let query = target[path.endIndex...].dropFirst()
        return HTTPURL(
            scheme,
            host: host,
            port: port,
            path: path.isEmpty ? "/" : String(decoding: path, as: UTF8.self),
            query: path.endIndex == target.endIndex ? nil : String(decoding: query, as: UTF8.self)
        )
    }

    private static func split(_ authority: Substring.UTF8View) -> (String, Int?)? {
        let isBracketed = authority.first == 0x5B
        let end: Substring.UTF8View.Index
        if isBracketed {
            guard let bracket = authority.firstIndex(of: 0x5D) else { return nil }
            end = authority.index(after: bracket)
        } else {
            end = authority.firstIndex(of: 0x3A) ?? authority.endIndex
        }
        let host = authority[..<end]
        guard host.allSatisfy({ isHostByte($0, inBrackets: isBracketed) }),
            host.count > (isBracketed ? 2 : 0)
        else { return nil }
        let rest = authority[end...]
        guard let colon = rest.first else { return (lowercased(host), nil) }
        guard colon == 0x3A, let port = DecimalText.parse(rest.dropFirst()),
            (1...65_535).contains(port)
        else { return nil }
        return (lowercased(host), port)
    }

    private static func isHostByte(_ byte: UInt8, inBrackets: Bool) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E: true
        case 0x2D, 0x5F: !inBrackets
        case 0x3A, 0x5B, 0x5D: inBrackets
        default: false
        }
    }

    private static func lowercased(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
