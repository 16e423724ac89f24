extension PrefixedStore: TaggedBlobStore where Base: TaggedBlobStore {
    /// Reads the tags of a blob.
    public func tags(of key: BlobKey) async throws -> BlobTags {
        let name = try keyPrefix.adding(to: key, operation: "tags")
        do {
            return try await base.tags(of: name)
        } catch {
            throw keyPrefix.translating(error, name)
        }
    }

    /// Replaces the tags of a blob.
    public func setTags(_ tags: BlobTags, of key: BlobKey) async throws {
        let name = try keyPrefix.adding(to: key, operation: "setTags")
        do {
            try await base.setTags(tags, of: name)
        } catch {
            throw keyPrefix.translating(error, name)
        }
    }
}

extension ReadOnlyStore: TaggedBlobStore where Base: TaggedBlobStore {
    /// Reads the tags of a blob.
    public func tags(of key: BlobKey) async throws -> BlobTags {
        try await base.tags(of: key)
    }

    /// Throws.
    ///
    /// - Throws: ``BlobError`` of kind `permissionDenied`, always.
    public func setTags(_ tags: BlobTags, of key: BlobKey) async throws {
        throw denied("setTags", key)
    }
}

extension ObservedStore: TaggedBlobStore where Base: TaggedBlobStore {
    /// Reads the tags of a blob.
    public func tags(of key: BlobKey) async throws -> BlobTags {
        try await observing(.tags(of: key)) { try await base.tags(of: key) }
    }

    /// Replaces the tags of a blob.
    public func setTags(_ tags: BlobTags, of key: BlobKey) async throws {
        try await observing(.setTags(of: key)) { try await base.setTags(tags, of: key) }
    }
}

extension PresignedStore: TaggedBlobStore where Base: TaggedBlobStore {
    /// Reads the tags of a blob.
    public func tags(of key: BlobKey) async throws -> BlobTags {
        try await base.tags(of: key)
    }

    /// Replaces the tags of a blob.
    public func setTags(_ tags: BlobTags, of key: BlobKey) async throws {
        try await base.setTags(tags, of: key)
    }
}
