import BlobStorage
import CBlobStoragePostgres
import Glibc

/// One connection to a server.
///
/// `@unchecked Sendable`: it is used by one job at a time; ``PostgresPool`` sees to that. Calls block
/// their thread, but not for longer than the deadline, and end soon after their task is cancelled; only
/// for the addresses of a host's name libpq waits as long as the system does.
final class PostgresConnection: @unchecked Sendable {
    /// How often a wait looks whether its task was cancelled, in milliseconds.
    private static let cancellationTick: Int32 = 50

    private let handle: OpaquePointer
    /// When waiting for the server ends.
    var deadline: ContinuousClock.Instant
    /// Whether what the server says next is the answer to the next question.
    private(set) var isInStep = true

    /// Connects.
    ///
    /// - Throws: ``PostgresFailure``; `BlobError` of kind `unsupported` for a database that does not
    ///   hold Unicode; `CancellationError`.
    init(_ address: PostgresAddress, deadline: ContinuousClock.Instant) throws {
        // What comes later counts more: the string can't choose another encoding, but how long the
        // system tries to reach a host, in milliseconds, after which libpq goes on to the next one.
        let options = [
            ("tcp_user_timeout", "10000"), ("dbname", address.text), ("client_encoding", "UTF8"),
            ("fallback_application_name", "swift-blob-storage"),
        ]
        let handle = Self.withTexts(options.map(\.0)) { names in
            Self.withTexts(options.map(\.1)) { values in PQconnectStartParams(names, values, 1) }
        }
        guard let handle else { throw Self.outOfMemory }
        self.handle = handle
        self.deadline = deadline
        // It would print what servers remark.
        PQsetNoticeReceiver(handle, { _, _ in }, nil)
        // Of a refusal to connect there is a text alone; so that it tells the code, too.
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        try connect()
        try checkEncoding()
    }

    deinit {
        PQfinish(handle)
    }

    private func connect() throws {
        guard PQstatus(handle) != CONNECTION_BAD else { throw lastFailure }
        var wish = PGRES_POLLING_WRITING
        while wish != PGRES_POLLING_OK {
            guard wish != PGRES_POLLING_FAILED else {
                throw PostgresFailure(refusal: Self.line(PQerrorMessage(handle)))
            }
            try wait(for: wish == PGRES_POLLING_READING ? POLLIN : POLLOUT)
            wish = PQconnectPoll(handle)
        }
        guard PQsetnonblocking(handle, 1) == 0 else { throw lastFailure }
    }

    private func checkEncoding() throws {
        let encoding = PQparameterStatus(handle, "server_encoding").map { String(cString: $0) }
        guard encoding == "UTF8" else {
            throw BlobError(
                .unsupported,
                operation: "postgres",
                message:
                    "the database has the encoding \(encoding ?? "unknown"), which does not hold "
                    + "every text; create one WITH ENCODING 'UTF8'"
            )
        }
    }

    /// Whether a connection that has been idle still leads to its server.
    var isAlive: Bool {
        guard isInStep else { return false }
        var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        // Nothing was asked, so what is there is the news of the server's end, or that it is gone.
        return poll(&descriptor, 1, 0) == 0
    }

    // MARK: Statements

