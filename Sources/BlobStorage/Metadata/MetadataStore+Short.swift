/// The most ids of one batch of records.
package let maximumBatchCount = 1_000

/// How often a change is made anew, since others changed the record in between.
private let maximumUpdateAttempts = 20

extension MetadataStore {
    /// Reads a record, if there is one.
    ///
    /// - Parameter id: The record's id.
    /// - Returns: The record; `nil` if there is none.
    /// - Throws: ``BlobError``.
    public func find(_ id: DocumentID) async throws -> DocumentRecord? {
        try await records([id])[id]
    }

    /// Deletes a record, whatever its version; it is no error if there is none.
    ///
    /// - Parameter id: The record's id.
    /// - Throws: ``BlobError``.
    public func delete(_ id: DocumentID) async throws {
        try await delete(id, version: nil)
    }

    /// Deletes a record, if it is still the version that was read.
    ///
    /// - Parameter record: The record as it was read.
    /// - Throws: ``BlobError`` of kind `preconditionFailed` or `notFound`.
    public func delete(_ record: DocumentRecord) async throws {
        try await delete(record.id, version: record.version)
    }

    /// Reads a record, changes it and writes it back; all over again if somebody else was faster.
    ///
    /// - Parameters:
    ///   - id: The record's id.
    ///   - change: Changes the record; it runs once an attempt, and what it throws ends them.
    /// - Returns: The record with its new version.
    /// - Throws: ``BlobError`` of kind `notFound`, or `preconditionFailed` after 20 attempts.
    @discardableResult
    public func update(
        _ id: DocumentID,
        _ change: (inout DocumentRecord) throws -> Void
    ) async throws -> DocumentRecord {
        var attempt = 1
        while true {
            var record = try await record(id)
            try change(&record)
            do {
                return try await update(record)
            } catch let error as BlobError
                where error.kind == .preconditionFailed && attempt < maximumUpdateAttempts
            {
                attempt += 1
            }
        }
    }

    /// Walks over all records of a query, newest first, a page at a time as the loop goes on.
    ///
    /// - Parameter query: Which records; its limit is the size of a page.
    /// - Returns: The records; nothing is asked of the store before the loop begins.
    public func documents(_ query: DocumentQuery = DocumentQuery()) -> DocumentSequence {
        DocumentSequence(store: self, query: query)
    }
}

/// The records of a query, newest first.
public struct DocumentSequence: AsyncSequence, Sendable {
    let store: any MetadataStore
    let query: DocumentQuery

    /// Walks over the records.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let store: any MetadataStore
        fileprivate var query: DocumentQuery
        private var records: ArraySlice<DocumentRecord> = []
        private var isLastPage = false

        fileprivate init(store: any MetadataStore, query: DocumentQuery) {
            self.store = store
            self.query = query
        }

        /// The next record; `nil` at the end.
        ///
        /// - Throws: ``BlobError``, as `query` does.
        public mutating func next() async throws -> DocumentRecord? {
            while records.isEmpty {
                guard !isLastPage else { return nil }
                let page = try await store.query(query)
                records = page.records[...]
                guard let token = page.continuationToken else {
                    isLastPage = true
                    continue
                }
                try ListOptions.requireProgress(
                    from: query.continuationToken,
                    to: token,
                    operation: "query"
                )
                query.continuationToken = token
            }
            return records.popFirst()
        }
    }

    /// Begins to ask.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(store: store, query: query)
    }
}

/// An iterator belongs to the one task that walks.
@available(*, unavailable)
extension DocumentSequence.AsyncIterator: Sendable {}

extension BlobError {
    /// Throws if there are more ids than a batch may have.
    package static func checkBatch(_ ids: [DocumentID]) throws {
        guard ids.count > maximumBatchCount else { return }
        let message = "there are \(ids.count) ids; a batch has at most \(maximumBatchCount)"
        throw BlobError(.invalidArgument, operation: "records", message: message)
    }
}
