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
        // A new connection's first question is which version the table has.
        proxy.lose(losses)
        let kept = try await store.insert(newRecord("a"))
        #expect(try await other.record("a") == kept)
        proxy.stop()
    }

    @Test("an update", arguments: losses)
    func update(_ losses: [LossyProxy.Loss]) async throws {
        var record = try await store.insert(newRecord("a"))
        record.fileName = "new"
        proxy.lose(losses)
        let kept = try await store.update(record)
        #expect(kept.version == 2)
        #expect(try await other.record("a") == kept)
        proxy.stop()
    }

    @Test("a deletion", arguments: losses)
    func delete(_ losses: [LossyProxy.Loss]) async throws {
        let record = try await store.insert(newRecord("a"))
        proxy.lose(losses)
        try await store.delete(record)
        #expect(try await other.find("a") == nil)
        proxy.stop()
    }

    @Test("a read", arguments: losses)
    func read(_ losses: [LossyProxy.Loss]) async throws {
        let kept = try await store.insert(newRecord("a"))
        proxy.lose(losses)
        #expect(try await store.record("a") == kept)
        proxy.lose(losses)
        #expect(try await store.query(DocumentQuery()).records == [kept])
        proxy.stop()
    }

    @Test func whatWasRefusedStaysRefused() async throws {
        try await other.insert(newRecord("a", owner: "another"))
        for losses in Self.losses {
            proxy.lose(losses)
            let error = await #expect(throws: BlobError.self) {
                try await store.insert(newRecord("a"))
            }
            #expect(error?.kind == .alreadyExists)
            proxy.lose(losses)
            var late = newRecord("a")
            late.version = 7
            let conflict = await #expect(throws: BlobError.self) { try await store.update(late) }
            #expect(conflict?.kind == .preconditionFailed)
        }
        #expect(try await other.record("a").owner == "another")
        proxy.stop()
    }

    @Test func aChangeThatNobodyAnswersIsUnknown() async throws {
        proxy.lose([.answer])
        proxy.stop()
        let error = await #expect(throws: BlobError.self) { try await store.insert(newRecord("a")) }
        #expect(error?.kind == .outcomeUnknown)
        #expect(error?.message.hasSuffix("the change may have been made: read the record") == true)
        #expect(try await other.find("a") != nil)
        let read = await #expect(throws: BlobError.self) { try await store.record("a") }
        #expect(read?.kind == .unavailable)
    }
}
