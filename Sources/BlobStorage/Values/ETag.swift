/// An opaque mark of one version of a blob, verbatim as the store gave it, quotes included.
///
/// Two equal etags of one key mean the same bytes and attributes. Nothing else may be read from an
/// etag: it is no digest, on any store.
public struct ETag: Sendable {
    /// The etag as the store gave it, quotes included.
    public let text: String

    /// Creates an etag.
    ///
    /// - Parameter text: The etag as a store gave it, quotes included.
    public init(_ text: String) {
        self.text = text
    }
}

extension ETag: ExpressibleByStringLiteral {
    /// Creates an etag from a literal, quotes included.
    public init(stringLiteral literal: String) {
        self.init(literal)
    }
}

extension ETag: Hashable {
    /// Compares bytes.
    public static func == (a: Self, b: Self) -> Bool {
        UTF8Order.equal(a.text, b.text)
    }

    /// Hashes bytes.
    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension ETag: CustomStringConvertible {
    /// The etag as the store gave it.
    public var description: String { text }
}

extension ETag: Codable {
    /// Reads an etag from a string.
    public init(from decoder: any Decoder) throws {
        try self.init(String(from: decoder))
    }

    /// Writes the etag as a string.
    public func encode(to encoder: any Encoder) throws {
        try text.encode(to: encoder)
    }
}
