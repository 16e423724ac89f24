extension PrefixedStore: MultipartBlobStore where Base: MultipartBlobStore {
    /// The limits of the base store.
    public var multipartLimits: MultipartLimits { base.multipartLimits }

    /// Begins a multipart upload.
    public func createMultipartUpload(
        _ key: BlobKey,
        options: MultipartOptions
    ) async throws -> MultipartUpload {
        let name = try keyPrefix.adding(to: key, operation: "createMultipartUpload")
        var options = options
        options.headers = options.headers.resolved(for: key)
        do {
            let upload = try await base.createMultipartUpload(name, options: options)
            return MultipartUpload(key: key, id: upload.id)
        } catch {
            throw keyPrefix.translating(error, name)
        }
    }

    /// Uploads one part, replacing the one that has its number.
    public func uploadPart(
        _ number: Int,
        of upload: MultipartUpload,
        _ body: BlobBody,
        checksum: Checksum?
    ) async throws -> UploadedPart {
        try await translating(upload, "uploadPart") { upload in
            try await base.uploadPart(number, of: upload, body, checksum: checksum)
        }
    }

    /// Lists one page of the parts that are there, by number.
    public func listParts(
        of upload: MultipartUpload,
        startAfter: Int,
        limit: Int
    ) async throws -> PartPage {
        try await translating(upload, "listParts") { upload in
            try await base.listParts(of: upload, startAfter: startAfter, limit: limit)
        }
    }

    /// Makes the parts one blob, in the order of their numbers.
    public func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition
    ) async throws -> BlobAttributes {
        try await translating(upload, "completeMultipartUpload") { upload in
            try await base.completeMultipartUpload(upload, parts: parts, condition: condition)
        }
        .renaming(upload.key)
    }

    /// Drops an upload and its parts; it is no error if there is none.
    public func abortMultipartUpload(_ upload: MultipartUpload) async throws {
        try await translating(upload, "abortMultipartUpload") { upload in
            try await base.abortMultipartUpload(upload)
        }
    }

    /// Lists one page of the uploads that were neither completed nor aborted.
    public func listMultipartUploads(
        prefix: String,
        continuationToken: String?,
        limit: Int
    ) async throws -> MultipartUploadPage {
        let page = try await base.listMultipartUploads(
            prefix: self.prefix + prefix,
            continuationToken: continuationToken,
            limit: limit
        )
        return MultipartUploadPage(
            uploads: page.uploads.compactMap { listed in
                keyPrefix.removing(from: listed.upload.key).map { key in
                    ListedMultipartUpload(
                        upload: MultipartUpload(key: key, id: listed.upload.id),
                        created: listed.created
                    )
                }
            },
            continuationToken: page.continuationToken
        )
    }

    func translating<Result>(
        _ upload: MultipartUpload,
        _ operation: String,
        _ call: (MultipartUpload) async throws -> Result
    ) async throws -> Result {
        let name = try keyPrefix.adding(to: upload.key, operation: operation)
        do {
            return try await call(MultipartUpload(key: name, id: upload.id))
        } catch {
            throw keyPrefix.translating(error, name)
        }
    }
}
