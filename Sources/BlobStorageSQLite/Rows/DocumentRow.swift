import BlobStorage
import Foundation

/// A record as a row.
enum DocumentRow {
    /// The values of a record, in the order of ``DocumentStatements/columns``.
    static func values(_ record: DocumentRecord) throws -> [SQLiteValue] {
        let attributes = record.attributes.isEmpty ? nil : try text(record.attributes)
        return [
            .text(record.id.text),
            .text(record.owner),
            .text(record.key.text),
            .text(record.state.rawValue),
            .number(DocumentTime.milliseconds(of: record.created)),
            .number(record.version),
            SQLiteValue(record.fileName),
            SQLiteValue(record.contentType),
            SQLiteValue(record.byteCount),
            SQLiteValue(record.etag?.text),
            SQLiteValue(record.checksum?.description),
            SQLiteValue(record.uploaded.map(DocumentTime.milliseconds(of:))),
            SQLiteValue(record.expires.map(DocumentTime.milliseconds(of:))),
            SQLiteValue(attributes),
        ]
    }

    /// The record of a row.
    ///
    /// - Throws: `BlobError` of kind `corrupted`.
    static func record(_ row: borrowing SQLiteRow) throws -> DocumentRecord {
        guard let id = try row.text(0).flatMap({ try? DocumentID($0) }) else {
            throw row.wrong(0, "an id")
        }
        guard let owner = try row.text(1) else { throw row.wrong(1, "an owner") }
        guard let key = try row.text(2).flatMap({ try? BlobKey($0) }) else {
            throw row.wrong(2, "a key")
        }
        guard let state = try row.text(3).flatMap({ DocumentState(rawValue: $0) }) else {
            throw row.wrong(3, "a state that this version knows")
        }
        guard let created = try row.number(4) else { throw row.wrong(4, "a time") }
        guard let version = try row.number(5) else { throw row.wrong(5, "a version") }
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
            checksum: try checksum(row),
            uploaded: try row.number(11).map(DocumentTime.date),
            expires: try row.number(12).map(DocumentTime.date),
            version: version,
            attributes: try attributes(row)
        )
    }

    /// The checksum, kept as `algorithm:base64`.
    private static func checksum(_ row: borrowing SQLiteRow) throws -> Checksum? {
        guard let text = try row.text(10) else { return nil }
        guard let checksum = Checksum(description: text) else { throw row.wrong(10, "a checksum") }
        return checksum
    }

    /// Attributes as JSON, for whoever opens the file with another tool.
    private static func text(_ attributes: DocumentAttributes) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(attributes.dictionary), as: UTF8.self)
    }

    private static func attributes(_ row: borrowing SQLiteRow) throws -> DocumentAttributes {
        guard let text = try row.text(13) else { return DocumentAttributes() }
        guard
            let values = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        else { throw row.wrong(13, "attributes") }
        return DocumentAttributes(values)
    }
}
