import BlobStorage
import BlobStorageTestKit
import Foundation
import Testing

@Suite struct InMemoryMetadataTests {
    @Test("conforms", arguments: MetadataStoreConformance.cases)
    func conforms(_ promise: MetadataConformanceCase) async throws {
        try await promise.run(on: MetadataConformanceSubject(InMemoryMetadataStore()))
    }

    @Test func casesShareAStore() async throws {
        let store = InMemoryMetadataStore()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for promise in MetadataStoreConformance.cases {
                group.addTask { try await promise.run(on: MetadataConformanceSubject(store)) }
            }
            try await group.waitForAll()
        }
        #expect(try await store.query(DocumentQuery()).records.isEmpty)
    }

    @Test func aChangeThatIsNeverThroughGivesUp() async throws {
        let store = AlwaysChanged()
        try await store.base.insert(DocumentRecord(id: "a", owner: "o", key: "k", created: .now))
        let error = await #expect(throws: BlobError.self) {
            try await store.update("a") { $0.byteCount = 1 }
        }
        #expect(error?.kind == .preconditionFailed)
        #expect(try await store.base.record("a").version == 21)
    }

    @Test func aTokenThatLeadsToItselfEndsTheWalk() async throws {
        let error = await #expect(throws: BlobError.self) {
            for try await _ in AlwaysChanged().documents() {}
        }
        #expect(error?.kind == .corrupted)
    }
}

/// Somebody else is always faster, and its queries never end.
private struct AlwaysChanged: MetadataStore {
    let base = InMemoryMetadataStore()

    func prepare() async throws {}
    func insert(_ record: DocumentRecord) async throws -> DocumentRecord { record }
    func records(_ ids: [DocumentID]) async throws -> [DocumentID: DocumentRecord] { [:] }
    func delete(_ id: DocumentID, version: Int64?) async throws {}

    func record(_ id: DocumentID) async throws -> DocumentRecord {
        let record = try await base.record(id)
        try await base.update(record)
        return record
    }

    func update(_ record: DocumentRecord) async throws -> DocumentRecord {
        try await base.update(record)
    }

    func query(_ query: DocumentQuery) async throws -> DocumentPage {
        DocumentPage(records: [], continuationToken: "again")
    }
}
