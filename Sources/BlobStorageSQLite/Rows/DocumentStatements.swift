import BlobStorage

/// The statements of the store.
enum DocumentStatements {
    private static let columnList = DocumentRow.columns.joined(separator: ", ")

    static let insert: String = {
        let marks = DocumentRow.columns.map { _ in "?" }.joined(separator: ", ")
        return "INSERT INTO documents (\(columnList)) VALUES (\(marks)) ON CONFLICT (id) DO NOTHING"
    }()

    static let update: String = {
        let sets = DocumentRow.columns.map { "\($0) = ?" }.joined(separator: ", ")
        return "UPDATE documents SET \(sets) WHERE id = ?"
    }()

    static let select = "SELECT \(columnList) FROM documents WHERE id = ?"
    static let selectVersion = "SELECT version, created FROM documents WHERE id = ?"
    static let delete = "DELETE FROM documents WHERE id = ?"

    /// The statement of a query, and what it is given.
    ///
    /// Each shape names its index: a query never sorts and never scans the table, whatever SQLite
    /// knows of the data.
    static func query(
        _ query: DocumentQuery,
        from start: DocumentPosition?
    ) -> (sql: String, values: [ColumnValue]) {
        var conditions: [String] = []
        var values: [ColumnValue] = []
        if let owner = query.owner {
            conditions.append("owner = ?")
            values.append(.text(owner))
        }
        if let state = query.state {
            conditions.append("state = ?")
            values.append(.text(state.rawValue))
        }
        let times = query.createdMilliseconds
        conditions += ["created >= ?", "(created, id) < (?, ?)"]
        values.append(.number(times.lowerBound))
        if let start, start.created < times.upperBound {
            values += [.number(start.created), .text(start.id.text)]
        } else {
            // Before all ids of that time.
            values += [.number(times.upperBound), .text("")]
        }
        if !query.keyPrefix.isEmpty {
            conditions.append("substr(CAST(key AS BLOB), 1, ?) = CAST(? AS BLOB)")
            values += [.number(Int64(query.keyPrefix.utf8.count)), .text(query.keyPrefix)]
        }
        let sql =
            "SELECT \(columnList) FROM documents INDEXED BY \(index(query)) WHERE "
            + conditions.joined(separator: " AND ") + " ORDER BY created DESC, id DESC LIMIT ?"
        // One more, to know whether there is another page.
        return (sql, values + [.number(Int64(query.limit + 1))])
    }

    private static func index(_ query: DocumentQuery) -> String {
        switch (query.owner, query.state) {
        case (nil, nil): "documents_by_time"
        case (nil, _?): "documents_by_state"
        case (_?, nil): "documents_by_owner"
        case (_?, _?): "documents_by_owner_and_state"
        }
    }
}
