internal import BlobStorage

extension UploadService {
    /// Removes what the client wrote, once it was copied; the sweep does what this can't.
    func removeIncoming(of record: DocumentRecord) async {
        guard record.route == .incoming || record.route == .form else { return }
        await quietly { try await store.delete(keys.incomingKey(for: record)) }
    }

    /// Removes the bytes of a document.
    ///
    /// The record of a reservation that was refused stays, and tells why, until the sweep or a
    /// cancellation removes it.
    func removeBytes(of record: DocumentRecord) async throws {
        if let upload = record.multipartUpload, let store = store as? any MultipartBlobStore {
            try await store.abortMultipartUpload(upload)
        }
        let failures = try await store.delete(blobKeys(of: record))
        if let failure = failures.first { throw failure.error }
    }

    /// The keys that a record's bytes have, or can have.
    func blobKeys(of record: DocumentRecord) -> [BlobKey] {
        [record.key, keys.incomingKey(for: record)]
    }

    /// Removes blobs that attempts to confirm made, unless they have a place by now, or may get one.
    func discard(_ made: Set<BlobKey>, of id: DocumentID) async {
        guard !made.isEmpty else { return }
        await quietly {
            let record = try await metadata.find(id)
            let orphans = made.filter { isOrphan($0, isIncoming: false, record) }
            _ = try await store.delete(Array(orphans))
        }
    }

    /// Whether a blob under the service's prefixes belongs to nothing.
    ///
    /// An orphan stays one: ids are used once, a confirmed record keeps its key, and a document that
    /// is deleted for good never comes back. So a blob that is one now can be removed later.
    ///
    /// - Parameters:
    ///   - key: The blob.
    ///   - isIncoming: Whether it waits to be confirmed.
    ///   - record: The record with the id in the key, read after the blob was seen.
    /// - Returns: Whether it can be removed, now and later.
    func isOrphan(_ key: BlobKey, isIncoming: Bool, _ record: DocumentRecord?) -> Bool {
        guard let record else { return true }
        switch record.state {
        case .pending: return false
        case .confirmed: return isIncoming || key != record.key
        default: return record.isBeyondRestoring || isIncoming || key != record.key
        }
    }
}
