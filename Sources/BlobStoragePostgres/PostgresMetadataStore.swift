public import BlobStorage

/// Records of documents in a table of PostgreSQL.
///
///     let store = try PostgresMetadataStore("postgresql://app@db.internal/app?sslmode=verify-full")
///     try await store.prepare()
///
/// Any number of processes on any number of machines may use one table. It can be read with any other
/// tool; only the store may write to it.
public final class PostgresMetadataStore: MetadataStore {
    /// The usual number of connections.
    public static let defaultConnectionCount = 8
    /// The most bytes of attributes on a page, after which it is cut short: 8 MiB.
    static let pageByteCount = 8 << 20
    /// How many records the first request for a page gives; each further one gives twice as many.
    static let firstSliceCount = 64
    /// How often something is asked anew since the connection broke, or others were in the way.
    private static let maximumAttemptCount = 4

    private let address: PostgresAddress
    private let schema: PostgresSchema
    private let timeout: Duration
    private let pool: PostgresPool
    let statements: DocumentStatements

    /// Creates a store over a table; nothing is opened or made yet.
    ///
    /// - Parameters:
    ///   - connectionString: Where the database is and who asks, as libpq reads it:
    ///     `postgresql://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full`, or `host=… user=…`.
    ///     What is left out comes from where libpq looks for it, such as `PGPASSWORD` and
    ///     `~/.pgpass`. It appears in no error and no description.
    ///   - table: The table's name: 1 to 40 of `a–z`, `0–9` and `_`. The connection's `search_path`
    ///     says in which schema.
    ///   - connectionCount: The most connections at once.
    ///   - timeout: How long a call waits for the server, to connect and to repeat what broke included;
    ///     the time that it takes to look up a host's name is the system's.
    /// - Throws: `BlobError` of kind `invalidArgument` for a string that can't be read, or another
    ///   name.
    public convenience init(
        _ connectionString: String,
        table: String = "documents",
        connectionCount: Int = PostgresMetadataStore.defaultConnectionCount,
        timeout: Duration = .seconds(30)
    ) throws {
        self.init(
            try PostgresAddress(connectionString),
            schema: try PostgresSchema(table: table),
            connectionCount: connectionCount,
            timeout: timeout
        )
    }

    /// Tests of migrations choose the schema.
    init(
        _ address: PostgresAddress,
        schema: PostgresSchema,
        connectionCount: Int = PostgresMetadataStore.defaultConnectionCount,
        timeout: Duration = .seconds(30)
    ) {
        self.address = address
        self.schema = schema
        statements = DocumentStatements(table: schema.table)
        self.timeout = timeout
        pool = PostgresPool(connectionCount: max(1, connectionCount)) { deadline in
            let connection = try PostgresConnection(address, deadline: deadline)
            try schema.check(connection)
            return connection
        }
    }

    /// Makes the table and its indexes if there are none; brings older ones up to date.
    ///
    /// - Throws: `BlobError` of kind `unsupported` for a table that is another application's, or of a
    ///   newer version; such a table is left as it is.
    public func prepare() async throws {
        try await calling("prepare") { deadline in
            try await pool.run(
                until: deadline,
                openingBy: { [address] in
                    try PostgresConnection(address, deadline: $0)
                }
            ) { [schema] in try schema.migrate($0) }
        }
    }

    /// Keeps a new record.
    @discardableResult
    public func insert(_ record: DocumentRecord) async throws -> DocumentRecord {
        try record.validate(operation: "insert")
        var next = record
        next.version = 1
        let mark = Self.newMark()
        let values = try DocumentRow.values(next) + [.text(mark)]
        return try await changing("insert") { [statements, next] connection, isRepeated in
            if try connection.run(statements.insert, values) == 1 { return next }
            let found = try Self.state(of: record.id, statements, connection)
            if found?.mark == mark { return next }
            // An attempt whose answer was lost may have made it, and others have changed it since.
            if isRepeated, found?.version != 1 { throw Self.unknown(record.id, "insert") }
            throw BlobError.documentExists(record.id)
        }
    }

    /// Replaces a record, if it is still the version that the change is based on.
    @discardableResult
    public func update(_ record: DocumentRecord) async throws -> DocumentRecord {
        try record.validate(operation: "update")
        var next = record
        // No record has the greatest number as its version, and one more must not overflow.
        next.version = record.version &+ 1
        let mark = Self.newMark()
        let values = try DocumentRow.values(next) + [.text(mark), .number(record.version)]
        return try await changing("update") { [statements, next] connection, isRepeated in
            if try connection.run(statements.update, values) == 1 { return next }
            let found = try Self.state(of: record.id, statements, connection)
            if found?.mark == mark { return next }
            // An attempt whose answer was lost may have been the change before the last.
            if isRepeated, found.map({ $0.version > next.version }) ?? true {
                throw Self.unknown(record.id, "update")
            }
            _ = try record.replacing(
                version: found?.version,
                created: found.map { DocumentTime.date($0.created) }
            )
            throw Self.raced(record.id, "update")
        }
    }

