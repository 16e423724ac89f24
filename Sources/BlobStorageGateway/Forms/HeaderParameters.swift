/// The value of a header field and its parameters: `form-data; name="file"; filename="a.txt"`.
///
/// - SeeAlso: RFC 7578, section 4.2
struct HeaderParameters {
    private var rest: ArraySlice<UInt8>
    /// What stands before the parameters, in lower case.
    let first: [UInt8]
    /// Whether the rest could not be read.
    private(set) var isMalformed = false

    init(_ text: ArraySlice<UInt8>) {
        let end = text.firstIndex(of: UInt8(ascii: ";")) ?? text.endIndex
        var first = text[..<end].drop(while: Self.isSpace)
        while let last = first.last, Self.isSpace(last) { first.removeLast() }
        self.first = first.map(Self.lowerCase)
        rest = text[end...]
    }

    /// The next parameter, its name in lower case; `nil` at the end.
    mutating func next() -> (name: [UInt8], value: [UInt8])? {
        rest = rest.drop(while: Self.isSpace)
        guard rest.first == UInt8(ascii: ";") else {
            isMalformed = isMalformed || !rest.isEmpty
            return nil
        }
        rest = rest.dropFirst().drop(while: Self.isSpace)
        guard !rest.isEmpty else { return nil }
        guard let equals = rest.firstIndex(of: UInt8(ascii: "=")) else {
            isMalformed = true
            return nil
        }
        let name = rest[..<equals].map(Self.lowerCase)
        rest = rest[(equals + 1)...]
        let value = rest.first == UInt8(ascii: "\"") ? quotedValue() : tokenValue()
        guard let value, !name.isEmpty, !name.contains(where: Self.isSpace) else {
            isMalformed = true
            return nil
        }
        return (name, value)
    }

    private mutating func tokenValue() -> [UInt8]? {
        var token = rest.prefix { $0 != UInt8(ascii: ";") }
        rest = rest[token.endIndex...]
        while let last = token.last, Self.isSpace(last) { token.removeLast() }
        return token.contains(UInt8(ascii: "\"")) ? nil : [UInt8](token)
    }

    /// A value in quotes; `\"` is a quote, and any other backslash itself, since browsers send paths.
    private mutating func quotedValue() -> [UInt8]? {
        var value: [UInt8] = []
        var index = rest.startIndex + 1
        while index < rest.endIndex {
            let byte = rest[index]
            if byte == UInt8(ascii: "\"") {
                rest = rest[(index + 1)...]
                return Self.unescaped(value)
            }
            let isEscape =
                byte == UInt8(ascii: "\\") && index + 1 < rest.endIndex
                && rest[index + 1] == UInt8(ascii: "\"")
            if isEscape { index += 1 }
            value.append(rest[index])
            index += 1
        }
        return nil
    }

    /// Browsers escape three bytes in names, and nothing else.
    ///
    /// - SeeAlso: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
    private static func unescaped(_ value: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value[...]
        while let byte = rest.first {
            let escape = rest.prefix(3)
            if escape.elementsEqual("%22".utf8) {
                bytes.append(0x22)
            } else if escape.elementsEqual("%0D".utf8) {
                bytes.append(0x0D)
            } else if escape.elementsEqual("%0A".utf8) {
                bytes.append(0x0A)
            } else {
                bytes.append(byte)
                rest = rest.dropFirst()
                continue
            }
            rest = rest.dropFirst(3)
        }
        return bytes
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    static func lowerCase(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
