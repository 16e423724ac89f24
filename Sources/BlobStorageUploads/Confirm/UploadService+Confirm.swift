public import BlobStorage
internal import Foundation

extension UploadService {
    /// Confirms that the bytes are there, which makes them a document.
    ///
    /// The blob is held against the reservation: size, media type, checksum, first bytes. From then
    /// on nobody can change it. To confirm again gives the record again.
    ///
    /// - Parameters:
    ///   - id: The document.
    ///   - owner: Whose it is.
    /// - Returns: The record, with the size and the etag of the blob.
    /// - Throws: ``UploadError`` of reason `notUploaded` or `incomplete`, after which the client can
    ///   go on; `wrongSize`, `wrongType`, `wrongChecksum` or `wrongContent`, which end the
    ///   reservation and remove the bytes; `notFound`, `expired`, `deleted` or `conflict`;
    ///   `BlobError` if a store fails.
    public func confirm(_ id: DocumentID, owner: String) async throws -> DocumentRecord {
        var made: Set<BlobKey> = []
        do {
            let record = try await confirm(id, owner: owner, making: &made)
            made.remove(record.key)
            await discard(made, of: id)
            return record
        } catch {
            await discard(made, of: id)
            throw error
        }
    }

    /// Confirms, and tells which blobs it made: one of them may have its place, others have none.
    private func confirm(
        _ id: DocumentID,
        owner: String,
        making made: inout Set<BlobKey>
    ) async throws -> DocumentRecord {
        for _ in 0..<Self.maximumAttemptCount {
            let record = try await find(id, owner: owner)
            if record.state == .confirmed { return record }
            try requirePending(record)
            do {
                let attributes = try await settle(record, making: &made)
                try await judge(attributes, record)
                let confirmed = try await metadata.update(confirming(record, attributes))
                await removeIncoming(of: record)
                return confirmed
            } catch let refusal as UploadError {
                // Another confirmation may have moved the bytes that this one missed.
                if try await isChanged(record) { continue }
                guard refusal.reason.isRefusal else { throw refusal }
                guard let ended = try await end(record, with: refusal) else { continue }
                await quietly { try await removeBytes(of: ended) }
                throw refusal
            } catch let error as BlobError where error.isLostRace {
                // Somebody changed the record, or the bytes under it: what is true now?
                continue
            }
        }
        throw conflict(id)
    }

    /// The record as it is once its blob is confirmed.
    private func confirming(
        _ record: DocumentRecord,
        _ attributes: BlobAttributes
    ) -> DocumentRecord {
        var next = record
        next.state = .confirmed
        next.key = attributes.key
        next.byteCount = attributes.byteCount
        next.etag = attributes.etag
        next.checksum = record.checksum ?? attributes.checksum
        next.uploaded = now()
        next.expires = nil
        next.removeUploadFields()
        return next
    }

    private func isChanged(_ record: DocumentRecord) async throws -> Bool {
        try await metadata.find(record.id)?.version != record.version
    }

    /// Ends a reservation whose bytes are wrong, so that nothing can be confirmed on it any more;
    /// `nil` if somebody else changed it.
    private func end(
        _ record: DocumentRecord,
        with refusal: UploadError
    ) async throws -> DocumentRecord? {
        var next = record
        next.state = .deleting
        next.expires = nil
        next.refusal = refusal
        do {
            return try await metadata.update(next)
        } catch let error as BlobError where error.isLostRace {
            return nil
        }
    }
}
