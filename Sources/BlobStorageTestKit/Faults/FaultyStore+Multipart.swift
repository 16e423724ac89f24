public import BlobStorage

extension FaultyStore: MultipartBlobStore where Base: MultipartBlobStore {
    /// What the base store's parts may be.
    public var multipartLimits: MultipartLimits { base.multipartLimits }

    /// Begins an upload, or fails to.
    public func createMultipartUpload(
        _ key: BlobKey,
        options: MultipartOptions
    ) async throws -> MultipartUpload {
        try await performWithoutBody(.createMultipartUpload) {
            try await base.createMultipartUpload(key, options: options)
        }
    }

    /// Uploads a part, or fails to.
    public func uploadPart(
        _ number: Int,
        of upload: MultipartUpload,
        _ body: BlobBody,
        checksum: Checksum?
    ) async throws -> UploadedPart {
        try await perform(.uploadPart) { cut in
            try await base.uploadPart(
                number,
                of: upload,
                cut.applied(to: body),
                checksum: checksum
            )
        }
    }

    /// Lists one page of parts, or fails to.
    public func listParts(
        of upload: MultipartUpload,
        startAfter: Int,
        limit: Int
    ) async throws -> PartPage {
        try await performWithoutBody(.listParts) {
            try await base.listParts(of: upload, startAfter: startAfter, limit: limit)
        }
    }

    /// Completes an upload, or fails to.
    public func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition
    ) async throws -> BlobAttributes {
        try await performWithoutBody(.completeMultipartUpload) {
            try await base.completeMultipartUpload(upload, parts: parts, condition: condition)
        }
    }

    /// Drops an upload, or fails to.
    public func abortMultipartUpload(_ upload: MultipartUpload) async throws {
        try await performWithoutBody(.abortMultipartUpload) {
            try await base.abortMultipartUpload(upload)
        }
    }

    /// Lists one page of uploads, or fails to.
    public func listMultipartUploads(
        prefix: String,
        continuationToken: String?,
        limit: Int
    ) async throws -> MultipartUploadPage {
        try await performWithoutBody(.listMultipartUploads) {
            try await base.listMultipartUploads(
                prefix: prefix,
                continuationToken: continuationToken,
                limit: limit
            )
        }
    }
}

extension FaultyStore: ChecksummedCompletion where Base: ChecksummedCompletion {
    package func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition,
        expecting checksum: Checksum
    ) async throws -> BlobAttributes {
        try await performWithoutBody(.completeMultipartUpload) {
            try await base.completeMultipartUpload(
                upload,
                parts: parts,
                condition: condition,
                expecting: checksum
            )
        }
    }
}

extension FaultyStore: PartedBlobStore where Base: PartedBlobStore {
    package func headParts(
        _ key: BlobKey,
        options: HeadOptions
    ) async throws -> (attributes: BlobAttributes, parts: BlobParts?) {
        try await performWithoutBody(.head) { try await base.headParts(key, options: options) }
    }
}
