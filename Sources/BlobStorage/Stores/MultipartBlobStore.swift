/// A store whose blobs can be uploaded in parts, by several clients, over a longer time.
///
/// Parts may come in any order, and again: the last one of a number counts. Nothing is visible
/// until the upload is completed; then the blob is there at once, whole.
public protocol MultipartBlobStore: BlobStore {
    /// How large, and how many, parts may be.
    var multipartLimits: MultipartLimits { get }

    /// Begins a multipart upload.
    ///
    /// - Parameters:
    ///   - key: The blob to write in the end.
    ///   - options: Headers, metadata and checksum of that blob.
    /// - Returns: The upload, to name in every later call.
    /// - Throws: ``BlobError`` of kind `invalidArgument`.
    /// - SeeAlso: S3 https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
    func createMultipartUpload(
        _ key: BlobKey,
        options: MultipartOptions
    ) async throws -> MultipartUpload

    /// Uploads one part, replacing the one that has its number.
    ///
    /// - Parameters:
    ///   - number: The part's place, from 1; need not be without gaps.
    ///   - upload: The upload it belongs to.
    ///   - body: The part's bytes.
    ///   - checksum: A checksum that the bytes must have; else nothing is kept.
    /// - Returns: What completing needs to know of the part.
    /// - Throws: ``BlobError`` of kind `invalidArgument`, `integrityFailure`, `tooLarge`; and
    ///   `notFound` if the upload was completed or aborted.
    func uploadPart(
        _ number: Int,
        of upload: MultipartUpload,
        _ body: BlobBody,
        checksum: Checksum?
    ) async throws -> UploadedPart

    /// Lists one page of the parts that are there, by number.
    ///
    /// - Parameters:
    ///   - upload: The upload to look at.
    ///   - startAfter: The page begins with the first part after this number; 0 for the first page.
    ///   - limit: The most parts of a page, 1 to 1,000.
    /// - Returns: The parts, and where the next page begins if there is one.
    /// - Throws: ``BlobError`` of kind `notFound` if the upload was completed or aborted.
    func listParts(
        of upload: MultipartUpload,
        startAfter: Int,
        limit: Int
    ) async throws -> PartPage

    /// Makes the parts one blob, in the order of their numbers.
    ///
    /// - Parameters:
    ///   - upload: The upload to complete.
    ///   - parts: The parts that the blob is made of; others that were uploaded are dropped.
    ///   - condition: What must be true of the key for the blob to be written.
    /// - Returns: The attributes of the blob.
    /// - Throws: ``BlobError`` of kind `invalidArgument` if there is no part, a part is not as
    ///   named, is not in order or is too small; `alreadyExists`, `preconditionFailed` (the upload
    ///   is then still there); `notFound` if it was completed or aborted before.
    func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition
    ) async throws -> BlobAttributes

    /// Drops an upload and its parts. It is no error if there is none.
    ///
    /// - Parameter upload: The upload to drop.
    /// - Throws: ``BlobError`` if the store can't be changed.
    func abortMultipartUpload(_ upload: MultipartUpload) async throws

    /// Lists one page of the uploads that were neither completed nor aborted.
    ///
    /// - Parameters:
    ///   - prefix: The bytes that every key listed begins with.
    ///   - continuationToken: The token of the page before; `nil` for the first page.
    ///   - limit: The most uploads of a page, 1 to 1,000.
    /// - Returns: The uploads by key and then by time, and the next page's token if there is one.
    /// - Throws: ``BlobError`` of kind `invalidArgument`, also for a token that is not this store's.
    func listMultipartUploads(
        prefix: String,
        continuationToken: String?,
        limit: Int
    ) async throws -> MultipartUploadPage
}
