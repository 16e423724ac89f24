/// The name of one blob in a store: 1 to 1,024 bytes of UTF-8, kept exactly as given.
///
/// Keys are compared, hashed and ordered by their bytes, as S3 does. Any text of a legal length is
/// a legal key on every store: `//`, `.`, `..`, a trailing `/`, control characters.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
public struct BlobKey: Sendable {
    /// The most bytes a key may have, as UTF-8.
    public static let maximumByteCount = 1_024

    /// The key as given.
    public let text: String

    /// Creates a key from text that is not known before the program runs.
    ///
    /// - Parameter text: The key's text.
    /// - Throws: ``BlobError`` of kind `invalidArgument` if the text has no byte, or more than
    ///   ``maximumByteCount``.
    public init(_ text: String) throws {
        guard Self.isLegal(text) else {
            throw BlobError(
                .invalidArgument,
                operation: "key",
                message: "the key has \(text.utf8.count) bytes; a key has 1 to 1,024"
            )
        }
        self.init(unchecked: text)
    }

    /// Creates a key from text that has been checked.
    package init(unchecked text: String) {
        // Keys are compared and sorted all the time; contiguous UTF-8 makes that a memcmp.
        var text = text
        text.makeContiguousUTF8()
        self.text = text
    }

    private static func isLegal(_ text: String) -> Bool {
        (1...maximumByteCount).contains(text.utf8.count)
    }
}

extension BlobKey: ExpressibleByStringLiteral {
    /// Creates a key from a literal.
    ///
    /// - Parameter literal: The key's text. A literal of an illegal length is a bug of the program,
    ///   and traps; text that comes from outside goes through the throwing ``init(_:)``.
    public init(stringLiteral literal: String) {
        precondition(Self.isLegal(literal), "a key has 1 to 1,024 bytes")
        self.init(unchecked: literal)
    }
}

extension BlobKey: Hashable, Comparable {
    /// Compares bytes; `String` would call two spellings of "é" equal.
    public static func == (a: Self, b: Self) -> Bool {
        UTF8Order.equal(a.text, b.text)
    }

    /// Orders by bytes, as listings do.
    public static func < (a: Self, b: Self) -> Bool {
        UTF8Order.compare(a.text, b.text) < 0
    }

    /// Hashes bytes.
    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }
}

extension BlobKey: CustomStringConvertible {
    /// The key's text.
    public var description: String { text }
}

extension BlobKey: Codable {
    /// Reads a key from a string.
    ///
    /// - Throws: ``BlobError`` of kind `invalidArgument` if the length is out of bounds.
    public init(from decoder: any Decoder) throws {
        try self.init(String(from: decoder))
    }

    /// Writes the key as a string.
    public func encode(to encoder: any Encoder) throws {
        try text.encode(to: encoder)
    }
}
