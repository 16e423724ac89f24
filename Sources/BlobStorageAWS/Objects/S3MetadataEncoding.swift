import Foundation

/// User metadata as header values that every S3 keeps unchanged.
///
/// A header can't carry everything: blanks at the ends are cut, stores read bytes above ASCII as
/// they like, an empty value gets lost. RFC 2047 (`=?UTF-8?Q?…?=`) is no way out, since AWS itself
/// decodes it when it stores, and what was a leading blank is cut when it answers.
///
/// So a value that is plain, printable ASCII with single blanks inside, travels as it is, and
/// shows so in every tool. Any other travels as RFC 8187 has it for parameters: `UTF-8''` and then
/// percent-encoded UTF-8. That is ASCII without blanks, which nobody changes, and it says itself how
/// to read it. A plain value that begins with `UTF-8''` or holds `=?` is encoded too, so that what is
/// decoded is always what was given.
///
/// Metadata that other clients wrote is read as it was meant: RFC 8187, RFC 2047, else verbatim.
///
/// - SeeAlso: RFC 8187, section 3.2; RFC 2047
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
package enum S3MetadataEncoding {
    private static let mark = "UTF-8''"

    /// The value to send.
    package static func encode(_ value: String) -> String {
        isPlain(value) ? value : mark + AWSPercentEncoding.encode(value)
    }

    /// The value as a gateway answers it: other than plain ones in the form of RFC 2047, as AWS does.
    ///
    /// An empty value stays empty.
    package static func answer(_ value: String) -> String {
        guard !isPlain(value), !value.isEmpty else { return value }
        return "=?UTF-8?B?" + Data(value.utf8).base64EncodedString() + "?="
    }

    /// The value that a header stands for.
    package static func decode(_ header: String) -> String {
        if hasMark(header) {
            let rest = String(
                decoding: Array(header.utf8.dropFirst(mark.utf8.count)),
                as: UTF8.self
            )
            guard let value = percentDecoded(rest), isLegal(value) else { return header }
            return value
        }
        guard let value = EncodedWords.decode(header), isLegal(value) else { return header }
        return value
    }

    /// Whether a value comes back from every store as it is sent.
    private static func isPlain(_ value: String) -> Bool {
        guard !value.isEmpty, !hasMark(value) else { return false }
        var previous = UInt8(ascii: " ")
        for byte in value.utf8 {
            guard (0x20...0x7E).contains(byte) else { return false }
            // Two blanks in a row count as one in a signature, and in some stores' answers.
            if byte == UInt8(ascii: " "), previous == byte { return false }
            if byte == UInt8(ascii: "?"), previous == UInt8(ascii: "=") { return false }
            previous = byte
        }
        return previous != UInt8(ascii: " ")
    }

    /// Whether the text begins with the mark, in capitals or not.
    private static func hasMark(_ text: String) -> Bool {
        text.utf8.count >= mark.utf8.count
            && zip(text.utf8, mark.utf8).allSatisfy { $0 == $1 || ($0 & 0xDF == $1 && $1 > 0x40) }
    }

    /// Decodes `%XX`; a plus sign stands for itself.
    private static func percentDecoded(_ text: String) -> String? {
        guard !text.utf8.contains(UInt8(ascii: "+")) else { return nil }
        return S3URLDecoding.decode(text)
    }

    /// Whether decoded text may be a value: no control characters.
    private static func isLegal(_ value: String) -> Bool {
        value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}

/// Encoded words of RFC 2047, as AWS writes metadata that is not ASCII.
///
/// - SeeAlso: RFC 2047, section 2
enum EncodedWords {
    /// Decodes text that has at least one encoded word.
    ///
    /// - Returns: The text; `nil` if there is no encoded word, or one can't be read.
    static func decode(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        var decoded: [UInt8] = []
        var index = 0
        var blanks: [UInt8] = []
        var isAfterWord = false
        var count = 0
        while index < bytes.count {
            if bytes[index...].starts(with: "=?".utf8) {
                guard let word = Word(bytes[index...]) else { return nil }
                // Blanks between two encoded words are not part of the text (section 6.2).
                if !isAfterWord { decoded += blanks }
                blanks = []
                decoded += word.utf8
                index = word.end
                isAfterWord = true
                count += 1
            } else if bytes[index] == UInt8(ascii: " ") {
                blanks.append(bytes[index])
                index += 1
            } else {
                decoded += blanks
                blanks = []
                decoded.append(bytes[index])
                isAfterWord = false
                index += 1
            }
        }
        guard count > 0 else { return nil }
        return String(validating: decoded + blanks, as: UTF8.self)
    }

    /// One word: `=?charset?B?text?=` or `=?charset?Q?text?=`.
    private struct Word {
        let utf8: [UInt8]
        let end: Int

        init?(_ bytes: ArraySlice<UInt8>) {
            let question = UInt8(ascii: "?")
            let fields = bytes.dropFirst(2).split(
                separator: question,
                maxSplits: 3,
                omittingEmptySubsequences: false
            )
            guard fields.count == 4, fields[3].first == UInt8(ascii: "="), fields[1].count == 1,
                let encoding = fields[1].first
            else { return nil }
            let data: [UInt8]?
            switch encoding | 0x20 {
            case UInt8(ascii: "b"):
                data = Data(base64Encoded: Data(fields[2])).map { Array($0) }
            case UInt8(ascii: "q"): data = Self.unquoted(fields[2])
            default: data = nil
            }
            guard let data, let text = Self.text(data, charset: fields[0]) else { return nil }
            utf8 = Array(text.utf8)
            end = fields[3].startIndex + 1
        }

        private static func text(_ data: [UInt8], charset: ArraySlice<UInt8>) -> String? {
            // RFC 2231 lets a language follow the charset, behind an asterisk.
            let name = charset.prefix { $0 != UInt8(ascii: "*") }
                .map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
            switch String(decoding: name, as: UTF8.self) {
            case "utf-8", "us-ascii": return String(validating: data, as: UTF8.self)
            case "iso-8859-1":
                return String(String.UnicodeScalarView(data.map { Unicode.Scalar($0) }))
            default: return nil
            }
        }

        /// Decodes the Q encoding: `_` is a space, `=XX` a byte.
        private static func unquoted(_ text: ArraySlice<UInt8>) -> [UInt8]? {
            var data: [UInt8] = []
            var rest = text
            while let byte = rest.popFirst() {
                switch byte {
                case UInt8(ascii: "_"): data.append(0x20)
                case UInt8(ascii: "="):
                    guard let high = rest.popFirst().flatMap(S3URLDecoding.hexValue),
                        let low = rest.popFirst().flatMap(S3URLDecoding.hexValue)
                    else { return nil }
                    data.append(high << 4 | low)
                default: data.append(byte)
                }
            }
            return data
        }
    }
}
