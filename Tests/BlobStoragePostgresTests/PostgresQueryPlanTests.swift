import BlobStorage
import Testing

@testable import BlobStoragePostgres

@Suite(.enabled(if: PostgresServer.isThere)) struct PostgresQueryPlanTests {
    /// The plan of a statement, with its values written into it.
    private func plan(_ sql: String, _ values: [ColumnValue]) throws -> String {
        var sql = sql
        for (index, value) in values.enumerated().reversed() {
            let literal =
                switch value {
                case .null: "NULL"
                case .number(let number): "'\(number)'::bigint"
                case .text(let text): "'\(text)'"
                }
            sql = sql.replacing("$\(index + 1)", with: literal)
        }
        return try PostgresServer.rows("EXPLAIN " + sql).map { $0[0] ?? "" }.joined(separator: "\n")
    }

    @Test func everyQueryWalksAnIndex() async throws {
        let table = PostgresServer.newTable()
        _ = try await PostgresServer.store(table)
        try PostgresServer.rows(
            """
            INSERT INTO \(table) (id, owner, key, state, created, version, change)
            SELECT 'id-' || n, 'owner-' || n % 50, 'uploads/' || n,
                (ARRAY['pending', 'confirmed', 'deleting'])[n % 3 + 1], n, 1, ''
            FROM generate_series(1, 30000) AS n
            """
        )
        try PostgresServer.rows("ANALYZE \(table)")
        let statements = DocumentStatements(table: table)
        for owner in [nil, "owner-7"] {
            for state in [nil, DocumentState.confirmed] {
                for prefix in ["", "uploads/"] {
                    let query = DocumentQuery(
                        owner: owner,
                        state: state,
                        keyPrefix: prefix,
                        limit: 20
                    )
                    let (sql, values) = statements.query(query, from: nil, limit: 21)
                    let plan = try plan(sql, values)
                    #expect(plan.contains("Index Scan Backward using \(table)_by_"), "\(plan)")
                    #expect(!plan.contains("Sort") && !plan.contains("Seq Scan"), "\(plan)")
                }
            }
        }
        for sql in [statements.select, statements.delete, statements.selectState] {
            let plan = try plan(sql, [.text("id-7")])
            #expect(plan.contains("Index Scan using \(table)_pkey"), "\(plan)")
        }
    }
}
