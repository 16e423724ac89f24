import BlobStorage

typealias FullStore = MultipartBlobStore & ChecksummedCompletion

/// A store whose every call passes a gate, that can do less than its base, and whose requests somebody
/// else signs.
class SteppedStore: BlobStore, BlobPresigner, @unchecked Sendable {
    // Nothing here ever changes.
    let base: any FullStore
    let presigner: any BlobPresigner
    let gate: Gate
    let capabilities: Capabilities
    /// Whether conditions on the source of a copy hold at the moment of the copy.
    let checksCopySources: Bool

    required init(
        _ base: any FullStore,
        presigner: any BlobPresigner,
        gate: Gate,
        without missing: Set<Capabilities.Feature>,
        capabilities: Capabilities? = nil,
        checksCopySources: Bool = true
    ) {
        self.checksCopySources = checksCopySources
        self.base = base
        self.presigner = presigner
        self.gate = gate
        var capabilities = capabilities ?? base.capabilities
        capabilities.features.subtract(missing)
        self.capabilities = capabilities
    }

    func require(_ feature: Capabilities.Feature, _ condition: WriteCondition) throws {
        guard !capabilities.features.contains(feature), condition != .none else { return }
        throw BlobError(.unsupported, operation: "test", message: "it can't \(feature)")
    }

    func prepare() async throws {
        try await gate.pass("prepare") { try await base.prepare() }
    }

    func put(_ key: BlobKey, _ body: BlobBody, options: PutOptions) async throws -> BlobAttributes {
        try require(.putIfAbsent, options.condition)
        return try await gate.pass("put") { try await base.put(key, body, options: options) }
    }

    func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) async throws -> Blob {
        try await gate.pass("get") { try await base.get(key, range: range, options: options) }
    }

    func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        try await gate.pass("head") { try await base.head(key, options: options) }
    }

    func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        try await gate.pass("delete") { try await base.delete(key, options: options) }
    }

    func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        try await gate.pass("delete") { try await base.delete(keys) }
    }

    func list(_ options: ListOptions) async throws -> BlobPage {
        try await gate.pass("list") { try await base.list(options) }
    }

    func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        try require(.conditionalCopy, options.condition)
        var options = options
        if !checksCopySources { options.sourceConditions = ReadConditions() }
        return try await gate.pass("copy") { [options] in
            try await base.copy(source, to: destination, options: options)
        }
    }

    func presign(
        _ operation: PresignedOperation,
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        options: PresignOptions
    ) async throws -> PresignedRequest {
        try require(.putIfAbsent, options.condition)
        return try await gate.pass("presign") {
            try await presigner.presign(operation, key, expiresIn: lifetime, options: options)
        }
    }

    func presignForm(
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        conditions: UploadFormConditions
    ) async throws -> PresignedForm {
        try await gate.pass("presign") {
            try await presigner.presignForm(key, expiresIn: lifetime, conditions: conditions)
        }
    }
}

/// The same, with parts.
final class SteppedPartStore: SteppedStore, FullStore, @unchecked Sendable {
    var multipartLimits: MultipartLimits { base.multipartLimits }

    func createMultipartUpload(
        _ key: BlobKey,
        options: MultipartOptions
    ) async throws -> MultipartUpload {
        try await gate.pass("create") {
            try await base.createMultipartUpload(key, options: options)
        }
    }

    func uploadPart(
        _ number: Int,
        of upload: MultipartUpload,
        _ body: BlobBody,
        checksum: Checksum?
    ) async throws -> UploadedPart {
        try await gate.pass("part") {
            try await base.uploadPart(number, of: upload, body, checksum: checksum)
        }
    }

    func listParts(
        of upload: MultipartUpload,
        startAfter: Int,
        limit: Int
    ) async throws -> PartPage {
        try await gate.pass("parts") {
            try await base.listParts(of: upload, startAfter: startAfter, limit: limit)
        }
    }

    func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition
    ) async throws -> BlobAttributes {
        try require(.putIfAbsent, condition)
        return try await gate.pass("complete") {
            try await base.completeMultipartUpload(upload, parts: parts, condition: condition)
        }
    }

    func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition,
        expecting checksum: Checksum
    ) async throws -> BlobAttributes {
        try require(.putIfAbsent, condition)
        return try await gate.pass("complete") {
            try await base.completeMultipartUpload(
                upload,
                parts: parts,
                condition: condition,
                expecting: checksum
            )
        }
    }

    func abortMultipartUpload(_ upload: MultipartUpload) async throws {
        try await gate.pass("abort") { try await base.abortMultipartUpload(upload) }
    }

    func listMultipartUploads(
        prefix: String,
        continuationToken: String?,
        limit: Int
    ) async throws -> MultipartUploadPage {
        try await gate.pass("uploads") {
            try await base.listMultipartUploads(
                prefix: prefix,
                continuationToken: continuationToken,
                limit: limit
            )
        }
    }
}
