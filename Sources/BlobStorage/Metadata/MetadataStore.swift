/// Keeps the records of documents.
///
/// Every store behaves alike: a change is all or nothing; of two that are based on one version one
/// fails; a record comes back exactly as it went in; queries are newest first. Some stores answer
/// queries, and nothing but queries, from an index that lags behind a little: see their own pages.
public protocol MetadataStore: Sendable {
    /// Makes what the store needs, such as a file or a table, if it is not there.
    ///
    /// - Throws: ``BlobError``, of kind `unsupported` if what is there is something else's, or of a
    ///   newer version.
    func prepare() async throws

    /// Keeps a new record.
    ///
    /// - Parameter record: The record; its version does not matter.
    /// - Returns: The record with its version, 1.
    /// - Throws: ``BlobError`` of kind `alreadyExists` if there is one with this id,
    ///   `invalidArgument` or `tooLarge`.
    @discardableResult
    func insert(_ record: DocumentRecord) async throws -> DocumentRecord

    /// Reads a record as the last change left it.
    ///
    /// - Parameter id: The record's id.
    /// - Returns: The record.
    /// - Throws: ``BlobError`` of kind `notFound`.
    func record(_ id: DocumentID) async throws -> DocumentRecord

    /// Reads many records, each as its last change left it.
    ///
    /// - Parameter ids: The ids, at most 1,000, in any order; one that stands twice counts once.
    /// - Returns: The records that are there, by their ids.
    /// - Throws: ``BlobError`` of kind `invalidArgument` for too many ids.
    func records(_ ids: [DocumentID]) async throws -> [DocumentID: DocumentRecord]

    /// Replaces a record, if it is still the version that the change is based on.
    ///
    /// - Parameter record: The record as it is to be, with the version that it was read with.
    /// - Returns: The record with its new version.
    /// - Throws: ``BlobError`` of kind `preconditionFailed` if the version is another one, `notFound`
    ///   if there is no such record, `invalidArgument` if the time of creation is another one, or
    ///   `tooLarge`.
    @discardableResult
    func update(_ record: DocumentRecord) async throws -> DocumentRecord

    /// Deletes a record; without a version it is no error if there is none.
    ///
    /// - Parameters:
    ///   - id: The record's id.
    ///   - version: The version that the record must have; `nil` takes any.
    /// - Throws: ``BlobError`` of kind `preconditionFailed` if the version is another one, `notFound`
    ///   if there is no such record and a version was given.
    func delete(_ id: DocumentID, version: Int64?) async throws

    /// Gives one page of records, newest first.
    ///
    /// - Parameter query: Which records.
    /// - Returns: The page; its token leads to the next one.
    /// - Throws: ``BlobError`` of kind `invalidArgument` for a limit out of bounds, or a token that is
    ///   not from this query.
    func query(_ query: DocumentQuery) async throws -> DocumentPage
}
