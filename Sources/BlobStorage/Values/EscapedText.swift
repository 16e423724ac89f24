/// Text with its control characters escaped, so that a key can't forge a line of a log or steer a
/// terminal.
package struct EscapedText: CustomStringConvertible {
    private let text: String
    private let escapesQuotes: Bool

    package init(_ text: String) {
        self.text = text
        escapesQuotes = true
    }

    /// An etag with its own quotes.
    package init(_ etag: ETag) {
        text = etag.text
        escapesQuotes = false
    }

    package var description: String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2028, 0x2029, 0x2066...0x2069:
                escaped += "\\u{\(String(scalar.value, radix: 16))}"
            case 0x22 where escapesQuotes: escaped += "\\\""
            case 0x5C: escaped += "\\\\"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
