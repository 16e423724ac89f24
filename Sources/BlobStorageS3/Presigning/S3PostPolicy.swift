internal import BlobStorageAWS
internal import Foundation

/// The policy of a form: until when, and what every field must be.
///
/// It is written byte by byte as JSON in ASCII, with the spaces that botocore leaves, so that equal
/// policies have equal signatures.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
struct S3PostPolicy {
    /// What must be true of an upload.
    enum Condition {
        case equal(String, String)
        case startsWith(String, String)
        case contentLength(ClosedRange<Int64>)
    }

    let expiration: Date
    var conditions: [Condition] = []

    init(expiration: Date) {
        self.expiration = expiration
    }

    /// The policy as the form carries it.
    var base64: String { Data(json).base64EncodedString() }

    /// The policy as JSON.
    var json: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(1_024)
        text.append(contentsOf: "{\"expiration\": ".utf8)
        append(AWSDate.extended(expiration), to: &text)
        text.append(contentsOf: ", \"conditions\": [".utf8)
        for (index, condition) in conditions.enumerated() {
            if index > 0 { text.append(contentsOf: ", ".utf8) }
            append(condition, to: &text)
        }
        text.append(contentsOf: "]}".utf8)
        return text
    }

    private func append(_ condition: Condition, to text: inout [UInt8]) {
        switch condition {
        case .equal(let name, let value):
            text.append(UInt8(ascii: "{"))
            append(name, to: &text)
            text.append(contentsOf: ": ".utf8)
            append(value, to: &text)
            text.append(UInt8(ascii: "}"))
        case .startsWith(let name, let prefix):
            text.append(contentsOf: "[\"starts-with\", ".utf8)
            append("$\(name)", to: &text)
            text.append(contentsOf: ", ".utf8)
            append(prefix, to: &text)
            text.append(UInt8(ascii: "]"))
        case .contentLength(let range):
            text.append(contentsOf: "[\"content-length-range\", ".utf8)
            text.append(contentsOf: String(range.lowerBound).utf8)
            text.append(contentsOf: ", ".utf8)
            text.append(contentsOf: String(range.upperBound).utf8)
            text.append(UInt8(ascii: "]"))
        }
    }

    /// Appends a string as RFC 8259, section 7, has it, with all but ASCII as `\uXXXX`.
    ///
    /// The policy's bytes are signed, and compared with botocore's, which escapes like this.
    /// `JSONEncoder` writes no blanks and leaves what is not ASCII, so its signatures would be others.
    private func append(_ string: String, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        for unit in string.utf16 {
            switch unit {
            case 0x22: text.append(contentsOf: "\\\"".utf8)
            case 0x5C: text.append(contentsOf: "\\\\".utf8)
            case 0x08: text.append(contentsOf: "\\b".utf8)
            case 0x09: text.append(contentsOf: "\\t".utf8)
            case 0x0A: text.append(contentsOf: "\\n".utf8)
            case 0x0C: text.append(contentsOf: "\\f".utf8)
            case 0x0D: text.append(contentsOf: "\\r".utf8)
            case 0x20...0x7E: text.append(UInt8(unit))
            default:
                text.append(contentsOf: "\\u".utf8)
                for shift in [12, 8, 4, 0] { text.append(Self.digits[Int(unit >> shift & 15)]) }
            }
        }
        text.append(UInt8(ascii: "\""))
    }

    private static let digits = [UInt8]("0123456789abcdef".utf8)
}
