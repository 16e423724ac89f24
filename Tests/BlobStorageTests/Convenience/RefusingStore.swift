import BlobStorage

/// A store in memory that refuses to delete some blobs.
struct RefusingStore: BlobStore {
    let base = InMemoryStore()
    var refused: Set<BlobKey> = []
    var capabilities = Capabilities()
    /// What to do between a move's copy and its delete.
    var afterCopy: @Sendable (InMemoryStore) async throws -> Void = { _ in }

    func prepare() async throws {}

    func put(_ key: BlobKey, _ body: BlobBody, options: PutOptions) async throws -> BlobAttributes {
        try await base.put(key, body, options: options)
    }

    func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) async throws -> Blob {
        try await base.get(key, range: range, options: options)
    }

    func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        guard !refused.contains(key) else { throw refusal(key) }
        return try await base.head(key, options: options)
    }

    func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        guard !refused.contains(key) else { throw refusal(key) }
        if options.ifMatches != nil, !capabilities.features.contains(.deleteIfMatches) {
            throw BlobError(.unsupported, operation: "delete", key: key, message: "no condition")
        }
        try await base.delete(key, options: options)
    }

    func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        var failures = try await base.delete(keys.filter { !refused.contains($0) })
        for key in keys where refused.contains(key) {
            failures.append(DeleteFailure(key: key, error: refusal(key)))
        }
        return failures
    }

    func list(_ options: ListOptions) async throws -> BlobPage { try await base.list(options) }

    func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        let attributes = try await base.copy(source, to: destination, options: options)
        try await afterCopy(base)
        return attributes
    }

    private func refusal(_ key: BlobKey) -> BlobError {
        BlobError(.permissionDenied, operation: "delete", key: key, message: "refused")
    }
}
