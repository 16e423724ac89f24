/// A store together with what signs requests for its blobs.
///
/// It is made by ``BlobStore/presigned(by:)``. Every call goes to the base; presigning goes to the
/// presigner. That both mean the same blobs is the caller's part: a store on disk behind a gateway, say,
/// and an `S3Presigner` with the gateway's address and bucket.
public struct PresignedStore<Base: BlobStore, Presigner: BlobPresigner>: BlobStore, BlobPresigner {
    /// The store that holds the blobs.
    public let base: Base
    /// What signs.
    public let presigner: Presigner

    /// Joins a store and a presigner.
    ///
    /// - Parameters:
    ///   - base: The store that holds the blobs.
    ///   - presigner: What signs requests that reach the same blobs under the same keys.
    public init(_ base: Base, presigner: Presigner) {
        self.base = base
        self.presigner = presigner
    }

    /// What the base store can do.
    public var capabilities: Capabilities { base.capabilities }

    /// Makes the bucket or folder if there is none.
    public func prepare() async throws {
        try await base.prepare()
    }

    /// Writes a blob, replacing the one that is there.
    public func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        try await base.put(key, body, options: options)
    }

    /// Reads a blob, or a range of it.
    public func get(
        _ key: BlobKey,
        range: ByteRange?,
        options: GetOptions
    ) async throws -> Blob {
        try await base.get(key, range: range, options: options)
    }

    /// Reads a blob's attributes.
    public func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        try await base.head(key, options: options)
    }

    /// Deletes a blob; without a condition it is no error if there is none.
    public func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        try await base.delete(key, options: options)
    }

    /// Deletes many blobs.
    public func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        try await base.delete(keys)
    }

    /// Lists one page of keys, in byte order.
    public func list(_ options: ListOptions) async throws -> BlobPage {
        try await base.list(options)
    }

    /// Copies a blob inside the store.
    public func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        try await base.copy(source, to: destination, options: options)
    }

    /// Signs one request on one blob.
    public func presign(
        _ operation: PresignedOperation,
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        options: PresignOptions
    ) async throws -> PresignedRequest {
        try await presigner.presign(operation, key, expiresIn: lifetime, options: options)
    }

    /// Signs a form by which a browser uploads one file.
    public func presignForm(
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        conditions: UploadFormConditions
    ) async throws -> PresignedForm {
        try await presigner.presignForm(key, expiresIn: lifetime, conditions: conditions)
    }
}

extension PresignedStore: MultipartBlobStore where Base: MultipartBlobStore {
    /// The limits of the base store.
    public var multipartLimits: MultipartLimits { base.multipartLimits }

    /// Begins a multipart upload.
    public func createMultipartUpload(
        _ key: BlobKey,
        options: MultipartOptions
    ) async throws -> MultipartUpload {
        try await base.createMultipartUpload(key, options: options)
    }

    /// Uploads one part, replacing the one that has its number.
    public func uploadPart(
        _ number: Int,
        of upload: MultipartUpload,
        _ body: BlobBody,
        checksum: Checksum?
    ) async throws -> UploadedPart {
        try await base.uploadPart(number, of: upload, body, checksum: checksum)
    }

    /// Lists one page of the parts that are there, by number.
    public func listParts(
        of upload: MultipartUpload,
        startAfter: Int,
        limit: Int
    ) async throws -> PartPage {
        try await base.listParts(of: upload, startAfter: startAfter, limit: limit)
    }

    /// Makes the parts one blob, in the order of their numbers.
    public func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition
    ) async throws -> BlobAttributes {
        try await base.completeMultipartUpload(upload, parts: parts, condition: condition)
    }

    /// Drops an upload and its parts; it is no error if there is none.
    public func abortMultipartUpload(_ upload: MultipartUpload) async throws {
        try await base.abortMultipartUpload(upload)
    }

    /// Lists one page of the uploads that were neither completed nor aborted.
    public func listMultipartUploads(
        prefix: String,
        continuationToken: String?,
        limit: Int
    ) async throws -> MultipartUploadPage {
        try await base.listMultipartUploads(
            prefix: prefix,
            continuationToken: continuationToken,
            limit: limit
        )
    }
}
