import BlobStorage
import CBlobStoragePostgres

extension ColumnValue {
    /// The value as PostgreSQL reads it; `nil` for NULL.
    var postgresText: String? {
        switch self {
        case .null: nil
        case .number(let number): "\(number)"
        case .text(let text): PostgresText.kept(text)
        }
    }
}

/// One row of an answer.
struct PostgresRow: ColumnReader, ~Copyable {
    private let result: OpaquePointer

    init(_ result: OpaquePointer) {
        self.result = result
    }

    func number(_ column: Int32) throws -> Int64? {
        guard let kept = try kept(column) else { return nil }
        guard let number = Int64(kept) else { throw DocumentRow.wrong(column, "a number") }
        return number
    }

    func text(_ column: Int32) throws -> String? {
        guard let kept = try kept(column) else { return nil }
        guard let text = PostgresText.text(kept) else {
            throw DocumentRow.wrong(column, "a text that a record can have")
        }
        return text
    }

    private func kept(_ column: Int32) throws -> String? {
        guard PQgetisnull(result, 0, column) == 0 else { return nil }
        let bytes = UnsafeRawBufferPointer(
            start: PQgetvalue(result, 0, column),
            count: Int(PQgetlength(result, 0, column))
        )
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw DocumentRow.wrong(column, "UTF-8")
        }
        return text
    }
}
