import BlobStorage
import CBlobStorageSQLite
import Foundation
import Testing

@testable import BlobStorageSQLite

@Suite struct SQLiteMetadataStoreTests {
    @Test func recordsSurviveTheStore() async throws {
        let database = try TemporaryDatabase()
        let kept = try await database.store(.full).insert(newRecord("a"))
        #expect(try await database.store().record("a") == kept)
    }

    @Test func aClosedStoreAnswersNothing() async throws {
        let database = try TemporaryDatabase()
        let store = try await database.store()
        try await store.insert(newRecord("a"))
        await store.close()
        // The last connection took the log back into the file.
        let names = try FileManager.default.contentsOfDirectory(atPath: database.folder)
        #expect(names == ["documents.sqlite"])
        let calls: [@Sendable () async throws -> Void] = [
            { try await store.prepare() },
            { _ = try await store.record("a") },
            { try await store.insert(newRecord("b")) },
            { _ = try await store.query(DocumentQuery()) },
        ]
        for call in calls {
            let error = await #expect(throws: BlobError.self) { try await call() }
            #expect(error?.kind == .closed)
        }
        await store.close()
    }

    @Test func aFullDiskChangesNothing() async throws {
        let database = try TemporaryDatabase()
        let store = SQLiteMetadataStore(path: database.path, schema: .current, maximumPageCount: 60)
        try await store.prepare()
        var kept: [DocumentRecord] = []
        var failure: BlobError?
        for number in 0..<100 where failure == nil {
            var record = newRecord(try DocumentID("a\(number)"))
            record.attributes = ["text": String(repeating: "x", count: 10_000)]
            do {
                kept.append(try await store.insert(record))
            } catch let error as BlobError {
                failure = error
            }
        }
        #expect(failure?.kind == .outOfSpace)
        #expect(!kept.isEmpty)
        #expect(try await store.query(DocumentQuery()).records.count == kept.count)
        // Deleting makes room, through the same connection.
        for record in kept.dropLast() { try await store.delete(record.id) }
        try await store.insert(newRecord("b"))
        #expect(try database.rows("PRAGMA integrity_check") == [["ok"]])
    }

    @Test(
        "a place that can't be written",
        arguments: [
            ("/proc/none/documents.sqlite", .invalidArgument), ("/sys/x.db", .permissionDenied),
            ("/dev/null/a/x.db", .invalidArgument), ("/tmp", .invalidArgument),
        ] as [(String, BlobError.Kind)]
    )
    func unwritablePlace(_ path: String, _ kind: BlobError.Kind) async throws {
        let store = SQLiteMetadataStore(path: path)
        let error = await #expect(throws: BlobError.self) { try await store.prepare() }
        #expect(error?.kind == kind, "\(String(describing: error))")
        #expect(error?.operation == "prepare")
    }

    @Test(
        "failures have their kinds",
        arguments: [
            (SQLITE_IOERR, 0, false, .unavailable), (SQLITE_IOERR, ENOSPC, false, .outOfSpace),
            (SQLITE_IOERR, EIO, true, .outcomeUnknown), (SQLITE_FULL, 0, true, .outOfSpace),
            (SQLITE_READONLY, 0, false, .permissionDenied), (SQLITE_CORRUPT, 0, false, .corrupted),
            (SQLITE_BUSY | (2 << 8), 0, false, .timedOut),
            (SQLITE_CANTOPEN, EMFILE, false, .unavailable),
        ] as [(Int32, Int32, Bool, BlobError.Kind)]
    )
    func kinds(_ code: Int32, _ systemCode: Int32, _ isCommit: Bool, _ kind: BlobError.Kind) {
        let failure = SQLiteFailure(
            code: code,
            message: "said",
            systemCode: systemCode,
            isCommit: isCommit
        )
        #expect(failure.error("insert", path: "p").kind == kind)
    }

    @Test func corruptionIsTold() async throws {
        let database = try TemporaryDatabase()
        let store = try await database.store()
        for number in 0..<200 {
            var record = newRecord(try DocumentID("a\(number)"))
            record.attributes = ["text": String(repeating: "x", count: 500)]
            try await store.insert(record)
        }
        await store.close()
        // All but the first page and the schema's, so that the file still opens.
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: database.path))
        try file.seek(toOffset: 4_096)
        let end = try file.seekToEnd()
        try file.seek(toOffset: 4_096)
        try file.write(contentsOf: Data(repeating: 0xFF, count: Int(end) - 4_096))
        try file.close()
        let damaged = SQLiteMetadataStore(path: database.path)
        let error = await #expect(throws: BlobError.self) {
            try await damaged.query(DocumentQuery())
        }
        #expect(error?.kind == .corrupted)
    }

    @Test func aRecordOfALaterVersionIsNotMisread() async throws {
        let database = try TemporaryDatabase()
        let store = try await database.store()
        try await store.insert(newRecord("a"))
        try database.run("UPDATE documents SET state = 'archived'")
        let error = await #expect(throws: BlobError.self) { try await store.record("a") }
        #expect(error?.kind == .corrupted)
        #expect(
            error?.message
                == "the column state of a record does not hold a state that this version knows"
        )
    }

    @Test func waitingForAnotherWriterEnds() async throws {
        let database = try TemporaryDatabase()
        let store = SQLiteMetadataStore(path: database.path, busyTimeout: .milliseconds(50))
        try await store.prepare()
        try await store.insert(newRecord("a"))
        let other = try SQLiteConnection(path: database.path, .write)
        try await other.transactionHeld {
            let error = await #expect(throws: BlobError.self) {
                try await store.insert(newRecord("b"))
            }
            #expect(error?.kind == .timedOut && error?.isRetryable == true)
            // Readers don't wait for it.
            let version = try await store.record("a").version
            #expect(version == 1)
        }
        try await store.insert(newRecord("b"))
    }

    @Test func waitingForAnotherWriterCanBeCancelled() async throws {
        let database = try TemporaryDatabase()
        let store = SQLiteMetadataStore(path: database.path, busyTimeout: .seconds(600))
        try await store.prepare()
        let other = try SQLiteConnection(path: database.path, .write)
        try await other.transactionHeld {
            let task = Task { try await store.insert(newRecord("b")) }
            await Task.yield()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        #expect(try await store.find("b") == nil)
    }

    @Test func aPageOfLargeRecordsIsCutShort() async throws {
        let database = try TemporaryDatabase()
        let store = try await database.store()
        for number in 0..<40 {
            var record = newRecord(try DocumentID("a\(number)"))
            record.attributes = ["text": String(repeating: "x", count: 250_000)]
            try await store.insert(record)
        }
        let page = try await store.query(DocumentQuery(limit: 1_000))
        // 8 MiB are 33.6 of them.
        #expect(page.records.count == 34)
        #expect(page.continuationToken != nil)
        var count = 0
        for try await _ in store.documents(DocumentQuery(limit: 1_000)) { count += 1 }
        #expect(count == 40)
    }
}

extension SQLiteConnection {
    /// Holds the writer's lock while something else happens.
    fileprivate func transactionHeld(_ body: () async throws -> Void) async throws {
        try run("BEGIN IMMEDIATE")
        try await body()
        try run("ROLLBACK")
    }
}
