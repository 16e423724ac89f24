public import BlobStorage
import CBlobStorageSQLite
import Glibc

/// Records of documents in one file of SQLite.
///
///     let store = SQLiteMetadataStore(path: "/var/lib/app/documents.sqlite")
///     try await store.prepare()
///
/// Several processes may use one file at once, on one machine: SQLite's log in shared memory does
/// not work over a network's file system. Beside the file SQLite keeps two more, with `-wal` and
/// `-shm` at the end of their names; they belong to it.
public final class SQLiteMetadataStore: MetadataStore {
    /// The usual number of reads at once.
    public static let defaultReaderCount = 4
    /// The most bytes of attributes on a page, after which it is cut short: 8 MiB.
    static let pageByteCount = 8 << 20

    private let path: String
    private let durability: Durability
    private let schema: SQLiteSchema
    private let maximumPageCount: Int?
    private let busyTimeout: Duration
    private let pool: SQLitePool

    /// Creates a store over a file; nothing is opened or made yet.
    ///
    /// - Parameters:
    ///   - path: The file's path.
    ///   - durability: When a change counts as done. With `relaxed`, a power cut may take back the
    ///     last changes, in their order; the file stays whole.
    ///   - busyTimeout: How long a call waits for other processes that write.
    ///   - readerCount: The most reads at once.
    public convenience init(
        path: String,
        durability: Durability = .full,
        busyTimeout: Duration = .seconds(10),
        readerCount: Int = SQLiteMetadataStore.defaultReaderCount
    ) {
        self.init(
            path: path,
            durability: durability,
            busyTimeout: busyTimeout,
            readerCount: readerCount,
            schema: .current
        )
    }

    /// Tests of migrations choose the schema, tests of full disks how many pages of 4 KiB the file
    /// may have.
    init(
        path: String,
        durability: Durability = .full,
        busyTimeout: Duration = .seconds(10),
        readerCount: Int = SQLiteMetadataStore.defaultReaderCount,
        schema: SQLiteSchema,
        maximumPageCount: Int? = nil
    ) {
        self.path = path
        self.durability = durability
        self.schema = schema
        self.maximumPageCount = maximumPageCount
        self.busyTimeout = busyTimeout
        let synchronous = durability == .full ? "FULL" : "NORMAL"
        pool = SQLitePool(readerCount: max(1, readerCount), busyTimeout: busyTimeout) { access in
            let connection = try SQLiteConnection(path: path, access)
            connection.wait(atMost: busyTimeout)
            try schema.check(connection, path: path)
            try Self.useLog(connection, timeout: busyTimeout)
            try connection.run("PRAGMA synchronous = \(synchronous)")
            try connection.run("PRAGMA trusted_schema = OFF")
            if access == .read { try connection.run("PRAGMA query_only = ON") }
            if let maximumPageCount {
                try connection.run("PRAGMA max_page_count = \(maximumPageCount)")
            }
            return connection
        }
    }

    /// Makes the file, and the folders above it, if there is none; brings an older one up to date.
    ///
    /// - Throws: `BlobError` of kind `unsupported` for a file that is another application's, or of a
    ///   newer version; such a file is left as it is.
    public func prepare() async throws {
        try await calling("prepare") {
            try await pool.prepare { [path, schema, busyTimeout] in
                try DatabaseFolder.make(above: path)
                let connection = try SQLiteConnection(path: path, .create)
                connection.wait(atMost: busyTimeout)
                try schema.migrate(connection, path: path)
                try Self.useLog(connection, timeout: busyTimeout)
            }
        }
    }

    /// Switches a file to the log that lets readers and a writer work side by side.
    ///
    /// SQLite does not wait for other connections here, so we do.
    private static func useLog(_ connection: SQLiteConnection, timeout: Duration) throws {
        let deadline = ContinuousClock.now + timeout
        while true {
            do {
                return try connection.run("PRAGMA journal_mode = WAL")
            } catch let failure as SQLiteFailure
                where failure.primaryCode == SQLITE_BUSY && ContinuousClock.now < deadline
            {
                try Task.checkCancellation()
                usleep(5_000)
            }
        }
    }

    /// Keeps a new record.
    @discardableResult
    public func insert(_ record: DocumentRecord) async throws -> DocumentRecord {
        try record.validate(operation: "insert")
        var next = record
        next.version = 1
        let values = try DocumentRow.values(next)
        let isNew = try await write("insert") { connection in
            try connection.statement(DocumentStatements.insert).run(values) == 1
        }
        guard isNew else { throw BlobError.documentExists(record.id) }
        return next
    }

    /// Replaces a record, if it is still the version that the change is based on.
    @discardableResult
    public func update(_ record: DocumentRecord) async throws -> DocumentRecord {
        try record.validate(operation: "update")
        return try await write("update") { connection in
            let found = try Self.version(of: record.id, connection)
            let next = try record.replacing(
                version: found?.version,
                created: found.map { DocumentTime.date($0.created) }
            )
            let values = try DocumentRow.values(next) + [.text(record.id.text)]
            _ = try connection.statement(DocumentStatements.update).run(values)
            return next
        }
    }

    /// Deletes a record; without a version it is no error if there is none.
    public func delete(_ id: DocumentID, version: Int64?) async throws {
        try await write("delete") { connection in
            if let version {
                guard let found = try Self.version(of: id, connection)?.version else {
                    throw BlobError.noSuchDocument(id, "delete")
                }
                guard found == version else {
                    throw BlobError.versionConflict(id, found: found, version, "delete")
                }
            }
            _ = try connection.statement(DocumentStatements.delete).run([.text(id.text)])
        }
    }

    /// Closes the file: what is under way ends, and later calls throw `closed`.
    public func close() async {
        await pool.close()
    }

    private static func version(
        of id: DocumentID,
        _ connection: SQLiteConnection
    ) throws -> (version: Int64, created: Int64)? {
        try connection.statement(DocumentStatements.selectVersion).row([.text(id.text)]) { row in
            (try row.number(0) ?? 0, try row.number(1) ?? 0)
        }
    }

    private func write<Value: Sendable>(
        _ operation: String,
        _ body: @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        try await calling(operation) {
            try await pool.write { connection in
                try connection.transaction { try body(connection) }
            }
        }
    }

    func read<Value: Sendable>(
        _ operation: String,
        _ body: @Sendable (SQLiteConnection) throws -> Value
    ) async throws -> Value {
        try await calling(operation) { try await pool.read(body) }
    }

    /// Makes a `BlobError` of what SQLite says.
    private func calling<Value>(
        _ operation: String,
        _ body: () async throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        do {
            return try await body()
        } catch let failure as SQLiteFailure {
            // Whoever was cancelled stopped waiting for the file.
            if failure.primaryCode == SQLITE_BUSY { try Task.checkCancellation() }
            if failure.primaryCode == SQLITE_CANTOPEN,
                access(path, F_OK) != 0, operation != "prepare"
            {
                throw BlobError(
                    .storeNotFound,
                    operation: operation,
                    message: "there is no file \"\(EscapedText(path))\"; prepare() makes it"
                )
            }
            throw failure.error(operation, path: path)
        }
    }
}
