import BlobStorage
import CBlobStorageSQLite
import Foundation
import Testing

@testable import BlobStorageSQLite

/// A path for a database in a folder of its own, which goes with this value.
final class TemporaryDatabase: Sendable {
    let folder: String
    let path: String

    init() throws {
        folder = NSTemporaryDirectory() + "metadata-\(UUID().uuidString)"
        path = folder + "/documents.sqlite"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// A store over the file, prepared.
    func store(_ durability: Durability = .relaxed) async throws -> SQLiteMetadataStore {
        let store = SQLiteMetadataStore(path: path, durability: durability)
        try await store.prepare()
        return store
    }

    /// What a query of SQLite's own gives, row by row, through a connection of its own.
    func rows(_ sql: String) throws -> [[String]] {
        var database: OpaquePointer?
        try #require(sqlite3_open(path, &database) == SQLITE_OK)
        defer { sqlite3_close(database) }
        sqlite3_busy_timeout(database, 60_000)
        var statement: OpaquePointer?
        let status = sqlite3_prepare_v2(database, sql, -1, &statement, nil)
        try #require(status == SQLITE_OK, "\(String(cString: sqlite3_errmsg(database)))")
        defer { sqlite3_finalize(statement) }
        var rows: [[String]] = []
        while true {
            let status = sqlite3_step(statement)
            guard status == SQLITE_ROW else {
                try #require(status == SQLITE_DONE)
                return rows
            }
            rows.append(
                (0..<sqlite3_column_count(statement)).map { column in
                    sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "NULL"
                }
            )
        }
    }

    /// Runs statements through a connection of its own.
    func run(_ sql: String) throws {
        var database: OpaquePointer?
        try #require(sqlite3_open(path, &database) == SQLITE_OK)
        defer { sqlite3_close(database) }
        let status = sqlite3_exec(database, sql, nil, nil, nil)
        try #require(status == SQLITE_OK, "\(String(cString: sqlite3_errmsg(database)))")
    }
}

/// A record that no store has yet.
func newRecord(_ id: DocumentID, owner: String = "owner") -> DocumentRecord {
    let created = Date(timeIntervalSince1970: 1_750_000_000)
    return DocumentRecord(id: id, owner: owner, key: "key", created: created)
}
