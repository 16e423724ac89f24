internal import BlobStorage
internal import Foundation

extension UploadService {
    /// How often something is begun anew since others changed it in between.
    static let maximumAttemptCount = 20

    /// Reads the record of a document.
    ///
    /// - Throws: ``UploadError`` of reason `notFound`: whose id it is, is not told.
    func find(_ id: DocumentID, owner: String) async throws -> DocumentRecord {
        guard let record = try await metadata.find(id), UTF8Order.equal(record.owner, owner),
            UTF8Order.hasPrefix(record.key.text, keyPrefix)
        else { throw UploadError(.notFound, "there is no such document", id: id) }
        return record
    }

    /// Throws unless a record is a reservation that still holds.
    ///
    /// - Throws: ``UploadError`` of reason `alreadyConfirmed`, `deleted`, `expired`, or the one that
    ///   confirming was refused with.
    func requirePending(_ record: DocumentRecord) throws {
        switch record.state {
        case .pending: break
        case .confirmed:
            let message = "the document is confirmed already"
            throw UploadError(.alreadyConfirmed, message, id: record.id)
        default: throw record.refusal ?? deleted(record.id)
        }
        guard now() < deadline(of: record) else { throw expired(record) }
    }

    /// Changes a record, on whatever version there is.
    ///
    /// - Parameters:
    ///   - id: The document.
    ///   - owner: Whose it is.
    ///   - change: Changes the record, or returns `false` to leave it as it is; it runs once an
    ///     attempt.
    /// - Returns: The record as it is now.
    /// - Throws: ``UploadError`` of reason `notFound` or `conflict`, and what `change` throws.
    func transition(
        _ id: DocumentID,
        owner: String,
        _ change: (inout DocumentRecord) throws -> Bool
    ) async throws -> DocumentRecord {
        for _ in 0..<Self.maximumAttemptCount {
            var record = try await find(id, owner: owner)
            guard try change(&record) else { return record }
            do {
                return try await metadata.update(record)
            } catch let error as BlobError where error.isLostRace {
                continue
            }
        }
        throw conflict(id)
    }

    /// Removes a document that is deleted for good, or a reservation that nobody has: its bytes first,
    /// its record last, so that whatever is left over still has its record.
    func purge(_ record: DocumentRecord) async throws {
        try await removeBytes(of: record)
        try await metadata.delete(record.id)
    }

    /// Does what can be left to the sweep: if it fails, it is no failure of what it comes after.
    func quietly(_ work: () async throws -> Void) async {
        do {
            try await work()
        } catch {
            // The sweep finds what is left: see `sweep`.
            return
        }
    }

    /// Until when a reservation must be confirmed.
    func deadline(of record: DocumentRecord) -> Date {
        let usual = record.created.addingTimeInterval(policy.reservationLifetime.inSeconds)
        return record.expires ?? usual
    }

    func expired(_ record: DocumentRecord) -> UploadError {
        let time = ISO8601Date.text(deadline(of: record))
        return UploadError(
            .expired,
            "the reservation ended at \(time); reserve anew",
            id: record.id
        )
    }

    func deleted(_ id: DocumentID) -> UploadError {
        UploadError(.deleted, "the document is deleted", id: id)
    }

    func conflict(_ id: DocumentID) -> UploadError {
        let message = "others changed the document again and again; try once more"
        return UploadError(.conflict, message, id: id)
    }

    /// The record of an upload in parts does not tell of its parts, or the store takes none any more.
    func corrupted(_ record: DocumentRecord) -> BlobError {
        BlobError(
            .corrupted,
            operation: "uploads",
            key: record.key,
            message: "the record \"\(record.id)\" is of an upload in parts, and either lacks its "
                + "multipart upload, or the store takes no parts"
        )
    }
}

extension BlobError {
    /// Whether somebody else changed or deleted the record in between.
    var isLostRace: Bool { kind == .preconditionFailed || kind == .notFound }
}

extension Duration {
    /// The duration as dates have it.
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
