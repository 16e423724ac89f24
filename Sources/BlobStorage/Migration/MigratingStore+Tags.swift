extension MigratingStore: TaggedBlobStore where Old: TaggedBlobStore, New: TaggedBlobStore {
    /// Reads the tags of a blob.
    public func tags(of key: BlobKey) async throws -> BlobTags {
        try await reading(key) { store in
            guard let store = store as? any TaggedBlobStore else { throw missing(key, "tags") }
            return try await store.tags(of: key)
        }
    }

    /// Replaces the tags of a blob, which is moved into the new store if it is not there.
    public func setTags(_ tags: BlobTags, of key: BlobKey) async throws {
        if try await newAttributes(key) == nil, case .isGone = try await relocation.move(key) {
            throw missing(key, "setTags")
        }
        try await new.setTags(tags, of: key)
        guard case .both(let onFailure) = writes else { return }
        do {
            try await old.setTags(tags, of: key)
        } catch {
            onFailure(key, error)
        }
    }
}
