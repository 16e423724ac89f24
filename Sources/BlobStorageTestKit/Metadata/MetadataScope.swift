import BlobStorage
import Foundation

/// What a case works with: the store under test, and names that no other case uses.
struct MetadataScope: Sendable {
    let store: any MetadataStore
    private let queryDelay: Duration

    /// Begins every id, owner and key of the case.
    let unique: String

    private let used = Locked<Set<DocumentID>>([])

    init(_ subject: MetadataConformanceSubject) {
        store = subject.store
        queryDelay = subject.queryDelay
        unique = "kit" + String(UInt64.random(in: (1 << 48)..<(1 << 52)), radix: 16)
    }

    /// An id of the case.
    func id(_ name: String) -> DocumentID {
        let id = DocumentID(unchecked: "\(unique)-\(name)")
        used.withLock { _ = $0.insert(id) }
        return id
    }

    /// An owner of the case.
    func owner(_ name: String = "") -> String { unique + name }

    /// A key of the case.
    func key(_ name: String) -> BlobKey { BlobKey(unchecked: "\(unique)/\(name)") }

    /// A time some milliseconds after the one that all cases begin with.
    static func time(_ milliseconds: Int64) -> Date {
        // 2026-01-01T00:00:00Z
        DocumentTime.date(1_767_225_600_000 + milliseconds)
    }

    /// A record that no store has yet.
    func new(
        _ name: String,
        at milliseconds: Int64 = 0,
        owner: String? = nil,
        state: DocumentState = .pending,
        key: String? = nil
    ) -> DocumentRecord {
        DocumentRecord(
            id: id(name),
            owner: owner ?? self.owner(),
            key: self.key(key ?? name),
            state: state,
            created: Self.time(milliseconds)
        )
    }

    /// Keeps a new record.
    @discardableResult
    func seed(
        _ name: String,
        at milliseconds: Int64 = 0,
        owner: String? = nil,
        state: DocumentState = .pending,
        key: String? = nil
    ) async throws -> DocumentRecord {
        try await store.insert(new(name, at: milliseconds, owner: owner, state: state, key: key))
    }

    /// Keeps `count` records, `0` the oldest, one millisecond apart.
    func seedMany(_ count: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                if number >= 8 { try await group.next() }
                group.addTask { try await seed("\(number)", at: Int64(number)) }
            }
            try await group.waitForAll()
        }
    }

    /// What an id is without what makes it the case's own.
    func name(_ record: DocumentRecord) -> String {
        String(decoding: record.id.text.utf8.dropFirst(unique.utf8.count + 1), as: UTF8.self)
    }

    /// One page.
    func page(_ query: DocumentQuery) async throws -> DocumentPage {
        if queryDelay > .zero { try await Task.sleep(for: queryDelay) }
        return try await store.query(query)
    }

    /// The case's own records, of all owners.
    var everything: DocumentQuery { DocumentQuery(keyPrefix: "\(unique)/") }

    /// The most pages that a case walks; more mean a token that leads nowhere.
    private static let pageLimit = 1_000

    /// The names of all records of a query, page by page.
    func names(
        _ query: DocumentQuery,
        betweenPages: (Int) async throws -> Void = { _ in }
    ) async throws -> [String] {
        var query = query
        var names: [String] = []
        for number in 1...Self.pageLimit {
            let page = try await page(query)
            let found = "\(page.records.count)"
            try expect(
                page.records.count <= query.limit,
                "at most \(query.limit) records",
                found: found
            )
            names += page.records.map(name)
            guard let token = page.continuationToken else { return names }
            query.continuationToken = token
            try await betweenPages(number)
        }
        throw Mismatch(expected: "the query to end", found: "\(Self.pageLimit) pages")
    }

    /// Throws unless a query gives these records, in this order.
    func expectNames(_ query: DocumentQuery, _ expected: [String]) async throws {
        try await expectSameText(names(query), expected, "the records of the query")
    }

    /// Throws unless the store has exactly this record, to `record`, `records` and `query`.
    func expectRecord(_ expected: DocumentRecord) async throws {
        try await expectEqual(store.record(expected.id), expected, "the record")
        let batch = try await store.records([expected.id])
        try expectEqual(batch[expected.id], expected, "the record from a batch")
        let query = DocumentQuery(owner: expected.owner, limit: DocumentQuery.maximumLimit)
        let listed = try await page(query).records.first { $0.id == expected.id }
        try expectEqual(listed, expected, "the record from a query")
    }

    /// Throws unless there is no record of that id, to `record`, `records` and `query`.
    func expectMissing(_ id: DocumentID) async throws {
        try await expectError(.notFound, from: "record of an id that is not there") {
            try await store.record(id)
        }
        try await expectEqual(store.records([id]), [:], "the batch")
        let isListed = try await page(everything).records.contains { $0.id == id }
        try expect(!isListed, "no such record in a query", found: "\(id)")
    }

    /// Deletes what the case left; a store that fails here fails in a case of its own.
    func cleanUp() async {
        for id in used.withLock(\.self) { try? await store.delete(id) }
    }
}
