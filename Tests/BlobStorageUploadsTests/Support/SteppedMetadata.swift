import BlobStorage

/// A metadata store whose every call passes a gate.
struct SteppedMetadata: MetadataStore {
    let base: any MetadataStore
    let gate: Gate

    func prepare() async throws {
        try await gate.pass("prepare") { try await base.prepare() }
    }

    @discardableResult
    func insert(_ record: DocumentRecord) async throws -> DocumentRecord {
        try await gate.pass("insert") { try await base.insert(record) }
    }

    func record(_ id: DocumentID) async throws -> DocumentRecord {
        try await gate.pass("record") { try await base.record(id) }
    }

    func records(_ ids: [DocumentID]) async throws -> [DocumentID: DocumentRecord] {
        try await gate.pass("records") { try await base.records(ids) }
    }

    @discardableResult
    func update(_ record: DocumentRecord) async throws -> DocumentRecord {
        try await gate.pass("update") { try await base.update(record) }
    }

    func delete(_ id: DocumentID, version: Int64?) async throws {
        try await gate.pass("deleteRecord") { try await base.delete(id, version: version) }
    }

    func query(_ query: DocumentQuery) async throws -> DocumentPage {
        try await gate.pass("query") { try await base.query(query) }
    }
}
