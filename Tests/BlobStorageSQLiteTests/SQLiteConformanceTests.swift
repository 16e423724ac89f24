import BlobStorage
import BlobStorageSQLite
import BlobStorageTestKit
import Testing

/// Every promise, on one file that all cases share.
@Suite struct SQLiteConformanceTests {
    private static let files = Files()

    @Test("conforms", arguments: Durability.allCases, MetadataStoreConformance.cases)
    func conforms(_ durability: Durability, _ promise: MetadataConformanceCase) async throws {
        let store = try await Self.files.store(durability)
        try await promise.run(on: MetadataConformanceSubject(store))
    }

    @Test("two stores on one file behave as one", arguments: MetadataStoreConformance.cases)
    func twoStores(_ promise: MetadataConformanceCase) async throws {
        let first = try await Self.files.store(.relaxed)
        let second = try await Self.files.secondStore()
        let store = AlternatingStore(first: first, second: second)
        try await promise.run(on: MetadataConformanceSubject(store))
    }

    /// One file a durability, made when the first case wants it.
    private actor Files {
        private var making:
            [Durability: Task<(TemporaryDatabase, SQLiteMetadataStore), any Error>] =
                [:]
        private var second: SQLiteMetadataStore?

        func store(_ durability: Durability) async throws -> SQLiteMetadataStore {
            try await file(durability).1
        }

        /// Another store over the file with relaxed durability.
        func secondStore() async throws -> SQLiteMetadataStore {
            let path = try await file(.relaxed).0.path
            if let second { return second }
            let store = SQLiteMetadataStore(path: path, durability: .relaxed)
            second = store
            return store
        }

        private func file(
            _ durability: Durability
        ) async throws -> (TemporaryDatabase, SQLiteMetadataStore) {
            let task =
                making[durability]
                ?? Task {
                    let database = try TemporaryDatabase()
                    return (database, try await database.store(durability))
                }
            making[durability] = task
            return try await task.value
        }
    }
}

/// Asks two stores in turn.
private final class AlternatingStore: MetadataStore {
    private let first: SQLiteMetadataStore
    private let second: SQLiteMetadataStore
    private let turn = Locked(false)

    init(first: SQLiteMetadataStore, second: SQLiteMetadataStore) {
        self.first = first
        self.second = second
    }

    private var next: SQLiteMetadataStore {
        turn.withLock { turn in
            turn.toggle()
            return turn ? first : second
        }
    }

    func prepare() async throws { try await next.prepare() }

    func insert(_ record: DocumentRecord) async throws -> DocumentRecord {
        try await next.insert(record)
    }

    func record(_ id: DocumentID) async throws -> DocumentRecord { try await next.record(id) }

    func records(_ ids: [DocumentID]) async throws -> [DocumentID: DocumentRecord] {
        try await next.records(ids)
    }

    func update(_ record: DocumentRecord) async throws -> DocumentRecord {
        try await next.update(record)
    }

    func delete(_ id: DocumentID, version: Int64?) async throws {
        try await next.delete(id, version: version)
    }

    func query(_ query: DocumentQuery) async throws -> DocumentPage {
        try await next.query(query)
    }
}
