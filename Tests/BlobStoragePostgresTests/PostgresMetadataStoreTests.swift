import BlobStorage
import Foundation
import Testing

@testable import BlobStoragePostgres

@Suite(.enabled(if: PostgresServer.isThere)) struct PostgresMetadataStoreTests {
    private func failure(
        _ address: String,
        timeout: Duration = .seconds(30)
    ) async throws -> BlobError {
        let store = try PostgresMetadataStore(address, timeout: timeout)
        return try await #require(throws: BlobError.self) { try await store.record("a") }
    }

    @Test func whoeverIsNotLetInIsTold() async throws {
        let wrong = try await failure(PostgresServer.address { $0.password = "guessed-wrong" })
        #expect(wrong.kind == .unauthenticated)
        #expect(!"\(wrong)".contains("guessed-wrong"))
        let nobody = try await failure(PostgresServer.address { $0.user = "nobody" })
        #expect(nobody.kind == .unauthenticated)
        let nowhere = try await failure(PostgresServer.address { $0.path = "/nowhere" })
        #expect(nowhere.kind == .storeNotFound)
        let text = "failed: FATAL: database \\\"nowhere\\\" does not exist (SQLSTATE 3D000)"
        #expect(nowhere.message.hasSuffix(text), "\(nowhere.message)")
    }

    @Test func aServerThatIsNotThereIsTold() async throws {
        let error = try await failure(PostgresServer.address { $0.port = 1 })
        #expect(error.kind == .unavailable)
        #expect(error.message.contains("127.0.0.1:1/postgres"))
        #expect(error.message.contains("Connection refused"))
    }

    @Test func aServerThatNeverAnswersIsLeft() async throws {
        let silent = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(silent) }
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = bind(silent, pointer, length)
                _ = listen(silent, 4)
                _ = getsockname(silent, pointer, &length)
            }
        }
        let port = Int(UInt16(bigEndian: address.sin_port))
        let error = try await failure(
            PostgresServer.address { $0.port = port },
            timeout: .milliseconds(300)
        )
        #expect(error.kind == .timedOut)
    }

    @Test(
        "strings that can't be read",
        arguments: [
            "postgresql://u:se%ZZcret@h/d", "postgresql://u:secret@h:port:x/d?nonsense=1",
            "user=u passw", "password='secret", "postgresql://u:secret@h/d\u{0}",
        ]
    )
    func badStrings(_ text: String) throws {
        let error = #expect(throws: BlobError.self) { try PostgresMetadataStore(text) }
        #expect(error?.kind == .invalidArgument)
        for part in ["se%ZZcret", "secret", "passw"] { #expect(!"\(error!)".contains(part)) }
    }

    @Test func nothingShowsThePassword() async throws {
        let store = try PostgresMetadataStore("postgresql://u:geheim@h:1/d?sslmode=disable")
        var dumped = ""
        dump(store, to: &dumped)
        #expect(!dumped.contains("geheim") && !"\(store)".contains("geheim"))
        #expect(dumped.contains("h:1/d"))
        let error = await #expect(throws: BlobError.self) { try await store.record("a") }
        #expect(!String(reflecting: error).contains("geheim"))
    }

    @Test func certificatesAreChecked() async throws {
        let file = try #require(PostgresServer.certificateFile)
        let table = PostgresServer.newTable()
        let good = try PostgresMetadataStore(
            PostgresServer.address("sslmode=verify-full&sslrootcert=\(file)"),
            table: table
        )
        try await good.prepare()
        try await good.insert(newRecord("a"))
        // Of another authority: that of nobody.
        let own = NSTemporaryDirectory() + "\(UUID().uuidString).pem"
        try Data().write(to: URL(fileURLWithPath: own))
        defer { try? FileManager.default.removeItem(atPath: own) }
        let error = try await failure(
            PostgresServer.address("sslmode=verify-full&sslrootcert=\(own)")
        )
        #expect(error.kind == .unavailable)
    }

    @Test func anotherEncodingIsRefused() async throws {
        let name = PostgresServer.newTable()
        try PostgresServer.rows(
            "CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'"
        )
        let error = try await failure(PostgresServer.address { $0.path = "/\(name)" })
        #expect(error.kind == .unsupported)
        #expect(error.message.contains("encoding LATIN1"))
        try PostgresServer.rows("DROP DATABASE \(name) WITH (FORCE)")
    }

    // MARK: Waiting

    @Test func waitingForALockEnds() async throws {
        let table = PostgresServer.newTable()
        let store = try await PostgresServer.store(table, timeout: .milliseconds(300))
        try await store.insert(newRecord("a"))
        let other = try PostgresServer.connection()
        try other.run("BEGIN")
        try other.run("LOCK TABLE \(table) IN ACCESS EXCLUSIVE MODE")
        let read = await #expect(throws: BlobError.self) { try await store.record("a") }
        #expect(read?.kind == .timedOut)
        // A statement that waits can still be run after nobody waits for it any more.
        let write = await #expect(throws: BlobError.self) { try await store.insert(newRecord("b")) }
        #expect(write?.kind == .timedOut || write?.kind == .outcomeUnknown)
        try other.run("ROLLBACK")
        #expect(try await store.record("a").version == 1)
    }

    @Test func waitingForALockCanBeCancelled() async throws {
        let table = PostgresServer.newTable()
        let store = try await PostgresServer.store(table, timeout: .seconds(600))
        let other = try PostgresServer.connection()
        try other.run("BEGIN")
        try other.run("LOCK TABLE \(table) IN ACCESS EXCLUSIVE MODE")
        let task = Task { try await store.record("a") }
        try await Task.sleep(for: .milliseconds(100))
        let start = ContinuousClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - start < .seconds(5))
        try other.run("ROLLBACK")
        #expect(try await store.find("a") == nil)
    }

    @Test func connectionsThatTheServerEndedAreReplaced() async throws {
        let store = try await PostgresServer.store()
        let kept = try await store.insert(newRecord("a"))
        let name = PostgresServer.newTable()
        // Idle ones of this store alone, known by what they asked last.
        try PostgresServer.rows("SELECT '\(name)'")
        let ended = try PostgresServer.rows(
            """
            SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity
            WHERE query LIKE '%\(store.statements.table)%' AND pid <> pg_backend_pid()
            """
        )
        #expect(!ended.isEmpty)
        #expect(try await store.record("a") == kept)
        var next = kept
        next.fileName = "new"
        #expect(try await store.update(next).version == 2)
    }

    @Test func aClosedStoreSaysSo() async throws {
        let store = try await PostgresServer.store()
        await store.close()
        let error = await #expect(throws: BlobError.self) { try await store.record("a") }
        #expect(error?.kind == .closed)
    }

    // MARK: What is kept

    @Test func aPageOfLargeRecordsIsCutShort() async throws {
        let store = try await PostgresServer.store()
        for number in 0..<40 {
            var record = newRecord(try DocumentID("a\(number)"))
            record.attributes = ["text": String(repeating: "x", count: 250_000)]
            try await store.insert(record)
        }
        let page = try await store.query(DocumentQuery(limit: 1_000))
        // 8 MiB are 33.6 of them.
        #expect(page.records.count == 34)
        var count = 0
        for try await _ in store.documents(DocumentQuery(limit: 1_000)) { count += 1 }
        #expect(count == 40)
    }

    @Test func aRecordOfALaterVersionIsNotMisread() async throws {
        let table = PostgresServer.newTable()
        let store = try await PostgresServer.store(table)
        try await store.insert(newRecord("a"))
        try PostgresServer.rows("UPDATE \(table) SET state = 'archived'")
        let error = await #expect(throws: BlobError.self) { try await store.record("a") }
        #expect(error?.kind == .corrupted)
        // What follows on the same connection is not disturbed.
        #expect(try await store.find("b") == nil)
    }

    @Test func anIdThatLooksLikeNothingIsAnID() async throws {
        let store = try await PostgresServer.store()
        let kept = try await store.insert(newRecord("NULL"))
        #expect(try await store.records(["NULL", "null"]) == ["NULL": kept])
        #expect(try await store.records([]).isEmpty)
    }

    @Test func otherToolsCanReadIt() async throws {
        let table = PostgresServer.newTable()
        let store = try await PostgresServer.store(table)
        var record = newRecord("a", owner: "Zoë")
        record.attributes = ["folder": "invoices"]
        try await store.insert(record)
        let rows = try PostgresServer.rows(
            """
            SELECT owner, attributes ->> 'folder', to_timestamp(created / 1000) AT TIME ZONE 'UTC'
            FROM \(table)
            """,
            columnCount: 3
        )
        #expect(rows == [["Zoë", "invoices", "2025-06-15 15:06:40"]])
    }

    @Test func manyCallersShareAFewConnections() async throws {
        let table = PostgresServer.newTable()
        let store = try PostgresMetadataStore(
            PostgresServer.address("sslmode=disable&application_name=\(table)"),
            table: table,
            connectionCount: 3
        )
        try await store.prepare()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let kept = try await store.insert(newRecord(try DocumentID("a\(number)")))
                    #expect(try await store.record(kept.id) == kept)
                }
            }
            try await group.waitForAll()
        }
        let count = try PostgresServer.rows(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = '\(table)'"
        )
        #expect([["1"], ["2"], ["3"]].contains(count))
    }
}
