extension EventedStore: MultipartBlobStore where Base: MultipartBlobStore {
    /// The limits of the base store.
    public var multipartLimits: MultipartLimits { base.multipartLimits }

    /// Begins a multipart upload; nothing is emitted before it is completed.
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
        try await creating(upload.key, "ObjectCreated:CompleteMultipartUpload") {
            try await base.completeMultipartUpload(upload, parts: parts, condition: condition)
        }
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

extension EventedStore: ChecksummedCompletion where Base: ChecksummedCompletion {
    package func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition,
        expecting checksum: Checksum
    ) async throws -> BlobAttributes {
        try await creating(upload.key, "ObjectCreated:CompleteMultipartUpload") {
            try await base.completeMultipartUpload(
                upload,
                parts: parts,
                condition: condition,
                expecting: checksum
            )
        }
    }
}
