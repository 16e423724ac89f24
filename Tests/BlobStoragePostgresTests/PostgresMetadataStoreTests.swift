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
            "user=u passw", "password='secret",
            "postgresql://u:secret/more@h/d", "postgresql://u:secret@more@h/d",
            "postgresql://u:secret@h/d\u{0}",
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
        // Another name than the certificate's, and another authority.
        let strange = try await failure(
            PostgresServer.address("sslmode=verify-full&sslrootcert=\(file)&hostaddr=127.0.0.1") {
                $0.host = "elsewhere.example"
            }
        )
        #expect(strange.kind == .unavailable)
        #expect(strange.message.contains("does not match host name"), "\(strange)")
        let other = NSTemporaryDirectory() + UUID().uuidString
        defer { for end in ["key", "pem"] { unlink("\(other).\(end)") } }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-subj", "/CN=Another", "-keyout", "\(other).key", "-out", "\(other).pem",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let untrusted = try await failure(
            PostgresServer.address("sslmode=verify-full&sslrootcert=\(other).pem")
        )
        #expect(untrusted.message.contains("certificate verify failed"), "\(untrusted)")
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
        try await PostgresServer.store(table).insert(newRecord("a"))
        let store = try PostgresMetadataStore(
            PostgresServer.address(),
            table: table,
            timeout: .seconds(2)
        )
        let other = try PostgresServer.connection()
        try other.run("BEGIN")
        try other.run("LOCK TABLE \(table) IN ACCESS EXCLUSIVE MODE")
        let read = await #expect(throws: BlobError.self) { try await store.record("a") }
        #expect(read?.kind == .timedOut)
        // A statement that waits can still be run after nobody waits for it any more. On a busy
        // machine the time may be over before there is a connection, and nothing was asked then.
        var write: BlobError?
        for _ in 0..<10 where write == nil || write?.kind == .timedOut {
            write = await #expect(throws: BlobError.self) { try await store.insert(newRecord("b")) }
        }
        #expect(write?.kind == .outcomeUnknown)
        try other.run("ROLLBACK")
        #expect(try await PostgresServer.store(table).record("a").version == 1)
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
        #expect(ContinuousClock.now - start < .seconds(60))
        try other.run("ROLLBACK")
        #expect(try await store.find("a") == nil)
    }

    @Test func whatIsCancelledInTheQueueIsNotDone() async throws {
        let table = PostgresServer.newTable()
        try await PostgresServer.store(table).insert(newRecord("a"))
        let store = try PostgresMetadataStore(
            PostgresServer.address(),
            table: table,
            connectionCount: 1
        )
        let other = try PostgresServer.connection()
        try other.run("BEGIN")
        try other.run("LOCK TABLE \(table) IN ACCESS EXCLUSIVE MODE")
        let first = Task { try await store.record("a") }
        try await Task.sleep(for: .milliseconds(200))
        let second = Task { try await store.insert(newRecord("b")) }
        try await Task.sleep(for: .milliseconds(200))
        second.cancel()
        try other.run("ROLLBACK")
        #expect(try await first.value.version == 1)
        await #expect(throws: CancellationError.self) { try await second.value }
        #expect(try await store.find("b") == nil)
    }

    @Test func connectionsThatTheServerEndedAreReplaced() async throws {
        let table = PostgresServer.newTable()
        try await PostgresServer.store(table).insert(newRecord("a"))
        let store = try PostgresMetadataStore(
            PostgresServer.address("sslmode=disable&application_name=\(table)"),
            table: table
        )
        let other = try PostgresServer.connection()
        // As many as there can be, since all have to wait.
        try other.run("BEGIN")
        try other.run("LOCK TABLE \(table) IN ACCESS EXCLUSIVE MODE")
        let count = PostgresMetadataStore.defaultConnectionCount
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count { group.addTask { _ = try await store.record("a") } }
            let look = "SELECT pid FROM pg_stat_activity WHERE application_name = '\(table)'"
            while try PostgresServer.rows(look).count < count {
                try await Task.sleep(for: .milliseconds(20))
            }
            try other.run("ROLLBACK")
            try await group.waitForAll()
        }
        let end =
            "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE application_name ="
        #expect(try PostgresServer.rows("\(end) '\(table)'").count == count)
        // Neither this one nor the others are taken for good.
        #expect(try await store.insert(newRecord("b")).version == 1)
        #expect(try await store.record("a").version == 1)
    }

    @Test func aConnectionToAStandbyIsLeft() async throws {
        let table = PostgresServer.newTable()
        let kept = try await PostgresServer.store(table).insert(newRecord("a"))
        // What this role is told counts for connections that are made after it.
        let database = try PostgresServer.connection()
        try database.run("CREATE ROLE \(table) LOGIN PASSWORD 'of-this-test'")
        try database.run("GRANT SELECT, INSERT, UPDATE, DELETE ON \(table) TO \(table)")
        try database.run("ALTER ROLE \(table) SET default_transaction_read_only = on")
        let address = try PostgresServer.address {
            $0.user = table
            $0.password = "of-this-test"
        }
        let store = try PostgresMetadataStore(address, table: table)
        #expect(try await store.record("a") == kept)
        let refused = await #expect(throws: BlobError.self) {
            try await store.insert(newRecord("b"))
        }
        #expect(refused?.kind == .unavailable)
        #expect(try await store.record("a") == kept)
        try database.run("ALTER ROLE \(table) RESET default_transaction_read_only")
        #expect(try await store.insert(newRecord("b")).version == 1)
        // Who may not make tables can work with one; what is not granted is told.
        try await store.prepare()
        try database.run("REVOKE DELETE ON \(table) FROM \(table)")
        let forbidden = await #expect(throws: BlobError.self) { try await store.delete("b") }
        #expect(forbidden?.kind == .permissionDenied)
        await store.close()
        try database.run("DROP OWNED BY \(table)")
        try database.run("DROP ROLE \(table)")
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
