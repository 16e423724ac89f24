/// A store whose blobs have tags, which can change while the blob stays.
///
/// Writes give a blob its tags at once (``PutOptions/tags``, ``MultipartOptions/tags``), replacing
/// those that its key had; a copy has its source's unless told otherwise (``CopyOptions/tags``).
/// A store that keeps them claims ``Capabilities/Feature/tags``.
public protocol TaggedBlobStore: BlobStore {
    /// Reads the tags of a blob.
    ///
    /// - Parameter key: The blob to look at.
    /// - Returns: The tags; none for a blob that was given none.
    /// - Throws: ``BlobError`` of kind `notFound`.
    /// - SeeAlso: S3 https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html
    func tags(of key: BlobKey) async throws -> BlobTags

    /// Replaces the tags of a blob; its etag and all its attributes stay.
    ///
    /// - Parameters:
    ///   - tags: All the tags it shall have; none removes them.
    ///   - key: The blob to tag.
    /// - Throws: ``BlobError`` of kind `notFound`.
    /// - SeeAlso: S3 https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
    func setTags(_ tags: BlobTags, of key: BlobKey) async throws
}

extension TaggedBlobStore {
    /// Removes all tags of a blob.
    ///
    /// - Parameter key: The blob.
    /// - Throws: ``BlobError`` of kind `notFound`.
    public func deleteTags(of key: BlobKey) async throws {
        try await setTags(BlobTags(), of: key)
    }
}

extension BlobStore {
    /// The store as one that keeps tags; `nil` if it doesn't.
    package var tagged: (any TaggedBlobStore)? {
        capabilities.features.contains(.tags) ? self as? any TaggedBlobStore : nil
    }
}
