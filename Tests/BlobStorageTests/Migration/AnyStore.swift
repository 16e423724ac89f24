import BlobStorage

/// Any store as one of a type that has a name.
struct AnyStore: BlobStore {
    let base: any BlobStore

    init(_ base: any BlobStore) {
        self.base = base
    }

    var capabilities: Capabilities { base.capabilities }

    func prepare() async throws { try await base.prepare() }

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        try await base.put(key, body, options: options)
    }

    func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) async throws -> Blob {
        try await base.get(key, range: range, options: options)
    }

    func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        try await base.head(key, options: options)
    }

    func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        try await base.delete(key, options: options)
    }

    func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        try await base.delete(keys)
    }

    func list(_ options: ListOptions) async throws -> BlobPage {
        try await base.list(options)
    }

    func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        try await base.copy(source, to: destination, options: options)
    }
}

/// A store that lets other tasks run before and after each change and each look.
struct YieldingStore: BlobStore {
    let base: InMemoryStore

    var capabilities: Capabilities

    init(_ base: InMemoryStore) {
        self.base = base
        capabilities = base.capabilities
    }

    private func yielding<Result>(_ call: () async throws -> Result) async throws -> Result {
        for _ in 0..<Int.random(in: 0..<4) { await Task.yield() }
        let result = try await call()
        for _ in 0..<Int.random(in: 0..<4) { await Task.yield() }
        return result
    }

    func prepare() async throws {}

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        try await yielding { try await base.put(key, body, options: options) }
    }

    func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) async throws -> Blob {
        try await yielding { try await base.get(key, range: range, options: options) }
    }

    func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        try await yielding { try await base.head(key, options: options) }
    }

    func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        try await yielding { try await base.delete(key, options: options) }
    }

    func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        try await yielding { try await base.delete(keys) }
    }

    func list(_ options: ListOptions) async throws -> BlobPage {
        try await yielding { try await base.list(options) }
    }

    func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        try await yielding { try await base.copy(source, to: destination, options: options) }
    }
}
