extension EventedStore: TaggedBlobStore where Base: TaggedBlobStore {
    /// Reads the tags of a blob.
    public func tags(of key: BlobKey) async throws -> BlobTags {
        try await base.tags(of: key)
    }

    /// Replaces the tags of a blob.
    public func setTags(_ tags: BlobTags, of key: BlobKey) async throws {
        let name = tags.isEmpty ? "ObjectTagging:Delete" : "ObjectTagging:Put"
        try await changing(
            key,
            { _ in .tagsChanged(name) },
            { try await base.setTags(tags, of: key) }
        )
    }
}

extension EventedStore: BlobPresigner where Base: BlobPresigner {
    /// Signs one request on one blob.
    ///
    /// What a client does with it is seen only if it passes through this store, as in a gateway.
    public func presign(
        _ operation: PresignedOperation,
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        options: PresignOptions
    ) async throws -> PresignedRequest {
        try await base.presign(operation, key, expiresIn: lifetime, options: options)
    }

    /// Signs a form by which a browser uploads one file.
    public func presignForm(
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        conditions: UploadFormConditions
    ) async throws -> PresignedForm {
        try await base.presignForm(key, expiresIn: lifetime, conditions: conditions)
    }
}

extension EventedStore: PlacedStore {
    package func place() async throws -> String? {
        try await (base as? any PlacedStore)?.place()
    }
}

extension EventedStore: PartedBlobStore where Base: PartedBlobStore {
    package func headParts(
        _ key: BlobKey,
        options: HeadOptions
    ) async throws -> (attributes: BlobAttributes, parts: BlobParts?) {
        try await base.headParts(key, options: options)
    }
}
