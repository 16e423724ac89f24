import BlobStorage

/// A store that tells what was written to it, and deleted from it, when that is done.
struct ObservedStore: BlobStore {
    /// Something that was done.
    enum Change: Sendable {
        case put(BlobAttributes)
        /// A deletion was tried; `isDone` is whether it succeeded.
        case deletion(BlobKey, isDone: Bool)
    }

    let base: any BlobStore
    let didChange: @Sendable (Change) -> Void

    var capabilities: Capabilities { base.capabilities }

    func prepare() async throws { try await base.prepare() }

    func put(_ key: BlobKey, _ body: BlobBody, options: PutOptions) async throws -> BlobAttributes {
        let blob = try await base.put(key, body, options: options)
        didChange(.put(blob))
        return blob
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
        do {
            let failures = try await base.delete(keys)
            let failed = Set(failures.map(\.key))
            for key in keys { didChange(.deletion(key, isDone: !failed.contains(key))) }
            return failures
        } catch {
            for key in keys { didChange(.deletion(key, isDone: false)) }
            throw error
        }
    }

    func list(_ options: ListOptions) async throws -> BlobPage { try await base.list(options) }

    func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        try await base.copy(source, to: destination, options: options)
    }
}
