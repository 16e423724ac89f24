import BlobStorage

struct IgnoresVersions: BrokenMetadataStore {
    let base = InMemoryMetadataStore()

    func update(_ record: DocumentRecord) async throws -> DocumentRecord {
        var record = record
        record.version = try await base.record(record.id).version
        return try await base.update(record)
    }
}

/// Looks at the version, and writes later.
struct LooksBeforeWriting: BrokenMetadataStore {
    let base = InMemoryMetadataStore()

    func insert(_ record: DocumentRecord) async throws -> DocumentRecord {
        if try await base.find(record.id) != nil {
            throw BlobError(.alreadyExists, operation: "insert", message: "it is there")
        }
        await letOthersRun()
        try await base.delete(record.id)
        return try await base.insert(record)
    }

    func update(_ record: DocumentRecord) async throws -> DocumentRecord {
        let found = try await base.record(record.id)
        _ = try record.replacing(found)
        await letOthersRun()
        var next = record
        next.version = try await base.record(record.id).version
        return try await base.update(next)
    }

    func delete(_ id: DocumentID, version: Int64?) async throws {
        if let version {
            let found = try await base.record(id).version
            guard found == version else {
                throw BlobError(.preconditionFailed, operation: "delete", message: "\(found)")
            }
        }
        // Longer than an update, so that one that was right about the version is lost.
        for _ in 0..<3 { await letOthersRun() }
        try await base.delete(id)
    }
}

struct InsertsOver: BrokenMetadataStore {
    let base = InMemoryMetadataStore()

    func insert(_ record: DocumentRecord) async throws -> DocumentRecord {
        try await base.delete(record.id)
        return try await base.insert(record)
    }
}

struct InsertsWhenUpdating: BrokenMetadataStore {
    let base = InMemoryMetadataStore()

    func update(_ record: DocumentRecord) async throws -> DocumentRecord {
        if try await base.find(record.id) == nil { return try await base.insert(record) }
        return try await base.update(record)
    }
}

/// Leaves what an update does not mention.
struct MergesUpdates: BrokenMetadataStore {
    let base = InMemoryMetadataStore()

    func update(_ record: DocumentRecord) async throws -> DocumentRecord {
        var record = record
        let old = try await base.find(record.id)
        record.fileName = record.fileName ?? old?.fileName
        return try await base.update(record)
    }
}

struct KeepsTheTimeOfCreation: BrokenMetadataStore {
    let base = InMemoryMetadataStore()

    func update(_ record: DocumentRecord) async throws -> DocumentRecord {
        let old = try await base.record(record.id)
        let same = DocumentRecord(
            id: record.id,
            owner: record.owner,
            key: record.key,
            state: record.state,
            created: old.created,
            version: record.version
        )
        return try await base.update(same)
    }
}

struct CountsVersionsOn: BrokenMetadataStore {
    let base = InMemoryMetadataStore()

    func delete(_ id: DocumentID, version: Int64?) async throws {
        try await base.delete(id, version: version)
    }

    func insert(_ record: DocumentRecord) async throws -> DocumentRecord {
        let version = record.version
        var inserted = try await base.insert(record)
        inserted.version = max(1, version)
        return inserted
    }
}

struct DeletesAnyVersion: BrokenMetadataStore {
    let base = InMemoryMetadataStore()

    func delete(_ id: DocumentID, version: Int64?) async throws {
        if version != nil { _ = try await base.record(id) }
        try await base.delete(id)
    }
}

struct RefusesToDeleteNoRecord: BrokenMetadataStore {
    let base = InMemoryMetadataStore()

    func delete(_ id: DocumentID, version: Int64?) async throws {
        _ = try await base.record(id)
        try await base.delete(id, version: version)
    }
}

struct DeletesVersionsOfNothing: BrokenMetadataStore {
    let base = InMemoryMetadataStore()

    func delete(_ id: DocumentID, version: Int64?) async throws {
        do {
            try await base.delete(id, version: version)
        } catch let error as BlobError where error.kind == .notFound {
            return
        }
    }
}

/// Deletes every record whose id begins so.
struct DeletesByPrefix: BrokenMetadataStore {
    let base = InMemoryMetadataStore()

    func delete(_ id: DocumentID, version: Int64?) async throws {
        try await base.delete(id, version: version)
        for try await record in base.documents() where record.id.text.hasPrefix(id.text) {
            try await base.delete(record.id)
        }
    }
}

/// Writes a record's fields one after the other.
struct TearsRecords: BrokenMetadataStore {
    let base = InMemoryMetadataStore()

    func record(_ id: DocumentID) async throws -> DocumentRecord {
        var record = try await base.record(id)
        await letOthersRun()
        record.attributes = try await base.record(id).attributes
        return record
    }
}
