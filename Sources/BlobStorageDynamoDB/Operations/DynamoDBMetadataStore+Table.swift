import BlobStorage
import BlobStorageAWS

extension DynamoDBMetadataStore {
    /// How long to wait before asking again whether the table is ready.
    private static let firstPollDelay = Duration.milliseconds(100)
    private static let longestPollDelay = Duration.seconds(5)

    /// Makes the table, billed on demand, and its two indexes, if they are not there, and waits until
    /// they are ready.
    ///
    /// A new table takes some seconds; an index on a table with many items takes longer.
    ///
    /// - Throws: `BlobError` of kind `unsupported` if there is another kind of table of that name,
    ///   `timedOut` if it is not ready in time.
    public func prepare() async throws {
        let deadline = client.time.uptime() + configuration.prepareTimeout
        var delay = Self.firstPollDelay
        while true {
            if try await stepTowardsReadiness() { return }
            guard client.time.uptime() + delay < deadline else {
                throw BlobError(
                    .timedOut,
                    operation: "prepare",
                    message: "the table \"\(table)\" was not ready in time; it may be later"
                )
            }
            try await client.time.sleep(delay)
            delay = min(delay * 2, Self.longestPollDelay)
        }
    }

    /// Looks at the table, and makes what is missing next.
    ///
    /// - Returns: Whether everything is ready.
    private func stepTowardsReadiness() async throws -> Bool {
        guard let found = try await describe() else {
            try await attempt(
                CreateTableRequest(
                    table: table,
                    keys: TableSchema.keys,
                    attributes: TableSchema.attributes(
                        TableSchema.keys + TableSchema.indexes.flatMap(\.keys)
                    ),
                    indexes: TableSchema.indexes
                )
            )
            return false
        }
        try check(found)
        guard found.status == "ACTIVE" else { return false }
        let indexes = found.indexes ?? []
        // DynamoDB makes one index at a time.
        guard indexes.allSatisfy({ $0.status ?? "ACTIVE" == "ACTIVE" }) else { return false }
        let missing = TableSchema.indexes.first { wanted in
            !indexes.contains { $0.name == wanted.name }
        }
        guard let missing else { return true }
        try await attempt(
            UpdateTableRequest(
                table: table,
                attributes: TableSchema.attributes(missing.keys),
                changes: [UpdateTableRequest.Change(create: missing)]
            )
        )
        return false
    }

    private func describe() async throws -> DescribeTableRequest.Table? {
        do {
            return try await client.send(DescribeTableRequest(table: table)).table
        } catch let failure as AWSFailure {
            if failure.answer?.code == "ResourceNotFoundException" { return nil }
            throw failure.error("prepare", isChange: false)
        }
    }

    /// Sends a change of the table; that somebody else is faster, or that too much is under way, shows
    /// at the next look.
    private func attempt(_ request: some DynamoDBRequest) async throws {
        do {
            _ = try await client.send(request)
        } catch let failure as AWSFailure {
            let passing = ["ResourceInUseException", "LimitExceededException"]
            if let code = failure.answer?.code, passing.contains(code) { return }
            // An answer that was lost: the next look tells.
            if failure.mayHaveHappened { return }
            throw failure.error("prepare", isChange: true)
        }
    }

    private func check(_ found: DescribeTableRequest.Table) throws {
        var isOurs = found.keys.map { Set($0) == Set(TableSchema.keys) } ?? true
        for wanted in TableSchema.indexes {
            guard let index = found.indexes?.first(where: { $0.name == wanted.name }) else {
                continue
            }
            isOurs = isOurs && Set(index.keys) == Set(wanted.keys)
        }
        guard !isOurs else { return }
        throw BlobError(
            .unsupported,
            operation: "prepare",
            message: "the table \"\(table)\" has other keys than a table of records; choose "
                + "another name"
        )
    }
}
