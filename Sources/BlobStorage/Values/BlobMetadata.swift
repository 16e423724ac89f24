/// The user's own pairs of a blob: names and values, kept exactly.
///
/// Names are lower-case HTTP tokens, since S3 keeps them so; values are text without control
/// characters. Names and values together have at most 2,048 bytes. A store checks all this before
/// it keeps a byte.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
public struct BlobMetadata: Sendable, Hashable {
    /// The most bytes of all names and values together.
    public static let maximumByteCount = 2_048

    private var stored: TextPairs

    /// Creates metadata without a pair.
    public init() {
        stored = TextPairs()
    }

    /// Creates metadata from pairs.
    ///
    /// - Parameter values: The values by their names.
    public init(_ values: [String: String]) {
        stored = TextPairs(values: values)
    }

    /// The value of a name, `nil` if there is none.
    public subscript(_ name: String) -> String? {
        get { stored.values[name] }
        set { stored.values[name] = newValue }
    }

    /// How many pairs there are.
    public var count: Int { stored.values.count }

    /// Whether there is no pair.
    public var isEmpty: Bool { stored.values.isEmpty }

    /// The pairs, ordered by the bytes of their names.
    public var pairs: [(name: String, value: String)] { stored.ordered }

    /// Throws unless every store could keep the pairs unchanged.
    package func validate(operation: String, key: BlobKey) throws {
        var byteCount = 0
        for (name, value) in pairs {
            byteCount += name.utf8.count + value.utf8.count
            if let message = Self.problem(name: name, value: value) {
                throw BlobError(.invalidArgument, operation: operation, key: key, message: message)
            }
        }
        guard byteCount <= Self.maximumByteCount else {
            let message = "the metadata has \(byteCount) bytes; at most \(Self.maximumByteCount)"
            throw BlobError(.invalidArgument, operation: operation, key: key, message: message)
        }
    }

    private static func problem(name: String, value: String) -> String? {
        if name.isEmpty { return "a metadata name is empty" }
        guard name.utf8.allSatisfy(isNameByte) else {
            return "the metadata name \"\(EscapedText(name))\" must have only a–z, 0–9 and "
                + "!#$%&'*+-.^_`|~ (S3 keeps names in lower case)"
        }
        let isControl = value.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
        if isControl {
            return "the metadata value of \"\(name)\" has a control character: "
                + "\"\(EscapedText(value))\""
        }
        return nil
    }

    /// Whether a byte may stand in a name: an HTTP token (RFC 9110, section 5.6.2) in lower case.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

extension BlobMetadata: ExpressibleByDictionaryLiteral {
    /// Creates metadata from a literal; of two pairs with one name the last counts.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(Dictionary(elements) { _, last in last })
    }
}

extension BlobMetadata: CustomStringConvertible {
    /// The pairs as `name=value`, ordered.
    public var description: String {
        pairs.map { "\($0.name)=\(EscapedText($0.value))" }.joined(separator: ", ")
    }
}
