/// The free pairs of a record: names and values, kept exactly.
///
/// A name is 1 to 128 printable characters of ASCII, without the blank; a value is any text.
/// Together they have at most 256 KiB, in at most 1,000 pairs: as much as every store can keep. A
/// store checks all this before it keeps a byte.
public struct DocumentAttributes: Sendable, Hashable {
    /// The most bytes of all names and values together.
    ///
    /// An item of DynamoDB has at most 400 KB, its other attributes included.
    public static let maximumByteCount = 256 << 10
    /// The most pairs.
    public static let maximumCount = 1_000
    /// The most bytes of a name.
    public static let maximumNameByteCount = 128

    private var stored: TextPairs

    /// Creates attributes without a pair.
    public init() {
        stored = TextPairs()
    }

    /// Creates attributes from pairs.
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

    /// The bytes of all names and values together.
    package var byteCount: Int {
        stored.values.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    }

    /// The values by their names.
    package var dictionary: [String: String] { stored.values }

    /// Throws unless every store could keep the pairs.
    func validate(operation: String) throws {
        guard count <= Self.maximumCount else {
            let message = "there are \(count) attributes; at most \(Self.maximumCount)"
            throw BlobError(.tooLarge, operation: operation, message: message)
        }
        for name in stored.values.keys {
            guard (1...Self.maximumNameByteCount).contains(name.utf8.count),
                name.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
            else {
                let shown = EscapedText(String(decoding: name.utf8.prefix(40), as: UTF8.self))
                let message =
                    "the attribute name \"\(shown)\" has \(name.utf8.count) bytes; a name has 1 to "
                    + "\(Self.maximumNameByteCount) printable characters of ASCII, without blanks"
                throw BlobError(.invalidArgument, operation: operation, message: message)
            }
        }
        guard byteCount <= Self.maximumByteCount else {
            let message = "the attributes have \(byteCount) bytes; at most \(Self.maximumByteCount)"
            throw BlobError(.tooLarge, operation: operation, message: message)
        }
    }
}

extension DocumentAttributes: ExpressibleByDictionaryLiteral {
    /// Creates attributes from a literal; of two pairs with one name the last counts.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(Dictionary(elements) { _, last in last })
    }
}

extension DocumentAttributes: CustomStringConvertible {
    /// The pairs as `name=value`, ordered.
    public var description: String {
        pairs.map { "\($0.name)=\(EscapedText($0.value))" }.joined(separator: ", ")
    }
}
