/// The headers that describe a blob's content and go out with it unchanged.
///
/// Values are printable ASCII; what needs more, such as a file name, is encoded by its own rules
/// (RFC 8187).
public struct ContentHeaders: Sendable, Hashable {
    /// The media type; `nil` in a write lets the key's extension decide (see ``ContentType``).
    public var contentType: String?
    /// How the bytes are encoded, such as `gzip`.
    public var contentEncoding: String?
    /// The language of the content.
    public var contentLanguage: String?
    /// How a browser shows it: `inline` or `attachment; filename=…`.
    public var contentDisposition: String?
    /// How long caches may keep it.
    public var cacheControl: String?
    /// When caches must drop it, where ``cacheControl`` doesn't say: the text of HTTP's `Expires`.
    ///
    /// It is text and no date, as S3 keeps it: `0` is common, and means that it is stale already.
    public var expires: String?

    /// Creates content headers.
    public init(
        contentType: String? = nil,
        contentEncoding: String? = nil,
        contentLanguage: String? = nil,
        contentDisposition: String? = nil,
        cacheControl: String? = nil,
        expires: String? = nil
    ) {
        self.contentType = contentType
        self.contentEncoding = contentEncoding
        self.contentLanguage = contentLanguage
        self.contentDisposition = contentDisposition
        self.cacheControl = cacheControl
        self.expires = expires
    }

    /// The headers that are set, with their HTTP names in lower case, in a fixed order.
    package var fields: [(name: String, value: String)] {
        let all: [(String, String?)] = [
            ("content-type", contentType),
            ("content-encoding", contentEncoding),
            ("content-language", contentLanguage),
            ("content-disposition", contentDisposition),
            ("cache-control", cacheControl),
            ("expires", expires),
        ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }

    /// Sets one header by its HTTP name in lower case.
    ///
    /// - Returns: `false` if this is no content header.
    package mutating func set(_ name: String, to value: String) -> Bool {
        switch name {
        case "content-type": contentType = value
        case "content-encoding": contentEncoding = value
        case "content-language": contentLanguage = value
        case "content-disposition": contentDisposition = value
        case "cache-control": cacheControl = value
        case "expires": expires = value
        default: return false
        }
        return true
    }

    /// The headers as they are kept for a key: the media type is always known.
    package func resolved(for key: BlobKey) -> ContentHeaders {
        var headers = self
        headers.contentType = contentType ?? ContentType.guess(for: key)
        return headers
    }

    /// Throws unless every value can travel in an HTTP header unchanged.
    package func validate(operation: String, key: BlobKey) throws {
        for (name, value) in fields {
            let isPrintable = value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
            let isTrimmed = value.utf8.first != 0x20 && value.utf8.last != 0x20
            guard isPrintable, isTrimmed, !value.isEmpty else {
                let message =
                    "\(name) is \"\(EscapedText(value))\"; it must be printable ASCII, "
                    + "not empty, without spaces at either end"
                throw BlobError(.invalidArgument, operation: operation, key: key, message: message)
            }
            guard value.utf8.count <= Self.maximumValueByteCount else {
                let message =
                    "\(name) has \(value.utf8.count) bytes; at most \(Self.maximumValueByteCount)"
                throw BlobError(.invalidArgument, operation: operation, key: key, message: message)
            }
        }
    }

    /// The most bytes of one value; S3 takes no more than 8 KiB of headers in all.
    private static let maximumValueByteCount = 1_024
}
