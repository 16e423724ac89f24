public import Foundation

/// What a store knows about one version of a blob.
public struct BlobAttributes: Sendable, Hashable {
    /// The blob's key.
    public var key: BlobKey
    /// The blob's size in bytes.
    public var byteCount: Int64
    /// The mark of this version.
    public var etag: ETag
    /// When this version was written, in whole seconds on S3, finer on other stores.
    public var lastModified: Date
    /// The headers that describe the content; the media type is always known.
    public var headers: ContentHeaders
    /// The user's own pairs.
    public var metadata: BlobMetadata
    /// The checksum that the store keeps for the whole blob, if it keeps one.
    public var checksum: Checksum?

    /// Creates attributes from their parts.
    public init(
        key: BlobKey,
        byteCount: Int64,
        etag: ETag,
        lastModified: Date,
        headers: ContentHeaders = ContentHeaders(),
        metadata: BlobMetadata = BlobMetadata(),
        checksum: Checksum? = nil
    ) {
        self.key = key
        self.byteCount = byteCount
        self.etag = etag
        self.lastModified = lastModified
        self.headers = headers
        self.metadata = metadata
        self.checksum = checksum
    }
}

/// What a listing tells about one blob.
public struct ListedBlob: Sendable, Hashable {
    /// The blob's key.
    public var key: BlobKey
    /// The blob's size in bytes.
    public var byteCount: Int64
    /// The mark of this version, the same that `head` gives.
    public var etag: ETag
    /// When this version was written.
    public var lastModified: Date

    /// Creates an entry from its parts.
    public init(key: BlobKey, byteCount: Int64, etag: ETag, lastModified: Date) {
        self.key = key
        self.byteCount = byteCount
        self.etag = etag
        self.lastModified = lastModified
    }
}
