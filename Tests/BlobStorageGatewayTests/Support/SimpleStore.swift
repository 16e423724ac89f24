import BlobStorage
import Foundation

/// A store of somebody else: it does what the protocols ask, and its uploads' ids have no order.
struct SimpleStore: MultipartBlobStore {
    let base: any MultipartBlobStore
    /// The ids of uploads of the key `k` that it claims to have.
    var ids: [String] = []

    var capabilities: Capabilities { base.capabilities }
    var multipartLimits: MultipartLimits { base.multipartLimits }

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

    func list(_ options: ListOptions) async throws -> BlobPage { try await base.list(options) }

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

    /// Two uploads a page, so that what a gateway looks for may stand on the next one.
    func listMultipartUploads(
        prefix: String,
        continuationToken: String?,
        limit: Int
    ) async throws -> MultipartUploadPage {
        let start = continuationToken.flatMap { Int($0) } ?? 0
        let uploads = ids.dropFirst(start).prefix(2).map { id in
            let upload = MultipartUpload(key: "k", id: id)
            return ListedMultipartUpload(upload: upload, created: Date(timeIntervalSince1970: 0))
        }
        let next = start + uploads.count
        return MultipartUploadPage(
            uploads: uploads,
            continuationToken: next < ids.count ? "\(next)" : nil
        )
    }
}
