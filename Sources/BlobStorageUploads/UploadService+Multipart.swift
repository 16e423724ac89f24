internal import BlobStorage

extension UploadService {
    /// Begins the multipart upload of a reservation.
    func beginMultipartUpload(_ record: DocumentRecord) async throws -> MultipartUpload {
        guard let store = store as? any MultipartBlobStore else { throw corrupted(record) }
        let options = MultipartOptions(
            headers: ContentHeaders(contentType: record.contentType),
            checksum: record.checksum?.algorithm
        )
        return try await store.createMultipartUpload(record.key, options: options)
    }

    /// The parts that are there and as they should be; `nil` if there is no such upload any more.
    func uploadedParts(of record: DocumentRecord) async throws -> [UploadedPart]? {
        guard let store = store as? any MultipartBlobStore, let layout = record.partLayout,
            let upload = record.multipartUpload
        else { throw corrupted(record) }
        do {
            return layout.matching(try await store.parts(of: upload))
        } catch let error as BlobError where error.kind == .notFound {
            return nil
        }
    }

    /// Drops a multipart upload that nobody names; the sweep does what this can't.
    func drop(_ upload: MultipartUpload) async {
        guard let store = store as? any MultipartBlobStore else { return }
        await quietly { try await store.abortMultipartUpload(upload) }
    }
}
