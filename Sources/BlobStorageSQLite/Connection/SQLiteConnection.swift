import BlobStorage
import CBlobStorageSQLite
import Glibc

/// One connection to a database file, with its prepared statements.
///
/// `@unchecked Sendable`: SQLite is told not to lock, and the connection is used by one job at a
/// time; ``SQLitePool`` sees to that.
final class SQLiteConnection: @unchecked Sendable {
    /// What a connection is opened for.
    enum Access: Sendable {
        case create
        case write
        case read
    }

    /// How long the first wait for another writer is.
    private static let shortestWait: UInt32 = 200
    /// How long the longest wait for another writer is, in microseconds.
    private static let longestWait: UInt32 = 10_000

    private let database: OpaquePointer
    private var statements: [String: SQLiteStatement] = [:]
    /// When waiting for other writers ends.
    private var deadline = ContinuousClock.now

    /// - Throws: ``SQLiteFailure``
    init(path: String, _ access: Access) throws {
        var flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        if access == .create { flags |= SQLITE_OPEN_CREATE }
        var handle: OpaquePointer?
        // A path that begins with "file:" must stay a path; SQLite looks for URIs only if told so.
        let status = sqlite3_open_v2(path, &handle, flags, nil)
        guard let handle else {
            throw SQLiteFailure(code: SQLITE_NOMEM, message: "out of memory", systemCode: 0)
        }
        database = handle
        // A handle comes with a failure, too; `deinit` closes it, which runs from here on.
        guard status == SQLITE_OK else { throw failure(status) }
        // Handed over unretained: the connection closes the database before it goes.
        let reference = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_busy_handler(
            handle,
            { reference, count in
                guard let reference else { return 0 }
                let connection = Unmanaged<SQLiteConnection>.fromOpaque(reference)
                return connection.takeUnretainedValue().waitsAgain(count) ? 1 : 0
            },
            reference
        )
    }

    deinit {
        statements.removeAll()
        sqlite3_close_v2(database)
    }

    /// Allows calls from now on to wait for other writers.
    func wait(atMost timeout: Duration) {
        deadline = ContinuousClock.now + timeout
    }

    /// Waits a little for another writer.
    ///
    /// - Returns: Whether to try again.
    private func waitsAgain(_ count: Int32) -> Bool {
        guard ContinuousClock.now < deadline, !Task.isCancelled else { return false }
        let bound = min(Self.longestWait, Self.shortestWait << UInt32(min(count, 6)))
        usleep(UInt32.random(in: bound / 2...bound))
        return true
    }

    /// Runs statements that give nothing.
    func run(_ sql: String) throws {
        let status = sqlite3_exec(database, sql, nil, nil, nil)
        guard status == SQLITE_OK else { throw failure(status) }
    }

    /// A statement, prepared once and kept.
    func statement(_ sql: String) throws -> SQLiteStatement {
        if let statement = statements[sql] { return statement }
        var handle: OpaquePointer?
        let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
        let status = sqlite3_prepare_v3(database, sql, -1, flags, &handle, nil)
        guard status == SQLITE_OK, let handle else { throw failure(status) }
        let statement = SQLiteStatement(handle, failure: { [unowned self] in self.failure($0) })
        statements[sql] = statement
        return statement
    }

    /// The number that a statement such as `PRAGMA user_version` gives.
    func number(_ sql: String) throws -> Int64 {
        try statement(sql).row([]) { try $0.number(0) ?? 0 } ?? 0
    }

    /// Runs a change as one: all of it, or nothing.
    ///
    /// The lock is taken at the beginning, so that what the change reads stays true.
    func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        _ = try statement("BEGIN IMMEDIATE").run([])
        do {
            let result = try body()
            try commit()
            return result
        } catch {
            // SQLite has rolled back by itself after some failures, such as a full disk.
            if sqlite3_get_autocommit(database) == 0 { try? run("ROLLBACK") }
            throw error
        }
    }

    /// Runs reads that all see the file as it was at one moment.
    func snapshot<Result>(_ body: () throws -> Result) throws -> Result {
        _ = try statement("BEGIN").run([])
        // It ends a transaction that has changed nothing: there is nothing to lose.
        defer { try? run("ROLLBACK") }
        return try body()
    }

    private func commit() throws {
        do {
            _ = try statement("COMMIT").run([])
        } catch var failure as SQLiteFailure {
            failure.isCommit = true
            throw failure
        }
    }

    /// What SQLite says of a call that failed.
    private func failure(_ status: Int32) -> SQLiteFailure {
        let primary = status & 0xFF
        let isSystem = [SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_FULL].contains(primary)
        return SQLiteFailure(
            code: status,
            message: String(cString: sqlite3_errmsg(database)),
            systemCode: isSystem ? sqlite3_system_errno(database) : 0
        )
    }
}
