import BlobStorage
import Foundation
import Testing

@testable import BlobStorageSQLite

@Suite struct SQLiteSchemaTests {
    /// A later version, with a column more.
    private static let later = SQLiteSchema(
        migrations: SQLiteSchema.current.migrations + [
            "ALTER TABLE documents ADD COLUMN note TEXT NOT NULL DEFAULT 'none'"
        ]
    )

    @Test func aNewFileIsMarked() async throws {
        let database = try TemporaryDatabase()
        _ = try await database.store()
        #expect(try database.rows("PRAGMA application_id") == [["\(0x426C_5374)"]])
        #expect(try database.rows("PRAGMA user_version") == [["1"]])
        #expect(try database.rows("PRAGMA journal_mode") == [["wal"]])
    }

    @Test func foldersAreMade() async throws {
        let database = try TemporaryDatabase()
        let store = SQLiteMetadataStore(path: database.folder + "/a/b/documents.sqlite")
        try await store.prepare()
        try await store.insert(newRecord("a"))
    }

    @Test func anOlderFileIsBroughtUpToDate() async throws {
        let database = try TemporaryDatabase()
        let kept = try await database.store().insert(newRecord("a"))
        let store = SQLiteMetadataStore(path: database.path, schema: Self.later)
        let error = await #expect(throws: BlobError.self) { try await store.record("a") }
        #expect(error?.kind == .storeNotFound)
        #expect(
            error?.message.contains("has version 1; prepare() makes it one of version 2") == true
        )
        try await store.prepare()
        #expect(try await store.record("a") == kept)
        #expect(try database.rows("SELECT note FROM documents") == [["none"]])
        #expect(try database.rows("PRAGMA user_version") == [["2"]])
    }

    @Test func manyMigrateAtOnce() async throws {
        for _ in 0..<10 {
            let database = try TemporaryDatabase()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let store = SQLiteMetadataStore(path: database.path, schema: Self.later)
                        try await store.prepare()
                    }
                }
                try await group.waitForAll()
            }
            #expect(try database.rows("PRAGMA user_version") == [["2"]])
        }
    }

    @Test func aMigrationThatFailsChangesNothing() async throws {
        let database = try TemporaryDatabase()
        let kept = try await database.store().insert(newRecord("a"))
        let broken = SQLiteSchema(
            migrations: Self.later.migrations + ["DROP TABLE documents; SELECT nonsense"]
        )
        let store = SQLiteMetadataStore(path: database.path, schema: broken)
        await #expect(throws: BlobError.self) { try await store.prepare() }
        #expect(try database.rows("PRAGMA user_version") == [["1"]])
        #expect(try await database.store().record("a") == kept)
    }

    @Test func aNewerFileIsRefused() async throws {
        let database = try TemporaryDatabase()
        try await SQLiteMetadataStore(path: database.path, schema: Self.later).prepare()
        let store = SQLiteMetadataStore(path: database.path)
        for call in [{ try await store.prepare() }, { _ = try await store.record("a") }] {
            let error = await #expect(throws: BlobError.self) { try await call() }
            #expect(error?.kind == .unsupported)
            let expected = "has version 2; this program knows versions up to 1: use a newer one"
            #expect(error?.message.hasSuffix(expected) == true)
        }
    }

    @Test(
        "another application's file is refused, and left as it is",
        arguments: ["", "PRAGMA application_id = 7;", "PRAGMA user_version = 3;"]
    )
    func foreignFile(_ pragma: String) async throws {
        let database = try TemporaryDatabase()
        try database.run("CREATE TABLE documents (id TEXT); \(pragma)")
        let before = try Data(contentsOf: URL(fileURLWithPath: database.path))
        let store = SQLiteMetadataStore(path: database.path)
        for call in [{ try await store.prepare() }, { _ = try await store.record("a") }] {
            let error = await #expect(throws: BlobError.self) { try await call() }
            #expect(error?.kind == .unsupported)
            #expect(error?.message.contains("another application") == true)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: database.path)) == before)
        let names = try FileManager.default.contentsOfDirectory(atPath: database.folder)
        #expect(names == ["documents.sqlite"])
    }

    @Test func aFileThatIsNoDatabaseIsRefused() async throws {
        let database = try TemporaryDatabase()
        let text = Data(repeating: 0x61, count: 5_000)
        try text.write(to: URL(fileURLWithPath: database.path))
        let store = SQLiteMetadataStore(path: database.path)
        for call in [{ try await store.prepare() }, { _ = try await store.record("a") }] {
            let error = await #expect(throws: BlobError.self) { try await call() }
            #expect(error?.kind == .corrupted)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: database.path)) == text)
    }

    @Test func aMissingFileIsNotMadeByReading() async throws {
        let database = try TemporaryDatabase()
        let store = SQLiteMetadataStore(path: database.path)
        let error = await #expect(throws: BlobError.self) { try await store.insert(newRecord("a")) }
        #expect(error?.kind == .storeNotFound)
        #expect(!FileManager.default.fileExists(atPath: database.path))
    }

    @Test func anEmptyFileIsFilledByPrepareOnly() async throws {
        let database = try TemporaryDatabase()
        try Data().write(to: URL(fileURLWithPath: database.path))
        let store = SQLiteMetadataStore(path: database.path)
        let error = await #expect(throws: BlobError.self) { try await store.record("a") }
        #expect(error?.kind == .storeNotFound)
        try await store.prepare()
        try await store.insert(newRecord("a"))
    }
}