    /// Runs one statement, row by row.
    ///
    /// - Parameters:
    ///   - sql: The statement; `$1` and so on stand for values.
    ///   - values: What they stand for.
    ///   - body: Takes a row; after `false` the rest is passed over.
    /// - Returns: How many rows were changed, or given.
    /// - Throws: ``PostgresFailure``; what `body` throws; `CancellationError`, after which the
    ///   connection is of no use.
    @discardableResult
    func rows(
        _ sql: String,
        _ values: [ColumnValue] = [],
        _ body: (borrowing PostgresRow) throws -> Bool
    ) throws -> Int {
        // Nothing is sent for a task that was cancelled while it waited for a thread.
        try Task.checkCancellation()
        isInStep = false
        let isSent = Self.withTexts(values.map(\.postgresText)) { texts in
            PQsendQueryParams(handle, sql, Int32(values.count), nil, texts, nil, nil, 0)
        }
        // One by one, or libpq would keep all rows in memory.
        guard isSent == 1, PQsetSingleRowMode(handle) == 1 else { throw lastFailure }
        try flush()
        var count = 0
        var failure: (any Error)?
        var wantsMore = true
        while let result = try nextResult() {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_SINGLE_TUPLE:
                count += 1
                guard wantsMore, failure == nil else { continue }
                do {
                    wantsMore = try body(PostgresRow(result))
                } catch {
                    failure = error
                }
            case PGRES_TUPLES_OK: break
            case PGRES_COMMAND_OK: count = Int(String(cString: PQcmdTuples(result))) ?? 0
            default: failure = failure ?? self.failure(of: result)
            }
        }
        // After a failover the next connection leads to the server that takes changes.
        let isOfStandby = (failure as? PostgresFailure)?.isOfStandby ?? false
        isInStep = PQstatus(handle) == CONNECTION_OK && !isOfStandby
        if let failure { throw failure }
        return count
    }

    /// Runs a statement and gives what is made of its first row; `nil` if there is none.
    func row<Value>(
        _ sql: String,
        _ values: [ColumnValue] = [],
        _ body: (borrowing PostgresRow) throws -> Value
    ) throws -> Value? {
        var value: Value?
        try rows(sql, values) { row in
            value = try body(row)
            return false
        }
        return value
    }

    /// Runs a statement that gives no rows.
    ///
    /// - Returns: How many rows it changed.
    @discardableResult
    func run(_ sql: String, _ values: [ColumnValue] = []) throws -> Int {
        try rows(sql, values) { _ in true }
    }

    /// Runs statements of which all take effect or none.
    func transaction<Value>(_ body: () throws -> Value) throws -> Value {
        // Each statement sees what others did before it began, also after it has waited.
        try run("BEGIN ISOLATION LEVEL READ COMMITTED")
        let value: Value
        do {
            value = try body()
        } catch {
            // If that fails too, the connection goes, and the transaction with it.
            if isInStep { _ = try? run("ROLLBACK") }
            throw error
        }
        try run("COMMIT")
        return value
    }

    // MARK: Waiting

    private func flush() throws {
        while true {
            switch PQflush(handle) {
            case 0: return
            case 1:
                // A server that is full of answers takes no more until they are read.
                try wait(for: POLLIN | POLLOUT)
                guard PQconsumeInput(handle) == 1 else { throw lastFailure }
            default: throw lastFailure
            }
        }
    }

    /// - Returns: The next part of the answer, to be cleared; `nil` at its end.
    private func nextResult() throws -> OpaquePointer? {
        while PQisBusy(handle) == 1 {
            // Bytes that TLS has read already don't show on the socket: a look every tick finds them.
            _ = try waitOneTick(for: POLLIN)
            guard PQconsumeInput(handle) == 1 else { throw lastFailure }
        }
        return PQgetResult(handle)
    }

    private func wait(for events: Int32) throws {
        while try !waitOneTick(for: events) {}
    }

    /// - Returns: Whether one of the events is there.
    private func waitOneTick(for events: Int32) throws -> Bool {
        try Task.checkCancellation()
        let left = deadline - .now
        guard left > .zero else {
            throw PostgresFailure(
                state: "",
                message: "no answer within the time allowed",
                isLost: true,
                isTimeout: true
            )
        }
        let tick = left < .milliseconds(Int(Self.cancellationTick)) ? 1 : Self.cancellationTick
        var descriptor = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
        let status = poll(&descriptor, 1, tick)
        guard status >= 0 || errno == EINTR else {
            let error = SystemError.last("poll")
            throw BlobError(error, operation: "postgres", doing: "the connection broke")
        }
        return status > 0
    }

    // MARK: Failures

    private static let outOfMemory = PostgresFailure(
        state: "",
        message: "out of memory",
        isLost: false
    )

    /// What libpq itself says: the connection can't be made, or is gone.
    private var lastFailure: PostgresFailure {
        PostgresFailure(
            state: "",
            message: Self.line(PQerrorMessage(handle)),
            isLost: true
        )
    }

    private func failure(of result: OpaquePointer) -> PostgresFailure {
        func field(_ name: Character) -> String? {
            PQresultErrorField(result, Int32(name.asciiValue ?? 0)).map { Self.line($0) }
        }
        let state = field("C") ?? ""
        // The server, or the library in its place, told why before it hung up.
        let isLost = PQstatus(handle) != CONNECTION_OK || state.hasPrefix("57P")
        let message = field("M") ?? Self.line(PQresultErrorMessage(result))
        return PostgresFailure(state: state, message: message, isLost: isLost)
    }

    private static func line(_ text: UnsafePointer<CChar>?) -> String {
        guard let text else { return "" }
        let lines = String(cString: text).split { $0.isNewline }
        return lines.map { $0.drop { $0.isWhitespace } }.joined(separator: "; ")
    }

    /// Gives an array of C's texts, with NULL for `nil` and at the end, as long as `body` runs.
    private static func withTexts<Value>(
        _ texts: [String?],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?) throws -> Value
    ) rethrows -> Value {
        let copies = texts.map { $0.map { strdup($0) } ?? nil }
        defer { for copy in copies { free(copy) } }
        let pointers = copies.map { UnsafePointer($0) } + [nil]
        return try pointers.withUnsafeBufferPointer { try body($0.baseAddress) }
    }
}
