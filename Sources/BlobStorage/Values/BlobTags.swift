/// Names and values beside a blob, for rules and bills; they can change while the blob stays.
///
/// A blob has at most 10, as with S3. Its etag and its time don't tell of them.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
public struct BlobTags: Sendable, Hashable {
    /// The most tags of one blob.
    public static let maximumCount = 10
    /// The most characters of a name, counted as UTF-16 as S3 does.
    public static let maximumNameLength = 128
    /// The most characters of a value, counted as UTF-16 as S3 does.
    public static let maximumValueLength = 256

    private let stored: TextPairs

    /// Creates no tags.
    public init() {
        stored = TextPairs()
    }

    /// Creates tags.
    ///
    /// - Parameter values: Up to 10 names, of 1 to 128 characters, and their values, of up to 256.
    /// - Throws: ``BlobError`` of kind `invalidArgument` if there are more, or longer ones, or one has
    ///   a control character.
    public init(_ values: [String: String]) throws {
        guard values.count <= Self.maximumCount else {
            throw Self.invalid(
                "there are \(values.count) tags; a blob has at most \(Self.maximumCount)"
            )
        }
        for (name, value) in values {
            guard (1...Self.maximumNameLength).contains(name.utf16.count) else {
                throw Self.invalid(
                    "the tag \"\(EscapedText(name))\" has not 1 to \(Self.maximumNameLength) "
                        + "characters"
                )
            }
            guard value.utf16.count <= Self.maximumValueLength else {
                throw Self.invalid(
                    "the value of the tag \"\(EscapedText(name))\" has more than "
                        + "\(Self.maximumValueLength) characters"
                )
            }
            let isControl = (name + value).unicodeScalars.contains {
                $0.value < 0x20 || $0.value == 0x7F
            }
            guard !isControl else {
                throw Self.invalid(
                    "the tag \"\(EscapedText(name))\" or its value has a control character"
                )
            }
        }
        stored = TextPairs(values: values)
    }

    package init(unchecked values: [String: String]) {
        stored = TextPairs(values: values)
    }

    /// The value of a tag; `nil` if there is none of that name.
    public subscript(_ name: String) -> String? { stored.values[name] }

    /// How many tags there are.
    public var count: Int { stored.values.count }

    /// Whether there is no tag.
    public var isEmpty: Bool { stored.values.isEmpty }

    /// The tags, ordered by the bytes of their names.
    public var pairs: [(name: String, value: String)] { stored.ordered }

    private static func invalid(_ message: String) -> BlobError {
        BlobError(.invalidArgument, operation: "tags", message: message)
    }
}

extension BlobTags: CustomStringConvertible {
    /// The tags as `name=value`, ordered.
    public var description: String {
        pairs.map { "\(EscapedText($0.name))=\(EscapedText($0.value))" }.joined(separator: ", ")
    }
}
