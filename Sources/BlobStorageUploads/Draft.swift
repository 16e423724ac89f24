public import BlobStorage

extension UploadService {
    /// Reserves a place for a document.
    ///
    /// - Parameters:
    ///   - request: What the client says of the document.
    ///   - owner: Whose document it will be: 1 to 512 bytes.
    /// - Returns: The ticket to hand to the client.
    /// - Throws: ``UploadError`` of reason `typeNotAllowed`, `extensionNotAllowed`, `tooLarge`,
    ///   `empty`, `invalid`, `checksumNotSupported` or `quotaExceeded`, or whatever the quota throws;
    ///   `BlobError` if a store fails.
    public func reserve(
        _ request: UploadRequest,
        owner: String
    ) async throws -> UploadTicket { throw UploadError(.invalid, "draft") }

    /// Makes a ticket anew: for requests that expired, and to go on after a lost connection.
    ///
    /// A ticket in parts lists those that are there, and has requests for the first that are not. A
    /// client that does not know whether its bytes are all there tries to confirm first.
    ///
    /// - Parameters:
    ///   - id: The document.
    ///   - owner: Whose it is.
    /// - Returns: The ticket to hand to the client.
    /// - Throws: ``UploadError`` of reason `notFound`, `expired`, `alreadyConfirmed` or `deleted`, or
    ///   the one that confirming was refused with; `BlobError` if a store fails.
    public func ticket(
        _ id: DocumentID,
        owner: String
    ) async throws -> UploadTicket { throw UploadError(.invalid, "draft") }

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
    public func confirm(
        _ id: DocumentID,
        owner: String
    ) async throws -> DocumentRecord { throw UploadError(.invalid, "draft") }

    /// Gives up a reservation, with what was uploaded.
    ///
    /// - Parameters:
    ///   - id: The document.
    ///   - owner: Whose it is.
    /// - Throws: ``UploadError`` of reason `notFound`, `alreadyConfirmed`, `deleted` or `conflict`;
    ///   `BlobError` if a store fails.
    public func cancel(_ id: DocumentID, owner: String) async throws {
        throw UploadError(.invalid, "draft")
    }

    /// Reads the record of a document, in whatever state.
    ///
    /// - Parameters:
    ///   - id: The document.
    ///   - owner: Whose it is.
    /// - Returns: The record.
    /// - Throws: ``UploadError`` of reason `notFound`, also for another owner's document and for one
    ///   that is deleted for good; `BlobError` if the records can't be read.
    public func document(
        _ id: DocumentID,
        owner: String
    ) async throws -> DocumentRecord { throw UploadError(.invalid, "draft") }

    /// Gives one page of an owner's confirmed documents, newest first.
    ///
    /// - Parameters:
    ///   - owner: Whose documents.
    ///   - limit: The most records of a page: 1 to 1,000.
    ///   - continuationToken: The token of the page before; `nil` for the first page.
    /// - Returns: The page; its token leads to the next one.
    /// - Throws: `BlobError` of kind `invalidArgument`, also for a token that is not from here.
    public func documents(
        owner: String,
        limit: Int = DocumentQuery.defaultLimit,
        continuationToken: String? = nil
    ) async throws -> DocumentPage { throw UploadError(.invalid, "draft") }

    /// Makes the address of a confirmed document.
    ///
    /// - Parameters:
    ///   - id: The document.
    ///   - owner: Whose it is.
    ///   - options: How long the address is good, and what the answer says, such as the file's name.
    /// - Returns: The address.
    /// - Throws: ``UploadError`` of reason `notFound`, `notConfirmed` or `deleted`; `BlobError` as the
    ///   delivery throws it.
    public func url(
        of id: DocumentID,
        owner: String,
        options: DeliveryOptions = DeliveryOptions()
    ) async throws -> DeliveryURL { throw UploadError(.invalid, "draft") }

    /// Deletes a document, at once or after a delay in which it can be restored.
    ///
    /// - Parameters:
    ///   - id: The document; one that is only reserved is given up, as by ``cancel(_:owner:)``.
    ///   - owner: Whose it is.
    ///   - delay: How long ``restore(_:owner:)`` can undo it; the first sweep after that removes it.
    /// - Returns: The record, which tells by `expires` until when the document can be restored;
    ///   `nil` if it is gone.
    /// - Throws: ``UploadError`` of reason `notFound` or `conflict`; `BlobError` if a store fails.
    @discardableResult
    public func delete(
        _ id: DocumentID,
        owner: String,
        after delay: Duration = .zero
    ) async throws -> DocumentRecord? { throw UploadError(.invalid, "draft") }

    /// Takes back a deletion whose delay is not over.
    ///
    /// - Parameters:
    ///   - id: The document; one that is not deleted is left as it is.
    ///   - owner: Whose it is.
    /// - Returns: The confirmed record.
    /// - Throws: ``UploadError`` of reason `notFound`, `deleted` if it is too late, `notConfirmed` or
    ///   `conflict`; `BlobError` if the records can't be changed.
    @discardableResult
    public func restore(
        _ id: DocumentID,
        owner: String
    ) async throws -> DocumentRecord { throw UploadError(.invalid, "draft") }

    /// Removes reservations whose time is up, documents that are deleted, and what no record knows of.
    ///
    /// It never touches a confirmed document, also when others confirm, delete and restore meanwhile,
    /// and any number of sweeps may run at once.
    ///
    /// - Parameter options: Whether it is a dry run, and how far it goes.
    /// - Returns: What was removed, and what could not be.
    /// - Throws: `BlobError` if the records or the listing can't be read.
    /// - Complexity: A few requests for each thing removed, and with the store's listing one for each
    ///   1,000 blobs; memory for a page.
    @discardableResult
    public func sweep(_ options: SweepOptions = SweepOptions()) async throws -> SweepReport {
        throw UploadError(.invalid, "draft")
    }
}
