public import BlobStorage
internal import Foundation

extension UploadService {
    /// Gives up a reservation, with what was uploaded.
    ///
    /// - Parameters:
    ///   - id: The document.
    ///   - owner: Whose it is.
    /// - Throws: ``UploadError`` of reason `notFound`, `alreadyConfirmed`, `deleted` or `conflict`;
    ///   `BlobError` if a store fails.
    public func cancel(_ id: DocumentID, owner: String) async throws {
        let record = try await transition(id, owner: owner) { record in
            switch record.state {
            case .pending:
                record.state = .deleting
                record.expires = nil
                return true
            case .confirmed:
                let message = "the document is confirmed already; delete it"
                throw UploadError(.alreadyConfirmed, message, id: id)
            default:
                guard record.isBeyondRestoring else { throw deleted(id) }
                return false
            }
        }
        await quietly { try await purge(record) }
    }

    /// Deletes a document, at once or after a delay in which it can be restored.
    ///
    /// - Parameters:
    ///   - id: The document; one that is only reserved is given up, as by ``cancel(_:owner:)``.
    ///   - owner: Whose it is.
    ///   - delay: How long ``restore(_:owner:)`` can undo it; the first sweep after that removes it.
    ///     Another deletion meanwhile does not make it longer; one without a delay ends it.
    /// - Returns: The record, which tells by `expires` until when the document can be restored;
    ///   `nil` if it is gone.
    /// - Throws: ``UploadError`` of reason `notFound` or `conflict`; `BlobError` if the records can't
    ///   be changed.
    @discardableResult
    public func delete(
        _ id: DocumentID,
        owner: String,
        after delay: Duration = .zero
    ) async throws -> DocumentRecord? {
        let time = now()
        let record = try await transition(id, owner: owner) { record in
            switch record.state {
            case .confirmed:
                record.expires = delay > .zero ? time.addingTimeInterval(delay.inSeconds) : nil
            case .pending: record.expires = nil
            default:
                guard !record.isBeyondRestoring, delay <= .zero else { return false }
                record.expires = nil
            }
            record.state = .deleting
            return true
        }
        guard record.isBeyondRestoring else { return record }
        // What can't be removed now is the sweep's: that it is deleted is decided.
        await quietly { try await purge(record) }
        return nil
    }

    /// Takes back a deletion whose delay is not over.
    ///
    /// - Parameters:
    ///   - id: The document; one that is not deleted is left as it is.
    ///   - owner: Whose it is.
    /// - Returns: The confirmed record.
    /// - Throws: ``UploadError`` of reason `notFound`, `deleted` if it is too late, `notConfirmed` or
    ///   `conflict`; `BlobError` if the records can't be changed.
    @discardableResult
    public func restore(_ id: DocumentID, owner: String) async throws -> DocumentRecord {
        let time = now()
        return try await transition(id, owner: owner) { record in
            switch record.state {
            case .confirmed: return false
            case .pending:
                throw UploadError(.notConfirmed, "the document is not confirmed", id: id)
            default:
                guard let end = record.expires, time < end else {
                    let message = "the document is deleted, and can't be restored any more"
                    throw UploadError(.deleted, message, id: id)
                }
                record.state = .confirmed
                record.expires = nil
                return true
            }
        }
    }
}
