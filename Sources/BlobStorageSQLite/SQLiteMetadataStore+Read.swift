public import BlobStorage

extension SQLiteMetadataStore {
    /// Reads a record.
    public func record(_ id: DocumentID) async throws -> DocumentRecord {
        let found = try await read("record") { connection in
            try connection.statement(DocumentStatements.select).row([.text(id.text)]) { row in
                try DocumentRow.record(row)
            }
        }
        guard let found else { throw BlobError.noSuchDocument(id, "record") }
        return found
    }

    /// Reads many records, all as they were at one moment.
    public func records(_ ids: [DocumentID]) async throws -> [DocumentID: DocumentRecord] {
        try BlobError.checkBatch(ids)
        return try await read("records") { connection in
            try connection.snapshot {
                var found: [DocumentID: DocumentRecord] = [:]
                let statement = try connection.statement(DocumentStatements.select)
                for id in ids {
                    found[id] = try statement.row([.text(id.text)]) { try DocumentRow.record($0) }
                }
                return found
            }
        }
    }

    /// Gives one page of records, newest first.
    ///
    /// - Complexity: A walk along one index; records whose keys don't have the prefix are passed over
    ///   one by one.
    public func query(_ query: DocumentQuery) async throws -> DocumentPage {
        try query.validate()
        let start = try query.start()
        return try await read("query") { connection in
            let (sql, values) = DocumentStatements.query(query, from: start)
            var page = DocumentPage(records: [])
            var byteCount = 0
            try connection.statement(sql).rows(values) { row in
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
