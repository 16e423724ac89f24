import BlobStorage

/// The statements of a store, on its table.
struct DocumentStatements: Sendable {
    /// The table's name, in quotes.
    let table: String

    /// - Parameter table: The name, as ``PostgresSchema`` takes it.
    init(table: String) {
        self.table = "\"\(table)\""
    }

    /// The column that tells the last change of a row from all others.
    static let mark = "change"

    private static let names = DocumentRow.columns.joined(separator: ", ")
    /// The columns of a record, and the mark of its last change.
    private static let written = DocumentRow.columns + [mark]

    var insert: String {
        let names = Self.written.joined(separator: ", ")
        let places = (1...Self.written.count).map { "$\($0)" }.joined(separator: ", ")
        return "INSERT INTO \(table) (\(names)) VALUES (\(places)) ON CONFLICT (id) DO NOTHING"
    }

    /// Changes a row that still has the version, and the time of creation, that come last.
    var update: String {
        let count = Self.written.count
        let sets = zip(Self.written, 1...count).map { "\($0) = $\($1)" }.joined(separator: ", ")
        return
            "UPDATE \(table) SET \(sets) WHERE id = $1 AND version = $\(count + 1) AND created = $5"
    }

    var delete: String { "DELETE FROM \(table) WHERE id = $1" }
    var deleteVersion: String { "DELETE FROM \(table) WHERE id = $1 AND version = $2" }
    var select: String { "SELECT \(Self.names) FROM \(table) WHERE id = $1" }
    var selectMany: String { "SELECT \(Self.names) FROM \(table) WHERE id = ANY ($1)" }
    /// What decides about a change: version, time of creation, mark.
    var selectState: String {
        "SELECT version, created, \(Self.mark) FROM \(table) WHERE id = $1"
    }

    /// Ids as PostgreSQL reads an array; they have no quotes and no backslashes in them.
    static func array(_ ids: [DocumentID]) -> ColumnValue {
        .text("{" + ids.map { "\"\($0.text)\"" }.joined(separator: ",") + "}")
    }

    /// The statement of a query, and what it is given; there is an index for each shape, in the order
    /// that is asked for.
    func query(
        _ query: DocumentQuery,
        from start: DocumentPosition?,
        limit: Int
    ) -> (sql: String, values: [ColumnValue]) {
        var conditions: [String] = []
        var values: [ColumnValue] = []
        func place(_ value: ColumnValue) -> String {
            values.append(value)
            return "$\(values.count)"
        }
        if let owner = query.owner { conditions.append("owner = \(place(.text(owner)))") }
        if let state = query.state { conditions.append("state = \(place(.text(state.rawValue)))") }
        let times = query.createdMilliseconds
        conditions.append("created >= \(place(.number(times.lowerBound)))")
        // Before all ids of that time, unless the page begins later.
        var end = (created: times.upperBound, id: "")
        if let start, start.created < end.created { end = (start.created, start.id.text) }
        conditions.append(
            "(created, id) < (\(place(.number(end.created))), \(place(.text(end.id))))"
        )
        if !query.keyPrefix.isEmpty {
            conditions.append("starts_with(key, \(place(.text(query.keyPrefix))))")
        }
        let sql =
            "SELECT \(Self.names) FROM \(table) WHERE " + conditions.joined(separator: " AND ")
            + " ORDER BY created DESC, id DESC LIMIT \(place(.number(Int64(limit))))"
        return (sql, values)
    }
}
