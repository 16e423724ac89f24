public import BlobStorage
import BlobStorageAWS

extension DynamoDBMetadataStore {
    /// Keeps a new record.
    @discardableResult
    public func insert(_ record: DocumentRecord) async throws -> DocumentRecord {
        try record.validate(operation: "insert")
        var next = record
        next.version = 1
        let condition = Expression(
            text: "attribute_not_exists(#id)",
            names: ["#id": DocumentItem.Name.id]
        )
        return try await put(next, condition, "insert") { failure, found in
            guard failure.isConditionFailure else { return nil }
            // With another mark at version 1 it is somebody else's; later ones may stand on ours.
            let isSurelyOther = try found?.number(DocumentItem.Name.version) == 1
            if failure.mayHaveHappened && !isSurelyOther { return nil }
            return .documentExists(record.id)
        }
    }

    /// Replaces a record, if it is still the version that the change is based on.
    @discardableResult
    public func update(_ record: DocumentRecord) async throws -> DocumentRecord {
        try record.validate(operation: "update")
        guard record.version < .max else { return try await refuseUpdate(record) }
        var next = record
        next.version = record.version + 1
        let condition = Expression(
            text: "#version = :version AND #order = :order",
            names: [
                "#version": DocumentItem.Name.version, "#order": DocumentItem.Name.order,
            ],
            values: [
                ":version": .number(record.version),
                ":order": .text(DocumentItem.order(DocumentPosition(record))),
            ]
        )
        return try await put(next, condition, "update") { failure, found in
            guard failure.isConditionFailure else { return nil }
            let version = try found?.number(DocumentItem.Name.version)
            // The version after ours, with another mark, is somebody else's; later ones, or none at
            // all, may stand on ours.
            let isSurelyOther = version.map { $0 <= next.version } ?? false
            if failure.mayHaveHappened && !isSurelyOther { return nil }
            return refusal(of: record, found)
        }
    }

    /// Deletes a record; without a version it is no error if there is none.
    public func delete(_ id: DocumentID, version: Int64?) async throws {
        let condition = version.map { version in
            Expression(
                text: "#version = :version",
                names: ["#version": DocumentItem.Name.version],
                values: [":version": .number(version)]
            )
        }
        let request = DeleteItemRequest(
            table: table,
            key: DocumentItem.key(id),
            condition: condition
        )
        do {
            _ = try await client.send(request)
        } catch let failure as AWSFailure {
            guard failure.isConditionFailure || failure.mayHaveHappened else {
                throw failure.error("delete", isChange: true)
            }
            // What is gone is gone, whichever attempt did it.
            let found = try await look(id, after: failure, "delete")
            if found == nil, failure.mayHaveHappened { return }
            guard failure.isConditionFailure, let version else {
                throw failure.error("delete", isChange: true)
            }
            guard let other = try found?.number(DocumentItem.Name.version) else {
                throw BlobError.noSuchDocument(id, "delete")
            }
            guard other == version else {
                throw BlobError.versionConflict(id, found: other, version, "delete")
            }
            throw Self.changedAndBack(id, "delete")
        }
    }

    /// Writes a record, and finds out what became of it if its answer was lost.
    ///
    /// `refusal` is the error to throw for what is there in place of the record; `nil` if that does
    /// not tell.
    private func put(
        _ record: DocumentRecord,
        _ condition: Expression,
        _ operation: String,
        refusal: (AWSFailure, Item?) throws -> BlobError?
    ) async throws -> DocumentRecord {
        let write = makeWriteID()
        let item = try DocumentItem.item(
            record,
            write: write,
            operation: operation,
            limit: itemByteLimit
        )
        do {
            _ = try await client.send(
                PutItemRequest(table: table, item: item, condition: condition)
            )
            return record
        } catch let failure as AWSFailure {
            guard failure.isConditionFailure || failure.mayHaveHappened else {
                throw failure.error(operation, isChange: true)
            }
            let found = try await look(record.id, after: failure, operation)
            if let mark = try found?.text(DocumentItem.Name.write), UTF8Order.equal(mark, write) {
                return record
            }
            throw try refusal(failure, found) ?? failure.error(operation, isChange: true)
        }
    }

    /// What is there after a change failed, or its answer was lost.
    ///
    /// - Throws: The error of the change if it may have happened and nobody says what is there.
    private func look(
        _ id: DocumentID,
        after failure: AWSFailure,
        _ operation: String
    ) async throws -> Item? {
        let request = GetItemRequest(table: table, key: DocumentItem.key(id))
        if failure.isConditionFailure, !failure.mayHaveHappened {
            // Also after a single attempt: the transport itself may have sent it twice.
            return try await send(request, operation).item
        }
        // A look that only a lost answer makes necessary counts as a retry does.
        let answer = await client.aws.withinQuota { try? await client.send(request) }
        guard let answer else { throw failure.error(operation, isChange: true) }
        return answer.item
    }

    /// Why an update was refused whose condition did not hold.
    private func refusal(of record: DocumentRecord, _ found: Item?) -> BlobError {
        do {
            let current = try found.map(DocumentItem.record)
            _ = try record.replacing(current)
            return Self.changedAndBack(record.id, "update")
        } catch let error as BlobError {
            return error
        } catch {
            return Self.changedAndBack(record.id, "update")
        }
    }

    /// No record ever has the version that none can follow.
    private func refuseUpdate(_ record: DocumentRecord) async throws -> DocumentRecord {
        let item = try await send(
            GetItemRequest(table: table, key: DocumentItem.key(record.id)),
            "update"
        ).item
        throw refusal(of: record, item)
    }

    /// The condition did not hold, and a moment later it did.
    private static func changedAndBack(_ id: DocumentID, _ operation: String) -> BlobError {
        BlobError(
            .conflict,
            operation: operation,
            message: "the record \"\(id)\" was deleted and made anew meanwhile; try again"
        )
    }
}
