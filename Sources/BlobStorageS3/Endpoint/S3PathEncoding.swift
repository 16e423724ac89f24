/// Text percent-encoded as S3 wants it: once, byte by byte, nothing normalized.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
package enum S3PathEncoding {
    /// Encodes a key for a path; slashes stay.
    package static func path(_ text: String) -> String {
        encode(text, keeping: UInt8(ascii: "/"))
    }

    /// Encodes a parameter's name or value, or one segment of a path; slashes are encoded too.
    package static func component(_ text: String) -> String {
        encode(text, keeping: nil)
    }

    /// A query of parameters, in the order given; a parameter whose value is `nil` stands without
    /// an equals sign, as `uploads` does.
    package static func query(_ parameters: [(name: String, value: String?)]) -> String {
        parameters
            .map { name, value in
                value.map { "\(component(name))=\(component($0))" } ?? component(name)
            }
            .joined(separator: "&")
    }

    private static func encode(_ text: String, keeping kept: UInt8?) -> String {
        var text = text
        let plain = text.withUTF8 { bytes in
            bytes.allSatisfy { isUnreserved($0) || $0 == kept }
        }
        guard !plain else { return text }
        var encoded: [UInt8] = []
        encoded.reserveCapacity(text.utf8.count * 3)
        for byte in text.utf8 {
            if isUnreserved(byte) || byte == kept {
                encoded.append(byte)
            } else {
                encoded.append(UInt8(ascii: "%"))
                encoded.append(hexDigit(byte >> 4))
                encoded.append(hexDigit(byte & 15))
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// RFC 3986's unreserved characters.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// An upper-case digit, as AWS signs them.
    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") + nibble - 10
    }
}
