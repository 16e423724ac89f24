import BlobStorage
import CBlobStorageSQLite
import Testing

/// Every change of a record's state, as the database itself notes it, whoever made it.
struct FireDatabase {
    /// One change.
    struct Change {
        let number: Int
        let id: String
        /// `nil` before the record was there.
        let from: DocumentState?
        /// `nil` after it was there.
        let to: DocumentState?
        /// Etag, size and time of the upload, afterwards.
        let marks: String
    }

    let path: String

    /// Begins to note.
    func prepare() throws {
        func marks(_ row: String) -> String {
            ["etag", "byte_count", "uploaded", "key", "owner"]
                .map { "coalesce(\(row).\($0), '')" }
                .joined(separator: " || ' ' || ")
        }
        try run(
            """
            CREATE TABLE fire_changes (
                number INTEGER PRIMARY KEY, id TEXT, before TEXT, after TEXT, marks TEXT
            );
            CREATE TRIGGER fire_insert AFTER INSERT ON documents BEGIN
                INSERT INTO fire_changes (id, before, after, marks)
                VALUES (NEW.id, NULL, NEW.state, \(marks("NEW")));
            END;
            CREATE TRIGGER fire_update AFTER UPDATE ON documents BEGIN
                INSERT INTO fire_changes (id, before, after, marks)
                VALUES (NEW.id, OLD.state, NEW.state, \(marks("NEW")));
            END;
            CREATE TRIGGER fire_delete AFTER DELETE ON documents BEGIN
                INSERT INTO fire_changes (id, before, after, marks)
                VALUES (OLD.id, OLD.state, NULL, \(marks("OLD")));
            END;
            """
        )
    }

    /// All changes so far, in their order.
    func changes() throws -> [Change] {
        try rows("SELECT number, id, before, after, marks FROM fire_changes ORDER BY number").map {
            Change(
                number: Int($0[0]) ?? 0,
                id: $0[1],
                from: DocumentState(rawValue: $0[2]),
                to: DocumentState(rawValue: $0[3]),
                marks: $0[4]
            )
        }
    }

    /// What is wrong with the file; nothing, most likely.
    func faults() throws -> [String] {
        try rows("PRAGMA integrity_check").flatMap(\.self).filter { $0 != "ok" }
    }

    private func run(_ sql: String) throws {
        try opened { database in
            let status = sqlite3_exec(database, sql, nil, nil, nil)
            try #require(status == SQLITE_OK, "\(String(cString: sqlite3_errmsg(database)))")
        }
    }

    private func rows(_ sql: String) throws -> [[String]] {
        try opened { database in
            var statement: OpaquePointer?
            let status = sqlite3_prepare_v2(database, sql, -1, &statement, nil)
            try #require(status == SQLITE_OK, "\(String(cString: sqlite3_errmsg(database)))")
            defer { sqlite3_finalize(statement) }
            var rows: [[String]] = []
            while sqlite3_step(statement) == SQLITE_ROW {
                rows.append(
                    (0..<sqlite3_column_count(statement)).map { column in
                        sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
                    }
                )
            }
            return rows
        }
    }

    private func opened<Value>(_ use: (OpaquePointer?) throws -> Value) throws -> Value {
        var database: OpaquePointer?
        try #require(sqlite3_open(path, &database) == SQLITE_OK)
        defer { sqlite3_close(database) }
        sqlite3_busy_timeout(database, 60_000)
        return try use(database)
    }
}
