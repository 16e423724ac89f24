import BlobStorage

/// A store with one defect: it forwards every call but those it gets wrong.
protocol BrokenStore: MultipartBlobStore {
    var base: InMemoryStore { get }
}

extension BrokenStore {
    var capabilities: Capabilities { base.capabilities }

    var multipartLimits: MultipartLimits { base.multipartLimits }

    func prepare() async throws {
        try await base.prepare()
    }

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

extension MultipartLimits {
    /// Parts of a few bytes, for speed.
    static let small = MultipartLimits(
        minimumPartByteCount: 8,
        maximumPartByteCount: 1 << 20,
        maximumPartCount: 1_000
    )
}

/// Lets other tasks run, so that a race that is possible happens.
func letOthersRun() async {
    for _ in 0..<20 { await Task.yield() }
    // On a machine with much else to do, those who race have not even begun by now.
    try? await Task.sleep(for: .milliseconds(10))
}
