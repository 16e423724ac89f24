import BlobStorage
package import BlobStorageHTTP

/// A custom endpoint: `http(s)://host[:port][/base]`, checked.
package struct S3EndpointURL: Sendable, Hashable {
    /// The most bytes of an endpoint.
    static let maximumByteCount = 2_048

    package let scheme: HTTPURL.Scheme
    /// A name in lower case, an IPv4 address, or an IPv6 address in brackets.
    package let host: String
    /// `nil` is the scheme's own.
    package let port: Int?
    /// What every path begins with, percent-encoded, without a slash at its end; often empty.
    package let path: String
    /// Whether the host is an IP address.
    package let isAddress: Bool

    /// Reads an endpoint.
    ///
    /// No error repeats what it found, since somebody may have put a secret there.
    ///
    /// - Throws: `BlobError` of kind `invalidArgument`.
    package init(_ text: String) throws {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.maximumByteCount else {
            throw Self.invalid("has \(bytes.count) bytes; at most \(Self.maximumByteCount)")
        }
        guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Self.invalid("has a space, a control character or one outside ASCII")
        }
        guard
            let (scheme, rest) = Self.schemes.lazy.compactMap({ scheme, prefix in
                Self.dropping(prefix, bytes).map { (scheme, $0) }
            }).first
        else {
            throw Self.invalid("does not begin with https:// or http://")
        }
        guard !rest.contains(UInt8(ascii: "@")) else {
            throw Self.invalid("has user information (…@); credentials are given apart from it")
        }
        guard !rest.contains(UInt8(ascii: "?")), !rest.contains(UInt8(ascii: "#")) else {
            throw Self.invalid("has a query or a fragment (? or #)")
        }
        guard !rest.contains(UInt8(ascii: "\\")) else { throw Self.invalid("has a backslash") }
        let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        let authority = try Self.authority(rest[..<end])
        self.scheme = scheme
        host = authority.host
        port = authority.port
        isAddress = authority.isAddress
        path = try Self.path(rest[end...])
    }

    private static let schemes: [(HTTPURL.Scheme, String)] = [
        (.https, "https://"), (.http, "http://"),
    ]

    /// What follows a prefix, compared without regard to ASCII case.
    private static func dropping(_ prefix: String, _ bytes: [UInt8]) -> ArraySlice<UInt8>? {
        let count = prefix.utf8.count
        guard bytes.count >= count,
            zip(bytes, prefix.utf8).allSatisfy({ lower($0) == $1 })
        else { return nil }
        return bytes[count...]
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }

    private static func authority(
        _ bytes: ArraySlice<UInt8>
    ) throws -> (host: String, port: Int?, isAddress: Bool) {
        let isIPv6 = bytes.first == UInt8(ascii: "[")
        let hostEnd: ArraySlice<UInt8>.Index
        if isIPv6 {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else {
                throw invalid("has an IPv6 address without its closing bracket")
            }
            hostEnd = close + 1
        } else {
            hostEnd = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        }
        let host = String(decoding: bytes[..<hostEnd].map(lower), as: UTF8.self)
        guard !host.isEmpty else { throw invalid("has no host") }
        guard isIPv6 ? isIPv6Literal(host) : isName(host) else {
            throw invalid("has a host that is neither a DNS name nor an IP address")
        }
        return (host, try port(bytes[hostEnd...]), isIPv6 || isIPv4(host))
    }

    private static func port(_ bytes: ArraySlice<UInt8>) throws -> Int? {
        guard let first = bytes.first else { return nil }
        let digits = bytes.dropFirst()
        guard first == UInt8(ascii: ":"), (1...5).contains(digits.count),
            digits.allSatisfy(\.isDigit), let port = Int(String(decoding: digits, as: UTF8.self)),
            (1...65_535).contains(port)
        else { throw invalid("has a port that is no number from 1 to 65535") }
        return port
    }

    private static func path(_ bytes: ArraySlice<UInt8>) throws -> String {
        var bytes = bytes
        while bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        var digitsLeft = 0
        for byte in bytes {
            if digitsLeft > 0 {
                guard byte.isDigit || (0x61...0x66).contains(byte | 0x20) else { break }
                digitsLeft -= 1
            } else if byte == UInt8(ascii: "%") {
                digitsLeft = 2
            } else if !byte.isLetterOrDigit, !"/-._~!$&'()*+,;=:".utf8.contains(byte) {
                throw invalid("has a path with a character that must be percent-encoded")
            }
        }
        guard digitsLeft == 0 else {
            throw invalid("has a path with a % without two hexadecimal digits behind it")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let segments = text.utf8.split(separator: UInt8(ascii: "/"))
        guard
            !segments.contains(where: { $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) })
        else { throw invalid("has a path with . or .. in it") }
        return text
    }

    /// Whether the text may be a DNS name; underscores are what containers' names have.
    private static func isName(_ host: String) -> Bool {
        let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return host.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.count)
                    && label.allSatisfy { $0.isLetterOrDigit || "-_".utf8.contains($0) }
            }
    }

    /// Whether the text is four numbers up to 255 with dots between them.
    static func isIPv4(_ host: String) -> Bool {
        let fields = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return fields.count == 4
            && fields.allSatisfy { field in
                (1...3).contains(field.count) && field.allSatisfy(\.isDigit)
                    && (Int(String(decoding: Array(field), as: UTF8.self)) ?? 256) < 256
            }
    }

    /// Whether the text reads like an IPv6 address in brackets; libcurl decides the rest.
    private static func isIPv6Literal(_ host: String) -> Bool {
        let inner = host.utf8.dropFirst().dropLast()
        return (2...45).contains(inner.count) && inner.contains(UInt8(ascii: ":"))
            && inner.allSatisfy {
                $0.isDigit || (0x61...0x66).contains($0) || ":.".utf8.contains($0)
            }
    }

    private static func invalid(_ what: String) -> BlobError {
        S3EndpointParameters.invalid(
            "the endpoint \(what); write it as https://host[:port][/path]"
        )
    }
}
