/// Multipart uploads are the new store's. Those that were begun in the old one go on there alone.
extension MigratingStore: MultipartBlobStore where New: MultipartBlobStore {
    /// The limits of the new store.
    public var multipartLimits: MultipartLimits { new.multipartLimits }

    /// Begins a multipart upload.
    public func createMultipartUpload(
        _ key: BlobKey,
        options: MultipartOptions
    ) async throws -> MultipartUpload {
        try await new.createMultipartUpload(key, options: options)
    }

    /// Uploads one part, replacing the one that has its number.
    public func uploadPart(
        _ number: Int,
        of upload: MultipartUpload,
        _ body: BlobBody,
        checksum: Checksum?
    ) async throws -> UploadedPart {
        try await new.uploadPart(number, of: upload, body, checksum: checksum)
    }

    /// Lists one page of the parts that are there, by number.
    public func listParts(
        of upload: MultipartUpload,
        startAfter: Int,
        limit: Int
    ) async throws -> PartPage {
        try await new.listParts(of: upload, startAfter: startAfter, limit: limit)
    }

    /// Makes the parts one blob, in the order of their numbers.
    public func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition
    ) async throws -> BlobAttributes {
        let condition = try await decide(condition, upload.key, "completeMultipartUpload")
        return try await mirroring(upload.key) {
            try await new.completeMultipartUpload(upload, parts: parts, condition: condition)
        }
    }

    /// Drops an upload and its parts; it is no error if there is none.
    public func abortMultipartUpload(_ upload: MultipartUpload) async throws {
        try await new.abortMultipartUpload(upload)
    }

    /// Lists one page of the uploads that were neither completed nor aborted.
    public func listMultipartUploads(
        prefix: String,
        continuationToken: String?,
        limit: Int
    ) async throws -> MultipartUploadPage {
        try await new.listMultipartUploads(
            prefix: prefix,
            continuationToken: continuationToken,
            limit: limit
        )
    }
}

extension MigratingStore: ChecksummedCompletion where New: ChecksummedCompletion {
    package func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition,
        expecting checksum: Checksum
    ) async throws -> BlobAttributes {
        let condition = try await decide(condition, upload.key, "completeMultipartUpload")
        return try await mirroring(upload.key) {
            try await new.completeMultipartUpload(
                upload,
                parts: parts,
                condition: condition,
                expecting: checksum
            )
        }
    }
}

extension MigratingStore: PartedBlobStore where New: PartedBlobStore {
    package func headParts(
        _ key: BlobKey,
        options: HeadOptions
    ) async throws -> (attributes: BlobAttributes, parts: BlobParts?) {
        try await reading(key) { store in
            guard let store = store as? any PartedBlobStore else {
                return (try await store.head(key, options: options), nil)
            }
            return try await store.headParts(key, options: options)
        }
    }
}
