/// A record's place in the order of queries: newest first, and of those made in one millisecond the
/// one with the greatest id first.
///
/// It never changes, so a walk from page to page never repeats or skips a record that is there all
/// the time.
package struct DocumentPosition: Sendable, Hashable, Comparable {
    package let created: Int64
    package let id: DocumentID

    package init(created: Int64, id: DocumentID) {
        self.created = created
        self.id = id
    }

    package init(_ record: DocumentRecord) {
        self.init(created: DocumentTime.milliseconds(of: record.created), id: record.id)
    }

    /// Whether `a` comes first in a page.
    package static func < (a: Self, b: Self) -> Bool {
        a.created == b.created ? b.id < a.id : b.created < a.created
    }
}

extension DocumentQuery {
    /// What tokens begin with, so that another store's, or another version's, is recognised.
    private static let tokenMark = "documents1"

    /// The token for the page that follows a position.
    ///
    /// It holds a checksum of the conditions, so that the token of another query is refused.
    package func token(after position: DocumentPosition) -> String {
        "\(Self.tokenMark).\(fingerprint).\(position.created).\(position.id)"
    }

    /// The position after which the page begins; `nil` for the first page.
    ///
    /// - Throws: ``BlobError`` of kind `invalidArgument` if the token is none of this query's.
    package func start() throws -> DocumentPosition? {
        guard let token = continuationToken else { return nil }
        let parts = token.utf8.split(
            separator: UInt8(ascii: "."),
            maxSplits: 3,
            omittingEmptySubsequences: false
        )
        guard parts.count == 4, parts[0].elementsEqual(Self.tokenMark.utf8),
            let created = Int64(String(decoding: parts[2], as: UTF8.self)),
            let id = try? DocumentID(String(decoding: parts[3], as: UTF8.self))
        else { throw invalid("the continuation token is not from a query of records") }
        guard parts[1].elementsEqual(fingerprint.utf8) else {
            throw invalid("the continuation token is from another query")
        }
        return DocumentPosition(created: created, id: id)
    }

    /// A checksum of the conditions.
    private var fingerprint: String {
        var bytes: [UInt8] = []
        for text in [owner, state?.rawValue, keyPrefix] {
            bytes.append(text == nil ? 0 : 1)
            let count = UInt64(text?.utf8.count ?? 0)
            for shift in stride(from: 0, to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: count >> UInt64(shift)))
            }
            bytes += text.map { Array($0.utf8) } ?? []
        }
        bytes += Array("\(createdMilliseconds)".utf8)
        return Checksum.of(bytes, .crc64NVME).hex
    }
}

extension DocumentQuery: Hashable {
    /// Compares texts as bytes.
    public static func == (a: Self, b: Self) -> Bool {
        a.texts == b.texts && a.state == b.state && a.createdFrom == b.createdFrom
            && a.createdBefore == b.createdBefore && a.limit == b.limit
    }

    /// Hashes texts as bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(texts)
        hasher.combine(limit)
    }

    private var texts: [[UInt8]?] {
        [owner, keyPrefix, continuationToken].map { $0.map { Array($0.utf8) } }
    }
}
