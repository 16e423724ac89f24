/// The name of one record in a metadata store: 1 to 128 letters, digits, `-` and `_` of ASCII.
///
/// An id can stand in a URL, in a key and in a file's name as it is. Ids are compared, hashed and
/// ordered by their bytes; those of ``DocumentIDMaker`` sort as they were made.
public struct DocumentID: Sendable {
    /// The most bytes an id may have.
    public static let maximumByteCount = 128

    /// The id as given.
    public let text: String

    /// Creates an id from text.
    ///
    /// - Parameter text: The id's text.
    /// - Throws: ``BlobError`` of kind `invalidArgument` if the length is out of bounds, or for any
    ///   other character.
    public init(_ text: String) throws {
        guard Self.isLegal(text) else {
            // Only a part is shown: who sends a wrong id may send a megabyte.
            let shown = EscapedText(String(decoding: text.utf8.prefix(40), as: UTF8.self))
            throw BlobError(
                .invalidArgument,
                operation: "documentID",
                message: "the id \"\(shown)\" has \(text.utf8.count) bytes; an id has 1 to "
                    + "\(Self.maximumByteCount) of a–z, A–Z, 0–9, \"-\" and \"_\""
            )
        }
        self.init(unchecked: text)
    }

    /// Creates an id from text that has been checked.
    package init(unchecked text: String) {
        var text = text
        text.makeContiguousUTF8()
        self.text = text
    }

    private static func isLegal(_ text: String) -> Bool {
        (1...maximumByteCount).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                default: false
                }
            }
    }
}

extension DocumentID: ExpressibleByStringLiteral {
    /// Creates an id from a literal.
    ///
    /// - Parameter literal: The id's text. An illegal literal is a bug of the program, and traps;
    ///   text that comes from outside goes through the throwing ``init(_:)``.
    public init(stringLiteral literal: String) {
        precondition(Self.isLegal(literal), "an id has 1 to 128 letters, digits, - and _")
        self.init(unchecked: literal)
    }
}

extension DocumentID: Hashable, Comparable {
    /// Compares bytes.
    public static func == (a: Self, b: Self) -> Bool {
        UTF8Order.equal(a.text, b.text)
    }

    /// Orders by bytes.
    public static func < (a: Self, b: Self) -> Bool {
        UTF8Order.compare(a.text, b.text) < 0
    }

    /// Hashes bytes.
    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension DocumentID: CustomStringConvertible {
    /// The id's text.
    public var description: String { text }
}

extension DocumentID: Codable {
    /// Reads an id from a string.
    ///
    /// - Throws: ``BlobError`` of kind `invalidArgument` if it is none.
    public init(from decoder: any Decoder) throws {
        try self.init(String(from: decoder))
    }

    /// Writes the id as a string.
    public func encode(to encoder: any Encoder) throws {
        try text.encode(to: encoder)
    }
}
