public import BlobStorage

extension LocalDiskStore: MultipartBlobStore, ChecksummedCompletion {
    /// Begins a multipart upload.
    public func createMultipartUpload(
        _ key: BlobKey,
        options: MultipartOptions
    ) async throws -> MultipartUpload {
        try options.validate(operation: "createMultipartUpload", key: key)
        return try await perform("createMultipartUpload", key) { volume in
            try volume.createUpload(key, options)
        }
    }

    /// Uploads one part, replacing the one that has its number.
    public func uploadPart(
        _ number: Int,
        of upload: MultipartUpload,
        _ body: BlobBody,
        checksum: Checksum?
    ) async throws -> UploadedPart {
        let operation = "uploadPart"
        try multipartLimits.validate(partNumber: number, operation: operation, key: upload.key)
        let composite = try await perform(operation, upload.key) { volume in
            try volume.uploadFolder(upload, operation).compositeChecksum()
        }
        var staged = StagedUpload(
            key: upload.key,
            operation: operation,
            checksum: checksum.map { .expect($0) }
        )
        // A file is copied without being read, which costs less than to hash it here already.
        if checksum == nil, body.fileRange == nil {
            staged.checksum = composite.map { .compute($0) }
        }
        staged.limit = multipartLimits.maximumPartByteCount
        return try await write(staged, body) { volume, file, found in
            let noted = found.flatMap { $0.algorithm == composite ? $0 : nil }
            return try volume.placePart(number, file, of: upload, noting: noted)
        }
    }

    /// Lists one page of the parts that are there, by number.
    public func listParts(
        of upload: MultipartUpload,
        startAfter: Int,
        limit: Int
    ) async throws -> PartPage {
        try ListOptions(limit: limit).validate(operation: "listParts")
        return try await perform("listParts", upload.key) { volume in
            let parts = try volume.uploadFolder(upload, "listParts").parts()
                .filter { $0.number > startAfter }
            return PartPage(
                parts: Array(parts.prefix(limit)),
                nextStartAfter: parts.count > limit ? parts[limit - 1].number : nil
            )
        }
    }

    /// Makes the parts one blob, in the order of their numbers.
    public func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition
    ) async throws -> BlobAttributes {
        try await perform("completeMultipartUpload", upload.key) { volume in
            try volume.completeUpload(upload, parts, condition)
        }
    }

    package func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition,
        expecting checksum: Checksum
    ) async throws -> BlobAttributes {
        try await perform("completeMultipartUpload", upload.key) { volume in
            try volume.completeUpload(upload, parts, condition, expecting: checksum)
        }
    }

    /// Drops an upload and its parts; it is no error if there is none.
    public func abortMultipartUpload(_ upload: MultipartUpload) async throws {
        try await perform("abortMultipartUpload", upload.key) { volume in
            try volume.abortUpload(upload)
        }
    }

    /// Lists one page of the uploads that were neither completed nor aborted.
    public func listMultipartUploads(
        prefix: String,
        continuationToken: String?,
        limit: Int
    ) async throws -> MultipartUploadPage {
        let page = try UploadPageRequest(
            prefix: prefix,
            continuationToken: continuationToken,
            limit: limit
        )
        return try await perform("listMultipartUploads", nil) { volume in
            page.cut(try volume.uploads(prefix: prefix))
        }
    }
}

extension LocalDiskStore: PartedBlobStore {
    package func headParts(
        _ key: BlobKey,
        options: HeadOptions
    ) async throws -> (attributes: BlobAttributes, parts: BlobParts?) {
        try await perform("head", key) { volume in
            let blob = try volume.open(key, options.conditions, operation: "head")
            return (blob.attributes, blob.parts)
        }
    }
}
