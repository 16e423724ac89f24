import BlobStorage
import BlobStorageUploadFireSupport

/// A store of records whose calls pass ``Fate``, and that may have a ``Mutation``.
struct HookedMetadata: MetadataStore {
    let base: any MetadataStore
    let fate: Fate
    let mutation: Mutation?
    /// Told of every change, before it.
    var onChange: @Sendable (String) -> Void = { _ in }

    func prepare() async throws {
        try await passing { try await base.prepare() }
    }

    func insert(_ record: DocumentRecord) async throws -> DocumentRecord {
        onChange("insert")
        return try await passing { try await base.insert(record) }
    }

    func record(_ id: DocumentID) async throws -> DocumentRecord {
        try await passing { try await base.record(id) }
    }

    func records(_ ids: [DocumentID]) async throws -> [DocumentID: DocumentRecord] {
        let records = try await passing { try await base.records(ids) }
        guard mutation == .hidesRecords else { return records }
        return records.filter { $0.value.state != .confirmed }
    }

    func update(_ record: DocumentRecord) async throws -> DocumentRecord {
        onChange("update")
        return try await passing {
            do {
                return try await base.update(record)
            } catch let error as BlobError
                where error.kind == .preconditionFailed && mutation == .ignoresVersions
            {
                return try await base.update(record.id) { found in
                    let version = found.version
                    found = record
                    found.version = version
                }
            }
        }
    }

    func delete(_ id: DocumentID, version: Int64?) async throws {
        onChange("delete")
        let version = mutation == .ignoresVersions ? nil : version
        try await passing { try await base.delete(id, version: version) }
    }

    func query(_ query: DocumentQuery) async throws -> DocumentPage {
        try await passing { try await base.query(query) }
    }

    private func passing<Value>(_ call: () async throws -> Value) async throws -> Value {
        fate.pass()
        let value = try await call()
        fate.pass()
        return value
    }
}
