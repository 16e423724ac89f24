internal import BlobStorageAWS
internal import Foundation

/// The policy of a form: until when it is good, and what its fields must be.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
struct PolicyDocument: Sendable {
    /// One condition.
    struct Condition: Sendable {
        enum Test: Sendable {
            case equals
            case startsWith
        }

        let test: Test
        /// The field's name, in lower case.
        let name: String
        let value: String

        /// The condition as the policy may have it, for an error.
        var text: String {
            let word = test == .equals ? "eq" : "starts-with"
            return "[\"\(word)\", \"$\(name)\", \"\(value)\"]"
        }
    }

    let expiration: Date
    private(set) var conditions: [Condition] = []
    /// What all `content-length-range`s allow; `nil` if there is none.
    private(set) var allowedByteCounts: ClosedRange<Int64>?

    /// The most conditions; a form has no more fields.
    static let maximumConditionCount = 2 * FormReader.maximumFieldCount

    /// Reads a policy.
    ///
    /// - Parameter base64: The policy in base64, as the form carries it.
    /// - Throws: `GatewayError` if it is none.
    init(base64: String) throws(GatewayError) {
        guard let data = Data(base64Encoded: base64) else {
            throw Self.invalid("it is not base64")
        }
        try self.init([UInt8](data))
    }

    /// Reads a policy's JSON.
    init(_ bytes: [UInt8]) throws(GatewayError) {
        var reader = JSONReader(bytes)
        guard let value = reader.document(), case .object(let pairs) = value else {
            throw Self.invalid("it is no JSON object")
        }
        var expiration: Date?
        var items: [JSONValue]?
        for (name, value) in pairs {
            switch (name, value) {
            case ("expiration", .string(let text)) where expiration == nil:
                guard let date = AWSDate.parse(text) else {
                    throw Self.invalid("Invalid 'expiration' value: '\(text)'")
                }
                expiration = date
            case ("conditions", .array(let values)) where items == nil: items = values
            default: throw Self.invalid("Unexpected: '\(name)'")
            }
        }
        guard let expiration else { throw Self.invalid("Policy missing expiration.") }
        guard let items else { throw Self.invalid("Policy missing conditions.") }
        guard items.count <= Self.maximumConditionCount else {
            throw Self.invalid("it has more than \(Self.maximumConditionCount) conditions")
        }
        self.expiration = expiration
        for item in items { try add(item) }
    }

    private mutating func add(_ item: JSONValue) throws(GatewayError) {
        switch item {
        case .object(let pairs):
            guard !pairs.isEmpty else { throw Self.invalid("a condition is empty") }
            for (name, value) in pairs {
                guard case .string(let text) = value else { throw Self.noCondition }
                let condition = Condition(test: .equals, name: Self.lower(name), value: text)
                conditions.append(condition)
            }
        case .array(let values):
            guard values.count == 3, case .string(let word) = values[0] else {
                throw Self.noCondition
            }
            try add(Self.lower(word), values[1], values[2])
        default: throw Self.noCondition
        }
    }

    private mutating func add(
        _ word: String,
        _ first: JSONValue,
        _ second: JSONValue
    ) throws(GatewayError) {
        if word == "content-length-range" {
            guard let lower = first.byteCount, let upper = second.byteCount, lower <= upper else {
                throw Self.invalid("a content-length-range is no range")
            }
            let known = allowedByteCounts ?? 0...Int64.max
            guard lower <= known.upperBound, upper >= known.lowerBound else {
                throw Self.invalid("the content-length-ranges exclude each other")
            }
            allowedByteCounts = max(lower, known.lowerBound)...min(upper, known.upperBound)
            return
        }
        guard word == "eq" || word == "starts-with", case .string(let name) = first,
            case .string(let value) = second, name.utf8.first == UInt8(ascii: "$"),
            name.utf8.count > 1
        else { throw Self.noCondition }
        conditions.append(
            Condition(
                test: word == "eq" ? .equals : .startsWith,
                name: Self.lower(String(name.unicodeScalars.dropFirst())),
                value: value
            )
        )
    }

    private static func lower(_ text: String) -> String {
        String(decoding: text.utf8.map(HeaderParameters.lowerCase), as: UTF8.self)
    }

    private static var noCondition: GatewayError {
        invalid("a condition is neither {\"name\": \"value\"} nor [\"eq\", \"$name\", \"value\"]")
    }

    private static func invalid(_ problem: String) -> GatewayError {
        GatewayError(400, "InvalidPolicyDocument", "Invalid Policy: \(problem)")
    }
}

extension JSONValue {
    /// A count of bytes, as a number or as text.
    fileprivate var byteCount: Int64? {
        switch self {
        case .number(let text), .string(let text):
            text.utf8.allSatisfy(SignatureClaim.isDigit) ? Int64(text) : nil
        default: nil
        }
    }
}
