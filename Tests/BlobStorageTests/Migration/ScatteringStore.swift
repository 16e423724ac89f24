import BlobStorage

/// A migrating store with a past: every other blob that is written where there is none is put into
/// the old store, as before the migration.
struct ScatteringStore: MultipartBlobStore, TaggedBlobStore {
    let base: MigratingStore<InMemoryStore, InMemoryStore>

    init(writes: MigrationWrites = .new, limits: MultipartLimits = .s3) {
        base = InMemoryStore(multipartLimits: limits)
            .migrating(to: InMemoryStore(multipartLimits: limits), writes: writes)
    }

    var capabilities: Capabilities { base.capabilities }
    var multipartLimits: MultipartLimits { base.multipartLimits }

    func prepare() async throws { try await base.prepare() }

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        let isOdd = key.text.utf8.reduce(0) { $0 ^ $1 } & 1 == 1
        if isOdd, options.condition == .none, try await !base.new.exists(key),
            try await !base.old.exists(key)
        {
            return try await base.old.put(key, body, options: options)
        }
        return try await base.put(key, body, options: options)
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

    func tags(of key: BlobKey) async throws -> BlobTags { try await base.tags(of: key) }

    func setTags(_ tags: BlobTags, of key: BlobKey) async throws {
        try await base.setTags(tags, of: key)
    }

    func createMultipartUpload(
        _ key: BlobKey,
        options: MultipartOptions
    ) async throws -> MultipartUpload {
        try await base.createMultipartUpload(key, options: options)
    }

    func uploadPart(
        _ number: Int,
        of upload: MultipartUpload,
        _ body: BlobBody,
        checksum: Checksum?
    ) async throws -> UploadedPart {
        try await base.uploadPart(number, of: upload, body, checksum: checksum)
    }

    func listParts(
        of upload: MultipartUpload,
        startAfter: Int,
        limit: Int
    ) async throws -> PartPage {
        try await base.listParts(of: upload, startAfter: startAfter, limit: limit)
    }

    func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition
    ) async throws -> BlobAttributes {
        try await base.completeMultipartUpload(upload, parts: parts, condition: condition)
    }

    func abortMultipartUpload(_ upload: MultipartUpload) async throws {
        try await base.abortMultipartUpload(upload)
    }

    func listMultipartUploads(
        prefix: String,
        continuationToken: String?,
        limit: Int
    ) async throws -> MultipartUploadPage {
        try await base.listMultipartUploads(
            prefix: prefix,
            continuationToken: continuationToken,
            limit: limit
        )
    }
}
