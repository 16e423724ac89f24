extension InMemoryStore: TaggedBlobStore {
    /// Reads the tags of a blob.
    public func tags(of key: BlobKey) async throws -> BlobTags {
        try Task.checkCancellation()
        return try state.withLock { try $0.find(key, ReadConditions(), operation: "tags").tags }
    }

    /// Replaces the tags of a blob.
    public func setTags(_ tags: BlobTags, of key: BlobKey) async throws {
        try Task.checkCancellation()
        try state.withLock { state in
            var entry = try state.find(key, ReadConditions(), operation: "setTags")
            entry.tags = tags
            state.blobs.set(key, to: entry)
        }
    }
}
