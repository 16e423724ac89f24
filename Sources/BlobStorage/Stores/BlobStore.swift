/// A place that keeps blobs under keys: a bucket, a folder, memory.
///
/// Every store behaves alike. A `put` is all or nothing and visible at once; one that fails or is
/// cancelled leaves the old blob and nothing else. Listings are in byte order. One version of a
/// blob has one etag, the same from `put`, `head`, `get` and `list`.
///
/// These are the full forms; short ones, such as `put(key, "text")`, are extension methods.
public protocol BlobStore: Sendable {
    /// What this store can do beyond the least that every store does.
    var capabilities: Capabilities { get }

    /// Makes the bucket or folder if there is none; does nothing if there is one.
    ///
    /// - Throws: ``BlobError`` of kind `permissionDenied`, `unavailable` and the like.
    func prepare() async throws

    /// Writes a blob, replacing the one that is there.
    ///
    /// - Parameters:
    ///   - key: The blob to write.
    ///   - body: The bytes. One that knows its byte count must deliver just so many.
    ///   - options: Headers, metadata, condition, checksum.
    /// - Returns: The attributes of the version written.
    /// - Throws: ``BlobError`` of kind `invalidArgument`, `alreadyExists`, `preconditionFailed`,
    ///   `integrityFailure`, `tooLarge`, `outOfSpace`; and whatever the body throws, unchanged.
    /// - Complexity: Memory for a few chunks, whatever the size.
    /// - SeeAlso: S3 https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
    func put(_ key: BlobKey, _ body: BlobBody, options: PutOptions) async throws -> BlobAttributes

    /// Reads a blob, or a range of it.
    ///
    /// - Parameters:
    ///   - key: The blob to read.
    ///   - range: The bytes to read, cut at the blob's end; `nil` reads all.
    ///   - options: Conditions on the read.
    /// - Returns: The body, fetched as it is read, and the attributes the blob had at the start. A
    ///   change to the blob meanwhile does not show in the body.
    /// - Throws: ``BlobError`` of kind `notFound`, `notModified`, `preconditionFailed`,
    ///   `rangeNotSatisfiable`.
    /// - Complexity: Memory for one chunk.
    /// - SeeAlso: S3 https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) async throws -> Blob

    /// Reads a blob's attributes.
    ///
    /// - Parameters:
    ///   - key: The blob to look at.
    ///   - options: Conditions on the read.
    /// - Returns: The attributes of the version that is there.
    /// - Throws: ``BlobError`` of kind `notFound`, `notModified`, `preconditionFailed`.
    /// - SeeAlso: S3 https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes

    /// Deletes a blob. Without a condition it is no error if there is none.
    ///
    /// - Parameters:
    ///   - key: The blob to delete.
    ///   - options: The version that must be there.
    /// - Throws: ``BlobError`` of kind `preconditionFailed`.
    /// - SeeAlso: S3 https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
    func delete(_ key: BlobKey, options: DeleteOptions) async throws

    /// Deletes many blobs; each by itself, in no order.
    ///
    /// - Parameter keys: The blobs to delete, any number.
    /// - Returns: The keys that are still there, and why; empty if all are gone.
    /// - Throws: ``BlobError`` if the store as a whole can't be reached.
    func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure]

    /// Lists one page of keys, in byte order.
    ///
    /// - Parameter options: Prefix, delimiter, where to begin, how many.
    /// - Returns: Blobs and common prefixes, and the token of the next page if there is one.
    /// - Throws: ``BlobError`` of kind `invalidArgument`, also for a token that is not this store's.
    /// - SeeAlso: S3 https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
    func list(_ options: ListOptions) async throws -> BlobPage

    /// Copies a blob inside the store; its bytes don't pass through the caller.
    ///
    /// - Parameters:
    ///   - source: The blob to copy.
    ///   - destination: The key to write.
    ///   - options: Conditions on both, and where the attributes come from.
    /// - Returns: The attributes of the copy.
    /// - Throws: ``BlobError`` of kind `notFound`, `alreadyExists`, `preconditionFailed`.
    /// - SeeAlso: S3 https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
    func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes
}
