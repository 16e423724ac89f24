import BlobStorage
import CBlobStorageSQLite

/// A prepared statement; it goes with its connection.
final class SQLiteStatement {
    private let handle: OpaquePointer
    private let failure: (Int32) -> SQLiteFailure

    init(_ handle: OpaquePointer, failure: @escaping (Int32) -> SQLiteFailure) {
        self.handle = handle
        self.failure = failure
    }

    deinit {
        sqlite3_finalize(handle)
    }

    /// Runs the statement, row by row.
    ///
    /// - Parameters:
    ///   - values: What its question marks stand for.
    ///   - body: Takes a row; `false` ends the statement.
    /// - Throws: ``SQLiteFailure``; what `body` throws.
    func rows(_ values: [ColumnValue], _ body: (borrowing SQLiteRow) throws -> Bool) throws {
        defer {
            // What it returns is the failure of the last step, which was thrown.
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        for (index, value) in values.enumerated() { try bind(value, Int32(index + 1)) }
        while true {
            let status = sqlite3_step(handle)
            switch status {
            case SQLITE_ROW:
                guard try body(SQLiteRow(handle)) else { return }
            case SQLITE_DONE: return
            default: throw failure(status)
            }
        }
    }

    /// Runs the statement and gives what is made of its first row; `nil` if there is none.
    func row<Value>(
        _ values: [ColumnValue],
        _ body: (borrowing SQLiteRow) throws -> Value
    ) throws -> Value? {
        var value: Value?
        try rows(values) { row in
            value = try body(row)
            return false
        }
        return value
    }

    /// Runs a statement that gives no rows.
    ///
    /// - Returns: How many rows it changed.
    func run(_ values: [ColumnValue]) throws -> Int {
        try rows(values) { _ in true }
        return Int(sqlite3_changes(sqlite3_db_handle(handle)))
    }

    private func bind(_ value: ColumnValue, _ index: Int32) throws {
        let status: Int32
        switch value {
        case .null: status = sqlite3_bind_null(handle, index)
        case .number(let number): status = sqlite3_bind_int64(handle, index, number)
        case .text(var text):
            status = text.withUTF8 { bytes in
                // With its length, since NUL is a character like any other. An empty buffer may have
                // no address, which would stand for NULL.
                bytes.withMemoryRebound(to: CChar.self) { bytes in
                    sqlite3_bind_text(
                        handle,
                        index,
                        bytes.baseAddress ?? Self.nothing,
                        Int32(bytes.count),
                        Self.transient
                    )
                }
            }
        }
        guard status == SQLITE_OK else { throw failure(status) }
    }

    /// Tells SQLite to copy what it is given: `SQLITE_TRANSIENT`, a macro that Swift can't see.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// An address for a text without bytes; it is never freed.
    private nonisolated(unsafe) static let nothing: UnsafePointer<CChar> = {
        let byte = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
        byte.initialize(to: 0)
        return UnsafePointer(byte)
    }()
}

/// The row that a statement stands on.
struct SQLiteRow: ColumnReader, ~Copyable {
    private let handle: OpaquePointer

    fileprivate init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    /// A number; `nil` for NULL.
    func number(_ column: Int32) throws -> Int64? {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_NULL: return nil
        case SQLITE_INTEGER: return sqlite3_column_int64(handle, column)
        default: throw DocumentRow.wrong(column, "a number")
        }
    }

    /// A text, with all its bytes; `nil` for NULL.
    func text(_ column: Int32) throws -> String? {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_NULL: return nil
        case SQLITE_TEXT:
            // In this order, as SQLite's page on these functions wants it.
            let start = sqlite3_column_text(handle, column)
            let count = Int(sqlite3_column_bytes(handle, column))
            let bytes = UnsafeBufferPointer(start: start, count: count)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw DocumentRow.wrong(column, "UTF-8")
            }
            return text
        default: throw DocumentRow.wrong(column, "a text")
        }
    }
}