    /// Deletes a record; without a version it is no error if there is none.
    public func delete(_ id: DocumentID, version: Int64?) async throws {
        try await changing("delete") { [statements] connection, isRepeated in
            guard let version else {
                try connection.run(statements.delete, [.text(id.text)])
                return
            }
            let values: [ColumnValue] = [.text(id.text), .number(version)]
            if try connection.run(statements.deleteVersion, values) == 1 { return }
            guard let found = try Self.state(of: id, statements, connection) else {
                // An attempt whose answer was lost may have deleted it.
                if isRepeated { return }
                throw BlobError.noSuchDocument(id, "delete")
            }
            guard found.version == version else {
                throw BlobError.versionConflict(id, found: found.version, version, "delete")
            }
            throw Self.raced(id, "delete")
        }
    }

    /// Closes the connections: what is under way ends, and later calls throw `closed`.
    public func close() async {
        pool.close()
    }

    // MARK: Help

    /// What tells one change from all others.
    private static func newMark() -> String {
        String(UInt64.random(in: 0 ... .max), radix: 16)
            + String(UInt64.random(in: 0 ... .max), radix: 16)
    }

    private static func state(
        of id: DocumentID,
        _ statements: DocumentStatements,
        _ connection: PostgresConnection
    ) throws -> (version: Int64, created: Int64, mark: String)? {
        try connection.row(statements.selectState, [.text(id.text)]) { row in
            (try row.number(0) ?? 0, try row.number(1) ?? 0, try row.text(2) ?? "")
        }
    }

    /// What an attempt did whose answer was lost can't be told from what others did.
    private static func unknown(_ id: DocumentID, _ operation: String) -> BlobError {
        let message =
            "the answer was lost, and others have changed the record \"\(id)\" since; read it"
        return BlobError(.outcomeUnknown, operation: operation, message: message)
    }

    /// A change was asked for whose answer was lost, and what came after it does not tell.
    private static func unknown(_ error: BlobError) -> BlobError {
        BlobError(
            .outcomeUnknown,
            operation: error.operation,
            message: error.message + "; the change may have been made: read the record",
            underlying: error
        )
    }

    /// The record is the right version now, but was not a moment ago.
    private static func raced(_ id: DocumentID, _ operation: String) -> BlobError {
        let message = "the record \"\(id)\" was deleted and made anew meanwhile; try again"
        return BlobError(.conflict, operation: operation, message: message)
    }

    /// Runs a change; again if the connection broke, which is told to it.
    ///
    /// A statement that reached the server may take effect after its connection is gone. So each
    /// change can run twice: it is bound to a version, or leaves a mark by which it is known.
    private func changing<Value: Sendable>(
        _ operation: String,
        _ body: @Sendable (PostgresConnection, _ isRepeated: Bool) throws -> Value
    ) async throws -> Value {
        let askCount = Locked(0)
        return try await calling(operation, askCount) { [pool] deadline in
            try await pool.run(until: deadline) { connection in
                let isRepeated = askCount.withLock { count in
                    count += 1
                    return count > 1
                }
                return try body(connection, isRepeated)
            }
        }
    }

    /// Runs a read; again if the connection broke.
    func reading<Value: Sendable>(
        _ operation: String,
        _ body: @Sendable (PostgresConnection) throws -> Value
    ) async throws -> Value {
        try await calling(operation) { deadline in try await pool.run(until: deadline, body) }
    }

    /// - Parameters:
    ///   - operation: What is called.
    ///   - askCount: How often a change was begun on a connection.
    ///   - body: Does it, once an attempt.
    /// - Returns: What `body` returns.
    /// - Throws: `BlobError` in place of ``PostgresFailure``; what else `body` throws.
    private func calling<Value>(
        _ operation: String,
        _ askCount: Locked<Int> = Locked(0),
        _ body: (_ deadline: ContinuousClock.Instant) async throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        let deadline = ContinuousClock.now + timeout
        var mayBeDone = false
        var attempt = 1
        while true {
            let earlierCount = askCount.withLock { $0 }
            do {
                return try await body(deadline)
            } catch let failure as PostgresFailure {
                let isAsked = askCount.withLock { $0 } > earlierCount
                if failure.isLost, isAsked { mayBeDone = true }
                guard failure.isWorthAnotherAttempt, attempt < Self.maximumAttemptCount else {
                    let error = failure.error(operation, address)
                    throw mayBeDone ? Self.unknown(error) : error
                }
            } catch let error as BlobError {
                // The answer to a change tells what has become of it; that there is no connection to
                // ask again does not.
                let isAnswer = askCount.withLock { $0 } > earlierCount
                throw mayBeDone && !isAnswer ? Self.unknown(error) : error
            }
            // A server that is started anew needs a moment.
            try await Task.sleep(for: .milliseconds(20 << (2 * attempt)))
            attempt += 1
        }
    }
}
