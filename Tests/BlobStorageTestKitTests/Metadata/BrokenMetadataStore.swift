import BlobStorage

/// A metadata store with one defect: it forwards every call but those it gets wrong.
protocol BrokenMetadataStore: MetadataStore {
    var base: InMemoryMetadataStore { get }
}

extension BrokenMetadataStore {
    func prepare() async throws {}

    func insert(_ record: DocumentRecord) async throws -> DocumentRecord {
        try await base.insert(record)
    }

    func record(_ id: DocumentID) async throws -> DocumentRecord {
        try await base.record(id)
    }

    func records(_ ids: [DocumentID]) async throws -> [DocumentID: DocumentRecord] {
        try await base.records(ids)
    }

    func update(_ record: DocumentRecord) async throws -> DocumentRecord {
        try await base.update(record)
    }

    func delete(_ id: DocumentID, version: Int64?) async throws {
        try await base.delete(id, version: version)
    }

    func query(_ query: DocumentQuery) async throws -> DocumentPage {
        try await base.query(query)
    }
}

/// Changes what it is given before it keeps it.
struct ChangesRecords: BrokenMetadataStore {
    let base = InMemoryMetadataStore()
    let change: @Sendable (inout DocumentRecord) -> Void

    func insert(_ record: DocumentRecord) async throws -> DocumentRecord {
        var record = record
        change(&record)
        return try await base.insert(record)
    }

    func update(_ record: DocumentRecord) async throws -> DocumentRecord {
        var record = record
        change(&record)
        return try await base.update(record)
    }

    static func cuttingAtNUL() -> Self {
        Self { $0.fileName = $0.fileName.map { String($0.prefix { $0 != "\u{0}" }) } }
    }

    static func keepingSecondsOnly() -> Self {
        Self { record in
            record.uploaded = record.uploaded.map { date in
                let milliseconds = DocumentTime.milliseconds(of: date)
                return DocumentTime.date(milliseconds / 1_000 * 1_000)
            }
        }
    }

    static func foldingCase() -> Self {
        Self { $0.owner = $0.owner.lowercased() }
    }

    static func trimming() -> Self {
        Self { record in
            record.fileName = record.fileName.map { name in
                String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
        }
    }

    static func takingEmptyForNone() -> Self {
        Self { if $0.fileName == "" { $0.fileName = nil } }
    }

    static func cuttingAttributes() -> Self {
        Self { record in
            for (name, value) in record.attributes.pairs where value.utf8.count > 65_535 {
                record.attributes[name] = String(value.prefix(65_535))
            }
        }
    }

    static func takingNumbersForNumbers() -> Self {
        Self { record in
            if let text = record.fileName, let number = Int(text) { record.fileName = "\(number)" }
        }
    }
}

/// Compares owners as `String` does.
struct ComparesOwnersAsCharacters: BrokenMetadataStore {
    let base = InMemoryMetadataStore()

    func query(_ query: DocumentQuery) async throws -> DocumentPage {
        guard let owner = query.owner else { return try await base.query(query) }
        var wide = query
        wide.owner = nil
        wide.limit = DocumentQuery.maximumLimit
        var page = try await base.query(wide)
        page.records.removeAll { $0.owner != owner }
        return page
    }
}

/// Takes whatever it is given.
struct ValidatesNothing: BrokenMetadataStore {
    let base = InMemoryMetadataStore()

    func insert(_ record: DocumentRecord) async throws -> DocumentRecord {
        do {
            return try await base.insert(record)
        } catch let error as BlobError where error.kind == .invalidArgument {
            return record
        }
    }
}
