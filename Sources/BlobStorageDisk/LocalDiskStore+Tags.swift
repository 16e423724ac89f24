public import BlobStorage

extension LocalDiskStore: TaggedBlobStore {
    /// Reads the tags of a blob.
    public func tags(of key: BlobKey) async throws -> BlobTags {
        try await perform("tags", key) { volume in
            try volume.open(key, ReadConditions(), operation: "tags").tags
        }
    }

    /// Replaces the tags of a blob.
    public func setTags(_ tags: BlobTags, of key: BlobKey) async throws {
        try await perform("setTags", key) { try $0.setTags(tags, of: key) }
    }
}
