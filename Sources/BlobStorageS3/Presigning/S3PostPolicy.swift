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
    var base64: String { get throws { Data(try json).base64EncodedString() } }

    /// The policy as JSON.
    var json: [UInt8] {
        get throws {
            var text: [UInt8] = []
            text.reserveCapacity(1_024)
            text.append(contentsOf: "{\"expiration\": ".utf8)
            try append(AWSDate.extended(expiration), to: &text)
            text.append(contentsOf: ", \"conditions\": [".utf8)
            for (index, condition) in conditions.enumerated() {
                if index > 0 { text.append(contentsOf: ", ".utf8) }
                try append(condition, to: &text)
            }
            text.append(contentsOf: "]}".utf8)
            return text
        }
    }

    private func append(_ condition: Condition, to text: inout [UInt8]) throws {
        switch condition {
        case .equal(let name, let value):
            text.append(UInt8(ascii: "{"))
            try append(name, to: &text)
            text.append(contentsOf: ": ".utf8)
            try append(value, to: &text)
            text.append(UInt8(ascii: "}"))
        case .startsWith(let name, let prefix):
            text.append(contentsOf: "[\"starts-with\", ".utf8)
            try append("$\(name)", to: &text)
            text.append(contentsOf: ", ".utf8)
            try append(prefix, to: &text)
            text.append(UInt8(ascii: "]"))
        case .contentLength(let range):
            text.append(contentsOf: "[\"content-length-range\", ".utf8)
            text.append(contentsOf: String(range.lowerBound).utf8)
            text.append(contentsOf: ", ".utf8)
            text.append(contentsOf: String(range.upperBound).utf8)
            text.append(UInt8(ascii: "]"))
        }
    }

    /// Appends a JSON string with all but printable ASCII as `\uXXXX`, as botocore has it.
    ///
    /// The policy's bytes are signed, and compared with botocore's; `JSONEncoder` escapes what must be,
    /// and leaves the rest.
    private func append(_ string: String, to text: inout [UInt8]) throws {
        for unit in String(decoding: try encoder.encode(string), as: UTF8.self).utf16 {
            if (0x20...0x7E).contains(unit) {
                text.append(UInt8(unit))
            } else {
                text.append(contentsOf: "\\u".utf8)
                for shift in [12, 8, 4, 0] { text.append(Self.digits[Int(unit >> shift & 15)]) }
            }
        }
    }

    private let encoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return encoder
    }()

    private static let digits = [UInt8]("0123456789abcdef".utf8)
}
