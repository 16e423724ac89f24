import BlobStorage
import Foundation

struct ReadsFirst100: BrokenMetadataStore {
    let base = InMemoryMetadataStore()

    func records(_ ids: [DocumentID]) async throws -> [DocumentID: DocumentRecord] {
        try await base.records(Array(ids.prefix(100)))
    }
}

struct WantsEveryRecord: BrokenMetadataStore {
    let base = InMemoryMetadataStore()

    func records(_ ids: [DocumentID]) async throws -> [DocumentID: DocumentRecord] {
        let found = try await base.records(ids)
        for id in ids where found[id] == nil { throw BlobError.noSuchDocument(id, "records") }
        return found
    }
}

/// Remembers what it read before.
struct ReadsFromCache: BrokenMetadataStore {
    let base = InMemoryMetadataStore()
    private let cache = Locked<[DocumentID: DocumentRecord]>([:])

    func records(_ ids: [DocumentID]) async throws -> [DocumentID: DocumentRecord] {
        var found = try await base.records(ids)
        cache.withLock { cache in
            found.merge(cache) { _, old in old }
            cache = found
        }
        return found.filter { ids.contains($0.key) }
    }
}

/// Puts its pages in another order.
struct Reorders: BrokenMetadataStore {
    let base = InMemoryMetadataStore()
    let isBefore: @Sendable (DocumentRecord, DocumentRecord) -> Bool

    func query(_ query: DocumentQuery) async throws -> DocumentPage {
        var page = try await base.query(query)
        page.records.sort(by: isBefore)
        return page
    }

    static func oldestFirst() -> Self {
        Self { $0.created < $1.created }
    }

    static func leastIDFirst() -> Self {
        Self { $0.created == $1.created ? $0.id < $1.id : $0.created > $1.created }
    }

    static func byDigits() -> Self {
        Self { a, b in
            let (first, second) = (
                DocumentTime.milliseconds(of: a.created), DocumentTime.milliseconds(of: b.created)
            )
            return "\(first)" > "\(second)"
        }
    }
}

/// Changes the query before it asks.
struct ChangesQueries: BrokenMetadataStore {
    let base = InMemoryMetadataStore()
    let change: @Sendable (inout DocumentQuery) -> Void

    func query(_ query: DocumentQuery) async throws -> DocumentPage {
        var query = query
        change(&query)
        return try await base.query(query)
    }

    static func listingOneTooMany() -> Self {
        Self { if (1..<DocumentQuery.maximumLimit).contains($0.limit) { $0.limit += 1 } }
    }

    static func includingTheEnd() -> Self {
        Self { $0.createdBefore = $0.createdBefore.map { $0.addingTimeInterval(0.001) } }
    }

    static func excludingTheBeginning() -> Self {
        Self { $0.createdFrom = $0.createdFrom.map { $0.addingTimeInterval(0.001) } }
    }

    static func takingPrefixesForFolders() -> Self {
        Self { query in
            let isFolder = query.keyPrefix.isEmpty || query.keyPrefix.hasSuffix("/")
            if !isFolder { query.keyPrefix += "/" }
        }
    }

    static func startingAnew() -> Self {
        Self {
            if $0.continuationToken?.hasPrefix("documents") == false { $0.continuationToken = nil }
        }
    }
}

/// A token is how many records came before.
struct PagesByOffset: BrokenMetadataStore {
    let base = InMemoryMetadataStore()

    func query(_ query: DocumentQuery) async throws -> DocumentPage {
        var all = query
        all.continuationToken = nil
        all.limit = DocumentQuery.maximumLimit
        let records = try await base.query(all).records
        let start = query.continuationToken.flatMap { Int($0) } ?? 0
        let rest = records.dropFirst(start)
        let isLast = rest.count <= query.limit
        return DocumentPage(
            records: Array(rest.prefix(query.limit)),
            continuationToken: isLast ? nil : "\(start + query.limit)"
        )
    }
}

/// Goes on before the time of the last record.
struct PagesByTime: BrokenMetadataStore {
    let base = InMemoryMetadataStore()

    func query(_ query: DocumentQuery) async throws -> DocumentPage {
        var all = query
        all.continuationToken = nil
        all.limit = DocumentQuery.maximumLimit
        let last = query.continuationToken.flatMap { Int64($0) } ?? .max
        let rest = try await base.query(all).records.filter {
            DocumentTime.milliseconds(of: $0.created) < last
        }
        let records = Array(rest.prefix(query.limit))
        let token = records.last.map { "\(DocumentTime.milliseconds(of: $0.created))" }
        return DocumentPage(
            records: records,
            continuationToken: rest.count > query.limit ? token : nil
        )
    }
}

/// Looks at some records, and takes those that match for the whole answer.
struct FiltersAfterTheLimit: BrokenMetadataStore {
    let base = InMemoryMetadataStore()

    func query(_ query: DocumentQuery) async throws -> DocumentPage {
        try query.validate()
        var all = query
        all.keyPrefix = ""
        all.continuationToken = nil
        var page = try await base.query(all)
        page.records.removeAll { !query.matches($0) }
        page.continuationToken = nil
        return page
    }
}

/// Gives the records of a state as they were when they were first listed.
struct ForgetsToMoveStates: BrokenMetadataStore {
    let base = InMemoryMetadataStore()
    private let states = Locked<[DocumentID: DocumentState]>([:])

    func insert(_ record: DocumentRecord) async throws -> DocumentRecord {
        let inserted = try await base.insert(record)
        states.withLock { $0[record.id] = record.state }
        return inserted
    }

    func query(_ query: DocumentQuery) async throws -> DocumentPage {
        guard let state = query.state else { return try await base.query(query) }
        var all = query
        all.state = nil
        all.continuationToken = nil
        var page = try await base.query(all)
        let states = states.withLock { $0 }
        page.records.removeAll { states[$0.id] != state }
        return page
    }
}
