/// What one column of a row holds, in a store of tables.
package enum ColumnValue: Sendable, Hashable {
    case null
    case number(Int64)
    case text(String)

    package init(_ number: Int64?) { self = number.map { .number($0) } ?? .null }
    package init(_ text: String?) { self = text.map { .text($0) } ?? .null }
}

/// A row of a table, as its store reads it.
package protocol ColumnReader: ~Copyable {
    /// The number in a column; `nil` for NULL.
    func number(_ column: Int32) throws -> Int64?
    /// The text in a column, with all its bytes; `nil` for NULL.
    func text(_ column: Int32) throws -> String?
}
