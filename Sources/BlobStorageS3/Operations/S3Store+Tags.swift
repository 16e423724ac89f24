public import BlobStorage
internal import BlobStorageHTTP

extension S3Store: TaggedBlobStore {
    /// A store that gives every blob that is put, or uploaded in parts, these tags.
    ///
    /// Tags of a write's own options count instead; a copy keeps the tags of its source.
    ///
    /// - Parameter tags: The tags of new blobs.
    /// - Returns: A store of the same bucket, with the same connections.
    public func tagging(_ tags: BlobTags) -> S3Store {
        var store = self
        store.writeTags = tags
        return store
    }

    /// Reads the tags of a blob.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html
    public func tags(of key: BlobKey) async throws -> BlobTags {
        try await tags(of: key, "tags")
    }

    /// Reads the tags of a blob for the sake of another operation, which errors name.
    ///
    /// - Parameters:
    ///   - key: The blob.
    ///   - operation: The operation that wants to know.
    ///   - deadline: When that must be done; `nil` gives it the time of an operation.
    /// - Returns: The tags.
    /// - Throws: `BlobError`; `CancellationError`.
    func tags(
        of key: BlobKey,
        _ operation: String,
        deadline: Duration? = nil
    ) async throws -> BlobTags {
        var call = S3Call("GetObjectTagging", .get, key, query: [("tagging", nil)])
        call.deadline = deadline
        return try await perform(call, operation) { response in
            BlobTags(
                unchecked: try S3TaggingAnswer(
                    try await response.document(),
                    head: S3AnswerHead(response)
                ).tags
            )
        }
    }

    /// Replaces the tags of a blob.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
    public func setTags(_ tags: BlobTags, of key: BlobKey) async throws {
        try await setTags(tags, of: key, "setTags")
    }

    /// Replaces the tags of a blob for the sake of another operation, which errors name.
    func setTags(_ tags: BlobTags, of key: BlobKey, _ operation: String) async throws {
        guard !tags.isEmpty else { return try await removeTags(of: key, operation) }
        let document = S3Documents.tagging(tags)
        var call = S3Call(
            "PutObjectTagging",
            .put,
            key,
            query: [("tagging", nil)],
            body: .bytes(document)
        )
        call.headers["Content-Type"] = "application/xml"
        try addDocumentChecksum(of: document, to: &call.headers)
        _ = try await perform(call, operation) { $0.status }
    }

    /// Removes all tags of a blob.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html
    private func removeTags(of key: BlobKey, _ operation: String) async throws {
        let call = S3Call("DeleteObjectTagging", .delete, key, query: [("tagging", nil)])
        _ = try await perform(call, operation) { $0.status }
    }

    /// The tags that a write gives its blob: its own, or else those of the store.
    func tagsToWrite(_ tags: BlobTags) -> BlobTags { tags.isEmpty ? writeTags : tags }

    /// Adds the tags that a write gives its blob.
    func addTags(_ tags: BlobTags, _ operation: String, to call: inout S3Call) throws {
        if !tags.isEmpty, !vendor.canTag, let key = call.key {
            throw unsupported(.tags, operation, key)
        }
        let tags = tagsToWrite(tags)
        if !tags.isEmpty { call.headers.append("x-amz-tagging", tags.headerText) }
    }
}

extension BlobTags {
    /// The tags as the header of a write has them.
    var headerText: String { S3PathEncoding.query(pairs.map { ($0.name, $0.value) }) }
}
