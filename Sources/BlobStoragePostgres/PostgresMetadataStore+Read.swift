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
    /// - Complexity: A walk along one index; records whose keys don't have the prefix are passed over
    ///   one by one.
    public func query(_ query: DocumentQuery) async throws -> DocumentPage {
        try query.validate()
        let start = try query.start()
        let (sql, values) = statements.query(query, from: start)
        return try await reading("query") { connection in
            var page = DocumentPage(records: [])
            var byteCount = 0
            try connection.rows(sql, values) { row in
                guard page.records.count < query.limit, byteCount < Self.pageByteCount else {
                    page.continuationToken = page.records.last.map {
                        query.token(after: DocumentPosition($0))
                    }
                    return false
                }
                let record = try DocumentRow.record(row)
                byteCount += record.attributes.byteCount
                page.records.append(record)
                return true
            }
            return page
        }
    }
}
