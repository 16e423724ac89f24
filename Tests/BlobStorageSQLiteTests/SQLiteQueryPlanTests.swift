import BlobStorage
import Testing

@testable import BlobStorageSQLite

@Suite struct SQLiteQueryPlanTests {
    /// Every shape of a query.
    static let queries: [DocumentQuery] = [nil, "o"].flatMap { owner in
        [nil, DocumentState.pending].flatMap { state in
            ["", "a/"].map { DocumentQuery(owner: owner, state: state, keyPrefix: $0) }
        }
    }

    private func plan(_ sql: String, _ database: TemporaryDatabase) throws -> [String] {
        try database.rows("EXPLAIN QUERY PLAN " + sql).compactMap(\.last)
    }

    @Test("walks an index, and neither scans nor sorts", arguments: queries)
    func walksAnIndex(_ query: DocumentQuery) async throws {
        let database = try TemporaryDatabase()
        _ = try await database.store()
        let steps = try plan(DocumentStatements.query(query, from: nil).sql, database)
        #expect(steps.count == 1)
        let step = try #require(steps.first)
        #expect(step.hasPrefix("SEARCH documents USING INDEX documents_by_"), "\(step)")
        // Both bounds of the walk are the index's, so it begins and ends where the page does.
        #expect(step.contains("created>? AND (created,id)<(?,?)"), "\(step)")
        #expect(step.contains("owner=?") == (query.owner != nil))
        #expect(step.contains("state=?") == (query.state != nil))
    }

    @Test(
        "finds a record by its id",
        arguments: [
            DocumentStatements.select, DocumentStatements.selectVersion, DocumentStatements.update,
            DocumentStatements.delete,
        ]
    )
    func findsByID(_ sql: String) async throws {
        let database = try TemporaryDatabase()
        _ = try await database.store()
        let steps = try plan(sql, database)
        #expect(steps == ["SEARCH documents USING INDEX sqlite_autoindex_documents_1 (id=?)"])
    }
}
