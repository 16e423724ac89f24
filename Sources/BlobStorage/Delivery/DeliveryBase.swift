/// What comes before the keys in the addresses of blobs: `https://cdn.example.com/files/`.
package struct DeliveryBase: Sendable, Hashable {
    /// The address, with one slash at its end that is not the key's.
    package let text: String

    /// Reads an address.
    ///
    /// - Throws: ``BlobError`` of kind `invalidArgument`, which repeats nothing of the address.
    package init(_ text: String) throws {
        let bytes = [UInt8](text.utf8)
        let schemes = ["https://", "http://"].map { [UInt8]($0.utf8) }
        guard let scheme = schemes.first(where: { bytes.starts(with: $0) }) else {
            throw Self.invalid("it does not begin with https:// or http://")
        }
        guard bytes.allSatisfy(\.isBaseByte) else {
            throw Self.invalid(
                "it has bytes other than a URL's before the query; write them as %XX"
            )
        }
        let authority = bytes[scheme.count...].prefix { $0 != UInt8(ascii: "/") }
        guard !authority.contains(UInt8(ascii: "@")) else {
            throw Self.invalid("there is user information (…@) before the host")
        }
        guard let first = authority.first, first != UInt8(ascii: ":"),
            !authority.contains(UInt8(ascii: "%"))
        else { throw Self.invalid("there is no host, or not of a URL's letters") }
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "%") {
            let digits = bytes[(index + 1)...].prefix(2)
            guard digits.count == 2, digits.allSatisfy(\.isHexDigit) else {
                throw Self.invalid("there is a % without two hexadecimal digits behind it")
            }
        }
        self.text = bytes.last == UInt8(ascii: "/") ? text : text + "/"
    }

    /// The address of a blob.
    ///
    /// - Throws: ``BlobError`` of kind `unsupported` for a key that no browser would ask for: it
    ///   resolves `.` and `..` before it sends a URL, percent-encoded ones too (the URL Standard,
    ///   "double-dot URL path segment").
    package func address(of key: BlobKey) throws -> String {
        let slash = UInt8(ascii: "/")
        let segments = key.text.utf8.split(separator: slash, omittingEmptySubsequences: false)
        let dots = [[UInt8](".".utf8), [UInt8]("..".utf8)]
        guard !segments.contains(where: { dots.contains([UInt8]($0)) }) else {
            throw BlobError(
                .unsupported,
                operation: "url",
                key: key,
                message: "the key has a segment . or .., which clients take out of a URL"
            )
        }
        return address(ofPrefix: key.text)
    }

    /// What the addresses of all blobs begin with whose keys begin with these bytes.
    package func address(ofPrefix prefix: String) -> String {
        var address = [UInt8](text.utf8)
        for byte in prefix.utf8 { address.appendPathByte(byte) }
        return String(decoding: address, as: UTF8.self)
    }

    private static func invalid(_ message: String) -> BlobError {
        BlobError(
            .invalidArgument,
            operation: "delivery",
            message: "the base address is none: \(message)"
        )
    }
}

extension [UInt8] {
    /// Appends a byte of a path: slashes and RFC 3986's unreserved characters as they are.
    fileprivate mutating func appendPathByte(_ byte: UInt8) {
        guard !byte.isUnreserved, byte != UInt8(ascii: "/") else {
            append(byte)
            return
        }
        let digits = [UInt8]("0123456789ABCDEF".utf8)
        append(UInt8(ascii: "%"))
        append(digits[Int(byte >> 4)])
        append(digits[Int(byte & 15)])
    }
}

extension UInt8 {
    fileprivate var isUnreserved: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~".utf8.contains(self)
        }
    }

    /// Whether the byte may stand in front of a query; brackets are those of an IPv6 address.
    fileprivate var isBaseByte: Bool { isUnreserved || "!$&'()*+,;=:@/%[]".utf8.contains(self) }

    fileprivate var isHexDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
