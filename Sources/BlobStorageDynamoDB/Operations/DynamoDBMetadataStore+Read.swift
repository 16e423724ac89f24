public import BlobStorage

extension DynamoDBMetadataStore {
    /// How often DynamoDB may leave all keys of a batch unread, one time after the other.
    private static let maximumIdleRounds = 10

    /// Reads a record.
    public func record(_ id: DocumentID) async throws -> DocumentRecord {
        let request = GetItemRequest(table: table, key: DocumentItem.key(id))
        guard let item = try await send(request, "record").item else {
            throw BlobError.noSuchDocument(id, "record")
        }
        return try DocumentItem.record(item)
    }

    /// Reads many records, 100 a request.
    public func records(_ ids: [DocumentID]) async throws -> [DocumentID: DocumentRecord] {
        try BlobError.checkBatch(ids)
        var found: [DocumentID: DocumentRecord] = [:]
        // DynamoDB refuses a key that stands twice.
        var rest = Array(Set(ids))
        var idleRounds = 0
        while !rest.isEmpty {
            let batch = Array(rest.suffix(BatchGetItemRequest.maximumKeyCount))
            rest.removeLast(batch.count)
            let keys = BatchKeys(keys: batch.map(DocumentItem.key), isConsistent: true)
            let answer = try await send(BatchGetItemRequest(tables: [table: keys]), "records")
            for item in answer.items?[table] ?? [] {
                let record = try DocumentItem.record(item)
                found[record.id] = record
            }
            let left = try (answer.unprocessed?[table]?.keys ?? []).map { key in
                try DocumentID(key.text(DocumentItem.Name.id) ?? "")
            }
            // What did not fit the answer, or was too much for the table just now.
            rest += left
            idleRounds = left.count == batch.count ? idleRounds + 1 : 0
            if idleRounds > 0 { try await pause(idleRounds) }
        }
        return found
    }

    private func pause(_ idleRounds: Int) async throws {
        guard idleRounds < Self.maximumIdleRounds else {
            throw BlobError(
                .throttled,
                operation: "records",
                message: "DynamoDB left all keys of a batch unread, \(idleRounds) times"
            )
        }
        try await client.backOff(idleRounds)
    }
}
