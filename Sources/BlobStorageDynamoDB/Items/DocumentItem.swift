import BlobStorage
import Foundation

/// A record as an item of the table.
enum DocumentItem {
    /// The names of the attributes.
    enum Name {
        static let id = "id"
        static let owner = "owner"
        static let state = "state"
        /// Time of creation and id, in the order of queries: what both indexes are sorted by.
        static let order = "order"
        static let key = "key"
        static let version = "version"
        /// A mark that each change leaves, by which it is recognised if its answer was lost.
        static let write = "write"
        static let created = "created"
        static let fileName = "fileName"
        static let contentType = "contentType"
        static let byteCount = "byteCount"
        static let etag = "etag"
        static let checksum = "checksum"
        static let uploaded = "uploaded"
        static let expires = "expires"
        static let attributes = "attributes"
    }

    /// The most bytes of an item: 400 KB.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
    static let maximumByteCount = 400 << 10

    /// The key of a record's item.
    static func key(_ id: DocumentID) -> Item { [Name.id: .text(id.text)] }

    /// What both indexes sort a record by.
    static func order(_ position: DocumentPosition) -> String {
        "\(orderPrefix(position.created))\(position.id)"
    }

    /// What the orders of all records of one millisecond begin with; it sorts before all of them.
    static func orderPrefix(_ milliseconds: Int64) -> String {
        let digits = String(milliseconds)
        return String(repeating: "0", count: max(0, 15 - digits.utf8.count)) + digits + "#"
    }

    /// The position that an order stands for.
    static func position(_ order: String) throws -> DocumentPosition {
        let parts = order.utf8.split(separator: UInt8(ascii: "#"), maxSplits: 1)
        guard parts.count == 2, let created = Int64(String(decoding: parts[0], as: UTF8.self)),
            let id = try? DocumentID(String(decoding: parts[1], as: UTF8.self))
        else { throw corrupted(Name.order) }
        return DocumentPosition(created: created, id: id)
    }

    /// The item of a record.
    ///
    /// - Throws: `BlobError` of kind `tooLarge`.
    static func item(
        _ record: DocumentRecord,
        write: String,
        operation: String,
        limit: Int = maximumByteCount
    ) throws -> Item {
        var item: Item = [
            Name.id: .text(record.id.text),
            Name.owner: .text(record.owner),
            Name.state: .text(record.state.rawValue),
            Name.order: .text(order(DocumentPosition(record))),
            Name.key: .text(record.key.text),
            Name.version: .number(record.version),
            Name.write: .text(write),
            Name.created: .number(DocumentTime.milliseconds(of: record.created)),
        ]
        item[Name.fileName] = record.fileName.map { .text($0) }
        item[Name.contentType] = record.contentType.map { .text($0) }
        item[Name.byteCount] = record.byteCount.map { .number($0) }
        item[Name.etag] = record.etag.map { .text($0.text) }
        item[Name.checksum] = record.checksum.map { .text($0.description) }
        item[Name.uploaded] = record.uploaded.map { .number(DocumentTime.milliseconds(of: $0)) }
        item[Name.expires] = record.expires.map { .number(DocumentTime.milliseconds(of: $0)) }
        if !record.attributes.isEmpty {
            item[Name.attributes] = .map(record.attributes.dictionary.mapValues { .text($0) })
        }
        let byteCount = item.byteCount
        guard byteCount <= limit else {
            throw BlobError(
                .tooLarge,
                operation: operation,
                message: "the record \"\(record.id)\" has \(byteCount) bytes; DynamoDB keeps "
                    + "\(limit) of an item: keep large attributes in a blob"
            )
        }
        return item
    }

    /// The record of an item.
    ///
    /// - Throws: `BlobError` of kind `corrupted`.
    static func record(_ item: Item) throws -> DocumentRecord {
        guard let id = try? DocumentID(item.text(Name.id) ?? "") else { throw corrupted(Name.id) }
        guard let owner = try item.text(Name.owner) else { throw corrupted(Name.owner) }
        guard let key = try? BlobKey(item.text(Name.key) ?? "") else { throw corrupted(Name.key) }
        guard let state = try item.text(Name.state).flatMap({ DocumentState(rawValue: $0) }) else {
            throw corrupted(Name.state)
        }
        guard let created = try item.number(Name.created) else { throw corrupted(Name.created) }
        guard let version = try item.number(Name.version) else { throw corrupted(Name.version) }
        return DocumentRecord(
            id: id,
            owner: owner,
            key: key,
            state: state,
            created: DocumentTime.date(created),
            fileName: try item.text(Name.fileName),
            contentType: try item.text(Name.contentType),
            byteCount: try item.number(Name.byteCount),
            etag: try item.text(Name.etag).map { ETag($0) },
            checksum: try item.text(Name.checksum).map { text in
                guard let checksum = Checksum(description: text) else {
                    throw corrupted(Name.checksum)
                }
                return checksum
            },
            uploaded: try item.number(Name.uploaded).map(DocumentTime.date),
            expires: try item.number(Name.expires).map(DocumentTime.date),
            version: version,
            attributes: try attributes(item)
        )
    }

    private static func attributes(_ item: Item) throws -> DocumentAttributes {
        guard let value = item[Name.attributes] else { return DocumentAttributes() }
        guard case .map(let map) = value else { throw corrupted(Name.attributes) }
        return DocumentAttributes(
            try map.mapValues { value in
                guard case .text(let text) = value else { throw corrupted(Name.attributes) }
                return text
            }
        )
    }

    static func corrupted(_ name: String) -> BlobError {
        BlobError(
            .corrupted,
            operation: "read",
            message: "the attribute \"\(name)\" of an item is missing, or not what this version "
                + "knows"
        )
    }
}

extension [String: AttributeValue] {
    /// The text of an attribute; `nil` if there is none.
    func text(_ name: String) throws -> String? {
        guard let value = self[name] else { return nil }
        guard case .text(let text) = value else { throw DocumentItem.corrupted(name) }
        return text
    }

    /// The number of an attribute; `nil` if there is none.
    func number(_ name: String) throws -> Int64? {
        guard let value = self[name] else { return nil }
        guard case .number(let digits) = value, let number = Int64(digits) else {
            throw DocumentItem.corrupted(name)
        }
        return number
    }
}
