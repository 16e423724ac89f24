/// The path and the query of a request, decoded.
struct RequestTarget: Sendable, Equatable {
    /// The segments of the path; none for `/`.
    let path: [String]
    /// The values of the query by their names.
    let query: [String: String]

    /// Reads a target.
    ///
    /// - Throws: ``Problem`` if it is no path, its escapes are none, or a name stands there twice.
    init(_ target: String) throws {
        let bytes = target.utf8
        guard bytes.first == UInt8(ascii: "/") else {
            throw Problem(.invalidRequest, "the target of the request is no path")
        }
        let end = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
        let segments = bytes[..<end].dropFirst()
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isRoot = segments.count == 1 && segments[0].isEmpty
        path = isRoot ? [] : try segments.map { try Self.decoded($0, plusIsBlank: false) }
        query = end == bytes.endIndex ? [:] : try Self.query(bytes[end...].dropFirst())
    }

    private static func query(_ text: Substring.UTF8View) throws -> [String: String] {
        var values: [String: String] = [:]
        for pair in text.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(
                separator: UInt8(ascii: "="),
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let name = try decoded(parts[0], plusIsBlank: true)
            let value = parts.count == 2 ? try decoded(parts[1], plusIsBlank: true) : ""
            guard values.updateValue(value, forKey: name) == nil else {
                throw Problem(.invalidRequest, "a name stands in the query twice")
            }
        }
        return values
    }

    private static func decoded(
        _ text: Substring.UTF8View,
        plusIsBlank: Bool
    ) throws -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+"), plusIsBlank {
                bytes.append(UInt8(ascii: " "))
                continue
            }
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexDigitValue,
                let low = rest.popFirst()?.hexDigitValue
            else {
                throw Problem(.invalidRequest, "a % has no two hexadecimal digits behind it")
            }
            bytes.append(high << 4 | low)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw Problem(.invalidRequest, "the path or the query is not UTF-8")
        }
        return decoded
    }
}

extension UInt8 {
    /// The value of a hexadecimal digit; `nil` if it is none.
    fileprivate var hexDigitValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
