package import BlobStorage

/// A store with a ``Mutation``, if it has one.
package struct MutatedStore<Base: MultipartBlobStore & BlobPresigner>: MultipartBlobStore,
    BlobPresigner
{
    private let base: Base
    private let mutation: Mutation?

    package init(base: Base, mutation: Mutation?) {
        self.base = base
        self.mutation = mutation
    }

    package var capabilities: Capabilities { base.capabilities }
    package var multipartLimits: MultipartLimits { base.multipartLimits }

    private func loosened(_ condition: WriteCondition) -> WriteCondition {
        guard mutation == .dropsCreateOnly, case .ifAbsent = condition else { return condition }
        return .none
    }

    package func prepare() async throws {
        try await base.prepare()
    }

    package func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        var options = options
        options.condition = loosened(options.condition)
        return try await base.put(key, body, options: options)
    }

    package func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) async throws -> Blob {
        try await base.get(key, range: range, options: options)
    }

    package func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        try await base.head(key, options: options)
    }

    package func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        guard mutation != .keepsBlobs else { return }
        try await base.delete(key, options: options)
    }

    package func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        mutation == .keepsBlobs ? [] : try await base.delete(keys)
    }

    package func list(_ options: ListOptions) async throws -> BlobPage {
        try await base.list(options)
    }

    package func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        var options = options
        options.condition = loosened(options.condition)
        return try await base.copy(source, to: destination, options: options)
    }

    package func createMultipartUpload(
        _ key: BlobKey,
        options: MultipartOptions
    ) async throws -> MultipartUpload {
        try await base.createMultipartUpload(key, options: options)
    }

    package func uploadPart(
        _ number: Int,
        of upload: MultipartUpload,
        _ body: BlobBody,
        checksum: Checksum?
    ) async throws -> UploadedPart {
        try await base.uploadPart(number, of: upload, body, checksum: checksum)
    }

    package func listParts(
        of upload: MultipartUpload,
        startAfter: Int,
        limit: Int
    ) async throws -> PartPage {
        try await base.listParts(of: upload, startAfter: startAfter, limit: limit)
    }

    package func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition
    ) async throws -> BlobAttributes {
        try await base.completeMultipartUpload(
            upload,
            parts: parts,
            condition: loosened(condition)
        )
    }

    package func abortMultipartUpload(_ upload: MultipartUpload) async throws {
        guard mutation != .keepsUploads else { return }
        try await base.abortMultipartUpload(upload)
    }

    package func listMultipartUploads(
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

    package func presign(
        _ operation: PresignedOperation,
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        options: PresignOptions
    ) async throws -> PresignedRequest {
        var options = options
        options.condition = loosened(options.condition)
        if mutation == .trustsClients {
            options.byteCount = nil
            options.headers = ContentHeaders()
        }
        return try await base.presign(operation, key, expiresIn: lifetime, options: options)
    }

    package func presignForm(
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        conditions: UploadFormConditions
    ) async throws -> PresignedForm {
        try await base.presignForm(key, expiresIn: lifetime, conditions: conditions)
    }
}
