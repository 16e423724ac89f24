import BlobStorage
import Foundation
import Testing

@testable import BlobStoragePostgres

/// An answer that was lost is found out, or said to be unknown; it is never guessed.
@Suite(.enabled(if: PostgresServer.isThere)) struct PostgresLostAnswerTests {
    private let proxy: LossyProxy
    /// The store behind the proxy.
    private let store: PostgresMetadataStore
    /// One beside it.
    private let other: PostgresMetadataStore

    init() async throws {
        let endpoint = try #require(PostgresServer.endpoint.flatMap { URLComponents(string: $0) })
        let port = try #require(endpoint.port)
        let proxy = try LossyProxy(serverPort: port)
        let table = PostgresServer.newTable()
        other = try await PostgresServer.store(table)
        self.proxy = proxy
        store = try PostgresMetadataStore(
            PostgresServer.address { $0.port = proxy.port },
            table: table,
            connectionCount: 1
        )
        // The connection is there before anything is lost.
        #expect(try await store.find("none") == nil)
    }

    private static let losses: [[LossyProxy.Loss]] = [
        [.request], [.answer], [.request, .request], [.answer, .answer], [.request, .answer],
        [.answer, .request],
    ]

    @Test("an insert", arguments: losses)
    func insert(_ losses: [LossyProxy.Loss]) async throws {
        proxy.lose(losses, of: "INSERT")
        let kept = try await store.insert(newRecord("a"))
        #expect(try await other.record("a") == kept)
        #expect(proxy.leftCount == 0)
        proxy.stop()
    }

    @Test("an update", arguments: losses)
    func update(_ losses: [LossyProxy.Loss]) async throws {
        var record = try await store.insert(newRecord("a"))
        record.fileName = "new"
        proxy.lose(losses, of: "UPDATE")
        let kept = try await store.update(record)
        #expect(proxy.leftCount == 0)
        #expect(kept.version == 2)
        #expect(try await other.record("a") == kept)
        proxy.stop()
    }

    @Test("a deletion", arguments: losses)
    func delete(_ losses: [LossyProxy.Loss]) async throws {
        let record = try await store.insert(newRecord("a"))
        proxy.lose(losses, of: "DELETE")
        try await store.delete(record)
        #expect(proxy.leftCount == 0)
        #expect(try await other.find("a") == nil)
        proxy.stop()
    }

    @Test("a read", arguments: losses)
    func read(_ losses: [LossyProxy.Loss]) async throws {
        let kept = try await store.insert(newRecord("a"))
        proxy.lose(losses, of: "FROM")
        #expect(try await store.record("a") == kept)
        proxy.lose(losses, of: "ORDER BY")
        #expect(try await store.query(DocumentQuery()).records == [kept])
        #expect(proxy.leftCount == 0)
        proxy.stop()
    }

    @Test func whatWasRefusedStaysRefused() async throws {
        try await other.insert(newRecord("a", owner: "another"))
        for losses in Self.losses {
            proxy.lose(losses, of: "INSERT")
            let error = await #expect(throws: BlobError.self) {
                try await store.insert(newRecord("a"))
            }
            #expect(error?.kind == .alreadyExists)
            proxy.lose(losses, of: "UPDATE")
            var late = newRecord("a")
            late.version = 7
            let conflict = await #expect(throws: BlobError.self) { try await store.update(late) }
            #expect(conflict?.kind == .preconditionFailed)
        }
        #expect(try await other.record("a").owner == "another")
        proxy.stop()
    }

    /// Does something as another process, while an answer is lost.
    private func change(_ sql: String) -> @Sendable () -> Void {
        { #expect(throws: Never.self) { try PostgresServer.rows(sql) } }
    }

    @Test func othersHaveChangedItSince() async throws {
        let table = store.statements.table
        let later = change("UPDATE \(table) SET version = version + 1, change = 'another'")
        proxy.lose([.answer], of: "INSERT", whenLost: later)
        let insert = await #expect(throws: BlobError.self) {
            try await store.insert(newRecord("a"))
        }
        #expect(insert?.kind == .outcomeUnknown)
        // The other one came after ours, or ours never came: nobody can tell.
        let record = try await other.record("a")
        for loss in [LossyProxy.Loss.answer, .request] {
            let current = try await other.record("a")
            let twice = change("UPDATE \(table) SET version = version + 2, change = 'another'")
            proxy.lose([loss], of: "UPDATE", whenLost: twice)
            let update = await #expect(throws: BlobError.self) { try await store.update(current) }
            #expect(update?.kind == .outcomeUnknown)
        }
        // The other one's change took the place of ours, which so was never made.
        let current = try await other.record("a")
        proxy.lose([.request], of: "UPDATE", whenLost: later)
        let update = await #expect(throws: BlobError.self) { try await store.update(current) }
        #expect(update?.kind == .preconditionFailed)
        #expect(record.id == current.id)
        proxy.stop()
    }

    @Test func aChangeThatNobodyAnswersIsUnknown() async throws {
        proxy.lose([.answer], of: "INSERT")
        proxy.stop()
        let error = await #expect(throws: BlobError.self) { try await store.insert(newRecord("a")) }
        #expect(error?.kind == .outcomeUnknown)
        #expect(error?.message.hasSuffix("the change may have been made: read the record") == true)
        #expect(try await other.find("a") != nil)
        let read = await #expect(throws: BlobError.self) { try await store.record("a") }
        #expect(read?.kind == .unavailable)
    }

    @Test func whatComesAfterALostAnswerDoesNotHideIt() async throws {
        let table = store.statements.table
        proxy.lose([.answer], of: "INSERT", whenLost: change("ALTER TABLE \(table) RENAME TO away"))
        let error = await #expect(throws: BlobError.self) { try await store.insert(newRecord("a")) }
        #expect(error?.kind == .outcomeUnknown)
        #expect((error?.underlying as? BlobError)?.kind == .storeNotFound)
        try PostgresServer.rows("DROP TABLE away")
        // One that never reached the server was not made.
        let refused = await #expect(throws: BlobError.self) {
            try await store.insert(newRecord("a"))
        }
        #expect(refused?.kind == .storeNotFound)
        proxy.stop()
    }
}
