/// A metadata store that keeps its records in memory, for tests and as the model of all others.
///
/// It does everything in the most obvious way, and forgets it all at its end.
public final class InMemoryMetadataStore: MetadataStore {
    private struct State {
        var records: [DocumentID: DocumentRecord] = [:]
        /// All records in the order of queries.
        var order = OrderedMap<DocumentPosition, DocumentID>()
    }

    private let state = Locked(State())

    /// Creates an empty store.
    public init() {}

    /// Does nothing: there is nothing to make.
    public func prepare() async throws {}

    /// Keeps a new record.
    @discardableResult
    public func insert(_ record: DocumentRecord) async throws -> DocumentRecord {
        try Task.checkCancellation()
        try record.validate(operation: "insert")
        return try state.withLock { state in
            guard state.records[record.id] == nil else { throw BlobError.documentExists(record.id) }
            var record = record
            record.version = 1
            state.records[record.id] = record
            state.order.set(DocumentPosition(record), to: record.id)
            return record
        }
    }

    /// Reads a record.
    public func record(_ id: DocumentID) async throws -> DocumentRecord {
        try Task.checkCancellation()
        guard let record = state.withLock({ $0.records[id] }) else {
            throw BlobError.noSuchDocument(id, "record")
        }
        return record
    }

    /// Reads many records.
    public func records(_ ids: [DocumentID]) async throws -> [DocumentID: DocumentRecord] {
        try Task.checkCancellation()
        try BlobError.checkBatch(ids)
        return state.withLock { state in
            var found: [DocumentID: DocumentRecord] = [:]
            for id in ids { found[id] = state.records[id] }
            return found
        }
    }

    /// Replaces a record, if it is still the version that the change is based on.
    @discardableResult
    public func update(_ record: DocumentRecord) async throws -> DocumentRecord {
        try Task.checkCancellation()
        try record.validate(operation: "update")
        return try state.withLock { state in
            let next = try record.replacing(state.records[record.id])
            state.records[next.id] = next
            return next
        }
    }

    /// Deletes a record; without a version it is no error if there is none.
    public func delete(_ id: DocumentID, version: Int64?) async throws {
        try Task.checkCancellation()
        try state.withLock { state in
            guard let found = state.records[id] else {
                guard version == nil else { throw BlobError.noSuchDocument(id, "delete") }
                return
            }
            if let version, version != found.version {
                throw BlobError.versionConflict(id, found: found.version, version, "delete")
            }
            state.records[id] = nil
            state.order.remove(DocumentPosition(found))
        }
    }

    /// Gives one page of records, newest first.
    ///
    /// - Complexity: O(n) at worst: records that don't match are passed over one by one.
    public func query(_ query: DocumentQuery) async throws -> DocumentPage {
        try Task.checkCancellation()
        try query.validate()
        let start = try query.start()
        return state.withLock { state in
            var page = DocumentPage(records: [])
            var index = state.order.firstIndex { position in
                start.map { position <= $0 } ?? false
            }
            while let (_, id) = state.order.entry(at: index) {
                index = state.order.index(after: index)
                guard let record = state.records[id], query.matches(record) else { continue }
                if page.records.count == query.limit {
                    page.continuationToken = page.records.last.map {
                        query.token(after: DocumentPosition($0))
                    }
                    break
                }
                page.records.append(record)
            }
            return page
        }
    }
}
