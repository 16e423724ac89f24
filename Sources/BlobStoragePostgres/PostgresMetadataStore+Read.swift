public import BlobStorage

extension PostgresMetadataStore {
    /// Reads a record.
    public func record(_ id: DocumentID) async throws -> DocumentRecord {
        let found = try await reading("record") { [statements] connection in
            try connection.row(statements.select, [.text(id.text)]) { try DocumentRow.record($0) }
        }
        guard let found else { throw BlobError.noSuchDocument(id, "record") }
        return found
    }

    /// Reads many records, all as they were at one moment.
    public func records(_ ids: [DocumentID]) async throws -> [DocumentID: DocumentRecord] {
        try BlobError.checkBatch(ids)
        guard !ids.isEmpty else { return [:] }
        return try await reading("records") { [statements] connection in
            var found: [DocumentID: DocumentRecord] = [:]
            try connection.rows(statements.selectMany, [DocumentStatements.array(ids)]) { row in
                let record = try DocumentRow.record(row)
                found[record.id] = record
                return true
            }
            return found
        }
    }

    /// Gives one page of records, newest first.
    ///
    /// - Complexity: For each condition but the prefix there is an index in the order of the page;
    ///   records whose keys don't have the prefix are passed over one by one.
    public func query(_ query: DocumentQuery) async throws -> DocumentPage {
        try query.validate()
        let start = try query.start()
        return try await reading("query") { [statements] connection in
            var page = DocumentPage(records: [])
            var byteCount = 0
            var position = start
            // In slices, for what a page has no room for has been sent in vain. One record more than
            // the page has tells whether there is another page.
            var slice = Self.firstSliceCount
            while true {
                let wanted = min(slice, query.limit + 1 - page.records.count)
                let (sql, values) = statements.query(query, from: position, limit: wanted)
                let count = try connection.rows(sql, values) { row in
                    let record = try DocumentRow.record(row)
                    guard page.records.count < query.limit, byteCount < Self.pageByteCount else {
                        page.continuationToken = position.map { query.token(after: $0) }
                        return false
                    }
                    byteCount += record.attributes.byteCount
                    position = DocumentPosition(record)
                    page.records.append(record)
                    return true
                }
                guard count == wanted, page.continuationToken == nil else { return page }
                slice *= 2
            }
        }
    }
}
