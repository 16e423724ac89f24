import BlobStorage
import Foundation
import Testing

@testable import BlobStoragePostgres

/// The server that `Tests/Servers` starts.
enum PostgresServer {
    private static func variable(_ name: String) -> String? {
        let value = ProcessInfo.processInfo.environment["BLOB_STORAGE_TEST_POSTGRES_\(name)"]
        return value.flatMap { $0.isEmpty ? nil : $0 }
    }

    static let endpoint = variable("ENDPOINT")
    static let certificateFile = variable("CA_FILE")
    static var isThere: Bool { endpoint != nil }

    /// A table's name that nobody has.
    static func newTable() -> String {
        "t_" + UUID().uuidString.lowercased().replacing("-", with: "")
    }

    /// The server's address, changed.
    ///
    /// - Parameters:
    ///   - parameters: What follows the question mark.
    ///   - change: Changes the parts.
    /// - Returns: A connection string.
    /// - Throws: If there is no server.
    static func address(
        _ parameters: String = "sslmode=disable",
        _ change: (inout URLComponents) -> Void = { _ in }
    ) throws -> String {
        let endpoint = try #require(endpoint)
        var parts = try #require(URLComponents(string: endpoint))
        parts.percentEncodedQuery = parameters
        change(&parts)
        return try #require(parts.string)
    }

    /// A store on a table of its own, prepared.
    static func store(
        _ table: String = newTable(),
        timeout: Duration = .seconds(30)
    ) async throws -> PostgresMetadataStore {
        let store = try PostgresMetadataStore(address(), table: table, timeout: timeout)
        try await store.prepare()
        return store
    }

    /// A connection of the test's own.
    static func connection() throws -> PostgresConnection {
        let address = try PostgresAddress(address())
        return try PostgresConnection(address, deadline: .now + .seconds(60))
    }

    /// What a statement gives, row by row.
    @discardableResult
    static func rows(_ sql: String, columnCount: Int32 = 1) throws -> [[String?]] {
        var rows: [[String?]] = []
        try connection().rows(sql) { row in
            rows.append(try (0..<columnCount).map { try row.text($0) })
            return true
        }
        return rows
    }
}

/// A record that no store has yet.
func newRecord(_ id: DocumentID, owner: String = "owner") -> DocumentRecord {
    let created = Date(timeIntervalSince1970: 1_750_000_000)
    return DocumentRecord(id: id, owner: owner, key: "key", created: created)
}
