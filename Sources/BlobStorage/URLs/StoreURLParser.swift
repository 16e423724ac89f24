/// Reads the bytes of a ``StoreURL``, strictly.
///
/// - SeeAlso: RFC 3986, appendix A
struct StoreURLParser {
    private(set) var scheme = ""
    private(set) var host: String?
    private(set) var port: Int?
    private(set) var path = ""
    private(set) var parameters: [String: String] = [:]

    static func parse(_ bytes: [UInt8]) throws -> StoreURLParser {
        guard bytes.count <= StoreURL.maximumByteCount else {
            throw StoreURL.invalid(
                "the address has \(bytes.count) bytes; at most \(StoreURL.maximumByteCount)"
            )
        }
        if let index = bytes.firstIndex(where: { !$0.isURLByte }) {
            throw StoreURL.invalid(
                "byte \(index + 1) of the address can't stand in a URL; write it as %XX"
            )
        }
        guard !bytes.contains(.hash) else {
            throw StoreURL.invalid("the address has a fragment (#…); write # as %23")
        }
        return try StoreURLParser(bytes[...])
    }

    private init(_ bytes: ArraySlice<UInt8>) throws {
        let (front, query) = bytes.cut(at: .question)
        guard let colon = front.firstIndex(of: .colon), Self.isScheme(front[..<colon]) else {
            throw StoreURL.invalid(
                "the address does not begin with a scheme and a colon, such as file:"
            )
        }
        scheme = String(decoding: front[..<colon], as: UTF8.self).lowercased()
        var rest = front[(colon + 1)...]
        if rest.starts(with: [.slash, .slash]) {
            rest = rest.dropFirst(2)
            let end = rest.firstIndex(of: .slash) ?? rest.endIndex
            try readAuthority(rest[..<end])
            rest = rest[end...]
        } else if rest.prefix(while: { $0 != .slash }).contains(.at) {
            throw Self.userInformation
        }
        // Decoded, it would be a border between segments that the address does not have.
        path = try Self.decoded(rest, "the path", refusing: .slash)
        if let query { try readQuery(query) }
    }

    private static let userInformation = StoreURL.invalid(
        "there is user information (…@) before the host; credentials don't belong into an address"
    )

    private static func isScheme(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, first.isLetter else { return false }
        return bytes.allSatisfy { $0.isLetter || $0.isDigit || "+-.".utf8.contains($0) }
    }

    private mutating func readAuthority(_ bytes: ArraySlice<UInt8>) throws {
        guard !bytes.contains(.at) else { throw Self.userInformation }
        let (name, digits) = bytes.cut(at: .colon)
        guard name.allSatisfy(\.isUnreserved) else {
            throw StoreURL.invalid("the host has more than letters, digits and -._~")
        }
        host = String(decoding: name, as: UTF8.self)
        guard let digits else { return }
        guard !name.isEmpty, (1...5).contains(digits.count), digits.allSatisfy(\.isDigit),
            digits.first != UInt8(ascii: "0"),
            let number = Int(String(decoding: digits, as: UTF8.self)), number <= 65_535
        else {
            throw StoreURL.invalid("the port is no number from 1 to 65535 behind a host")
        }
        port = number
    }

    private mutating func readQuery(_ query: ArraySlice<UInt8>) throws {
        for field in query.split(separator: .ampersand, omittingEmptySubsequences: false) {
            let (name, value) = field.cut(at: .equals)
            guard !name.isEmpty, name.allSatisfy(\.isUnreserved) else {
                throw StoreURL.invalid(
                    "a parameter has no name, or one with more than letters, digits and -._~"
                )
            }
            let text = String(decoding: name, as: UTF8.self)
            guard let value else {
                throw StoreURL.invalid("a parameter has no value; write name=value")
            }
            guard parameters[text] == nil else {
                throw StoreURL.invalid("the parameter \"\(text)\" is given twice")
            }
            parameters[text] = try Self.decoded(value, "the parameter \"\(text)\"")
        }
    }

    /// Decodes `%XX`, once.
    private static func decoded(
        _ bytes: ArraySlice<UInt8>,
        _ what: String,
        refusing refused: UInt8? = nil
    ) throws -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == .percent else {
                decoded.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexValue, let low = rest.popFirst()?.hexValue else {
                throw StoreURL.invalid("\(what) has a % without two hexadecimal digits behind it")
            }
            let value = high << 4 | low
            guard value >= 0x20, value != 0x7F else {
                throw StoreURL.invalid("\(what) has an encoded control character")
            }
            guard value != refused else {
                throw StoreURL.invalid("\(what) has an encoded slash; write / itself")
            }
            decoded.append(value)
        }
        guard let text = String(validating: decoded, as: UTF8.self) else {
            throw StoreURL.invalid("\(what) is not UTF-8 once it is decoded")
        }
        return text
    }
}

extension ArraySlice<UInt8> {
    /// What comes before the first `separator`, and what comes after it; `nil` if there is none.
    fileprivate func cut(at separator: UInt8) -> (ArraySlice<UInt8>, ArraySlice<UInt8>?) {
        guard let index = firstIndex(of: separator) else { return (self, nil) }
        return (self[..<index], self[(index + 1)...])
    }
}

extension UInt8 {
    fileprivate static let hash = UInt8(ascii: "#")
    fileprivate static let percent = UInt8(ascii: "%")
    fileprivate static let ampersand = UInt8(ascii: "&")
    fileprivate static let slash = UInt8(ascii: "/")
    fileprivate static let colon = UInt8(ascii: ":")
    fileprivate static let equals = UInt8(ascii: "=")
    fileprivate static let question = UInt8(ascii: "?")
    fileprivate static let at = UInt8(ascii: "@")

    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    fileprivate var isLetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }

    fileprivate var isUnreserved: Bool { isLetter || isDigit || "-._~".utf8.contains(self) }

    /// Whether the byte may stand anywhere in an address; `[` and `]` could only be IPv6.
    fileprivate var isURLByte: Bool { isUnreserved || "!$&'()*+,;=:@/?%#".utf8.contains(self) }

    fileprivate var hexValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
