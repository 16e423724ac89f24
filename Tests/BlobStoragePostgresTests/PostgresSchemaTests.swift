import BlobStorage
import Testing

@testable import BlobStoragePostgres

@Suite(.enabled(if: PostgresServer.isThere)) struct PostgresSchemaTests {
    private let table = PostgresServer.newTable()

    private func store(
        _ change: (inout PostgresSchema) -> Void = { _ in }
    ) throws -> PostgresMetadataStore {
        var schema = try PostgresSchema(table: table)
        change(&schema)
        return PostgresMetadataStore(
            try PostgresAddress(PostgresServer.address()),
            schema: schema
        )
    }

    /// One of a later version, with a column more.
    private func laterStore() throws -> PostgresMetadataStore {
        try store {
            $0.migrations.append { table in
                ["ALTER TABLE \"\(table)\" ADD COLUMN note text NOT NULL DEFAULT 'none'"]
            }
        }
    }

    private var comment: String? {
        get throws {
            try PostgresServer.rows("SELECT obj_description('\(table)'::regclass, 'pg_class')")
                .first?.first ?? nil
        }
    }

    @Test func aNewTableIsMarked() async throws {
        let store = try store()
        let missing = await #expect(throws: BlobError.self) { try await store.record("a") }
        #expect(missing?.kind == .storeNotFound)
        #expect(
            missing?.message
                == "there is no table \"\(table)\"; prepare() makes it one of version 1"
        )
        try await store.prepare()
        try await store.prepare()
        #expect(try comment == "Records of swift-blob-storage, version 1")
        let indexes = try PostgresServer.rows(
            "SELECT indexname FROM pg_indexes WHERE tablename = '\(table)' ORDER BY 1"
        ).map { $0[0]?.dropFirst(table.utf8.count) }
        #expect(indexes == ["_by_owner", "_by_owner_and_state", "_by_state", "_by_time", "_pkey"])
    }

    @Test func anOlderTableIsBroughtUpToDate() async throws {
        let first = try store()
        try await first.prepare()
        let kept = try await first.insert(newRecord("a"))
        let later = try laterStore()
        let error = await #expect(throws: BlobError.self) { try await later.record("a") }
        #expect(error?.kind == .storeNotFound)
        try await later.prepare()
        #expect(try await later.record("a") == kept)
        #expect(try PostgresServer.rows("SELECT note FROM \(table)") == [["none"]])
        // The older program is told, and leaves the table alone.
        let refused = await #expect(throws: BlobError.self) { try await store().prepare() }
        #expect(refused?.kind == .unsupported)
        #expect(refused?.message.hasSuffix("knows versions up to 1: use a newer one") == true)
    }

    @Test func manyMigrateAtOnce() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<12 {
                group.addTask { try await laterStore().prepare() }
            }
            try await group.waitForAll()
        }
        #expect(try comment == "Records of swift-blob-storage, version 2")
    }

    @Test func aMigrationThatFailsChangesNothing() async throws {
        let first = try store()
        try await first.prepare()
        let kept = try await first.insert(newRecord("a"))
        let broken = try store {
            $0.migrations.append { ["DROP TABLE \"\($0)\"", "SELECT nonsense"] }
        }
        let error = await #expect(throws: BlobError.self) { try await broken.prepare() }
        #expect(error?.message.contains("nonsense") == true)
        #expect(try await first.record("a") == kept)
        #expect(try comment == "Records of swift-blob-storage, version 1")
    }

    @Test func aForeignTableIsLeftAlone() async throws {
        try PostgresServer.rows("CREATE TABLE \(table) (id text)")
        for call in [
            { try await $0.prepare() }, { _ = try await $0.record("a") },
        ] as [@Sendable (PostgresMetadataStore) async throws -> Void] {
            let error = try await #require(throws: BlobError.self) { try await call(store()) }
            #expect(error.kind == .unsupported)
            #expect(error.message.contains("is not one of this store's"))
        }
        #expect(try comment == nil)
    }

    @Test(
        "table names",
        arguments: [
            ("documents", true), ("order", true), ("_1", true), ("", false), ("Documents", false),
            ("a.b", false), ("a\"b", false), ("1a", false),
            (String(repeating: "a", count: 41), false),
        ]
    )
    func names(_ name: String, _ isLegal: Bool) throws {
        do {
            _ = try PostgresSchema(table: name)
            #expect(isLegal)
        } catch let error as BlobError {
            #expect(!isLegal && error.kind == .invalidArgument)
        }
    }

    @Test func aReservedWordIsAName() async throws {
        let store = try await PostgresServer.store("order")
        try await store.insert(newRecord("a"))
        try PostgresServer.rows("DROP TABLE \"order\"")
    }
}
