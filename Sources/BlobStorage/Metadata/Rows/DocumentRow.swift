internal import Foundation

/// A record as a row of a table.
package enum DocumentRow {
    /// The columns, in the order of the values.
    package static let columns = [
        "id", "owner", "key", "state", "created", "version", "file_name", "content_type",
        "byte_count", "etag", "checksum", "uploaded", "expires", "attributes",
    ]

    /// The values of a record.
    package static func values(_ record: DocumentRecord) throws -> [ColumnValue] {
        let attributes = record.attributes.isEmpty ? nil : try text(record.attributes)
        return [
            .text(record.id.text),
            .text(record.owner),
            .text(record.key.text),
            .text(record.state.rawValue),
            .number(DocumentTime.milliseconds(of: record.created)),
            .number(record.version),
            ColumnValue(record.fileName),
            ColumnValue(record.contentType),
            ColumnValue(record.byteCount),
            ColumnValue(record.etag?.text),
            ColumnValue(record.checksum?.description),
            ColumnValue(record.uploaded.map(DocumentTime.milliseconds(of:))),
            ColumnValue(record.expires.map(DocumentTime.milliseconds(of:))),
            ColumnValue(attributes),
        ]
    }

    /// The record of a row, whose first columns are ``columns``.
    ///
    /// - Throws: ``BlobError`` of kind `corrupted`.
    package static func record(
        _ row: borrowing some ColumnReader & ~Copyable
    ) throws -> DocumentRecord {
        guard let id = try row.text(0).flatMap({ try? DocumentID($0) }) else {
            throw wrong(0, "an id")
        }
        guard let owner = try row.text(1) else { throw wrong(1, "an owner") }
        guard let key = try row.text(2).flatMap({ try? BlobKey($0) }) else {
            throw wrong(2, "a key")
        }
        guard let state = try row.text(3).flatMap({ DocumentState(rawValue: $0) }) else {
            throw wrong(3, "a state that this version knows")
        }
        guard let created = try row.number(4) else { throw wrong(4, "a time") }
        guard let version = try row.number(5) else { throw wrong(5, "a version") }
        return DocumentRecord(
            id: id,
            owner: owner,
            key: key,
            state: state,
            created: DocumentTime.date(created),
            fileName: try row.text(6),
            contentType: try row.text(7),
            byteCount: try row.number(8),
            etag: try row.text(9).map { ETag($0) },
            checksum: try checksum(row.text(10)),
            uploaded: try row.number(11).map(DocumentTime.date),
            expires: try row.number(12).map(DocumentTime.date),
            version: version,
            attributes: try attributes(row.text(13))
        )
    }

    /// The error of a column that holds something else.
    ///
    /// - Parameters:
    ///   - column: Which one.
    ///   - expected: What it should hold.
    /// - Returns: One of kind `corrupted`.
    package static func wrong(_ column: Int32, _ expected: String) -> BlobError {
        let isKnown = columns.indices.contains(Int(column))
        let name = isKnown ? columns[Int(column)] : "\(column)"
        return BlobError(
            .corrupted,
            operation: "read",
            message: "the column \(name) of a record does not hold \(expected)"
        )
    }

    /// The checksum, kept as `algorithm:base64`.
    private static func checksum(_ text: String?) throws -> Checksum? {
        guard let text else { return nil }
        guard let checksum = Checksum(description: text) else { throw wrong(10, "a checksum") }
        return checksum
    }

    /// Attributes as JSON, for whoever opens the database with another tool; it has no NUL in it.
    private static func text(_ attributes: DocumentAttributes) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(attributes.dictionary), as: UTF8.self)
    }

    private static func attributes(_ text: String?) throws -> DocumentAttributes {
        guard let text else { return DocumentAttributes() }
        guard
            let values = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        else { throw wrong(13, "attributes") }
        return DocumentAttributes(values)
    }
}
