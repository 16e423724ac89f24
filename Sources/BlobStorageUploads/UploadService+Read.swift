public import BlobStorage

extension UploadService {
    /// Reads the record of a document, in whatever state.
    ///
    /// - Parameters:
    ///   - id: The document.
    ///   - owner: Whose it is.
    /// - Returns: The record.
    /// - Throws: ``UploadError`` of reason `notFound`, also for another owner's document and for one
    ///   that is deleted for good; `BlobError` if the records can't be read.
    public func document(_ id: DocumentID, owner: String) async throws -> DocumentRecord {
        let record = try await find(id, owner: owner)
        guard !record.isBeyondRestoring else {
            throw UploadError(.notFound, "there is no such document", id: id)
        }
        return record
    }

    /// Gives one page of an owner's confirmed documents, newest first.
    ///
    /// - Parameters:
    ///   - owner: Whose documents.
    ///   - limit: The most records of a page: 1 to 1,000.
    ///   - continuationToken: The token of the page before; `nil` for the first page.
    /// - Returns: The page; its token leads to the next one.
    /// - Throws: ``UploadError`` of reason `invalid` for an owner that can't be; `BlobError` of kind
    ///   `invalidArgument` for a limit out of bounds, or a token that is not from here.
    public func documents(
        owner: String,
        limit: Int = DocumentQuery.defaultLimit,
        continuationToken: String? = nil
    ) async throws -> DocumentPage {
        try Self.check(owner: owner)
        let query = DocumentQuery(
            owner: owner,
            state: .confirmed,
            keyPrefix: keyPrefix,
            limit: limit,
            continuationToken: continuationToken
        )
        return try await metadata.query(query)
    }

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
    ) async throws -> DeliveryURL {
        let record = try await document(id, owner: owner)
        switch record.state {
        case .confirmed: return try await delivery.url(of: record.key, options: options)
        case .pending: throw UploadError(.notConfirmed, "the document is not confirmed", id: id)
        default: throw deleted(id)
        }
    }
}
