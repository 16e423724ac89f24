public import Foundation

/// What the answer to a presigned `get` or `head` says of the content, in place of what the store
/// keeps.
public struct ResponseHeaders: Sendable, Hashable {
    /// Whether a browser shows the content or saves it, and under what name.
    public var disposition: ContentDisposition?
    /// The media type.
    public var contentType: String?
    /// How long caches may keep the answer.
    public var cacheControl: String?
    /// The language of the content.
    public var contentLanguage: String?
    /// How the bytes are encoded, such as `gzip`.
    public var contentEncoding: String?
    /// When a cache's copy is stale, in whole seconds.
    public var expires: Date?

    /// Creates headers; what is `nil` is as the store keeps it.
    public init(
        disposition: ContentDisposition? = nil,
        contentType: String? = nil,
        cacheControl: String? = nil,
        contentLanguage: String? = nil,
        contentEncoding: String? = nil,
        expires: Date? = nil
    ) {
        self.disposition = disposition
        self.contentType = contentType
        self.cacheControl = cacheControl
        self.contentLanguage = contentLanguage
        self.contentEncoding = contentEncoding
        self.expires = expires
    }

    /// Whether none is set.
    package var isEmpty: Bool {
        disposition == nil && contentType == nil && cacheControl == nil && contentLanguage == nil
            && contentEncoding == nil && expires == nil
    }

    /// Throws unless every value can travel in an HTTP header unchanged.
    package func validate(key: BlobKey) throws {
        let headers = ContentHeaders(
            contentType: contentType,
            contentEncoding: contentEncoding,
            contentLanguage: contentLanguage,
            contentDisposition: disposition?.text,
            cacheControl: cacheControl
        )
        try headers.validate(operation: PresignOptions.operation, key: key)
    }
}
