/// What the blob of a multipart upload will have.
public struct MultipartOptions: Sendable, Hashable {
    /// The headers that describe the content.
    public var headers: ContentHeaders
    /// The user's own pairs.
    public var metadata: BlobMetadata
    /// The checksum that the store computes over the whole blob and keeps; `nil` leaves it to the
    /// store.
    public var checksum: ChecksumAlgorithm?
    /// The blob's tags; a store that keeps none throws `unsupported` for any.
    public var tags: BlobTags
    /// How the checksum over the checksums of the parts is computed; `nil` for none.
    ///
    /// The store keeps it with the sizes of the parts. Only a ``PartedBlobStore`` may be asked for it.
    package var compositeChecksum: ChecksumAlgorithm?

    /// Creates options.
    public init(
        headers: ContentHeaders = ContentHeaders(),
        metadata: BlobMetadata = BlobMetadata(),
        checksum: ChecksumAlgorithm? = nil,
        tags: BlobTags = BlobTags()
    ) {
        self.headers = headers
        self.metadata = metadata
        self.checksum = checksum
        self.tags = tags
    }

    /// Throws unless every store could keep headers and metadata unchanged.
    ///
    /// - Throws: ``BlobError`` of kind `invalidArgument`.
    public func validate(operation: String, key: BlobKey) throws {
        try headers.validate(operation: operation, key: key)
        try metadata.validate(operation: operation, key: key)
    }
}
