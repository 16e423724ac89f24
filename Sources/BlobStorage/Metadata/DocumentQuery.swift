public import Foundation

/// Which records a query gives, and how many at a time; all conditions must hold.
public struct DocumentQuery: Sendable {
    /// The most records of one page, on every store.
    public static let maximumLimit = 1_000
    /// The usual size of a page.
    public static let defaultLimit = 100

    /// Whose records; `nil` gives everybody's.
    public var owner: String?
    /// In which state; `nil` gives all.
    public var state: DocumentState?
    /// The bytes that the keys of the blobs begin with.
    public var keyPrefix: String
    /// Only records made at this time or later, in whole milliseconds.
    public var createdFrom: Date?
    /// Only records made before this time, in whole milliseconds.
    public var createdBefore: Date?
    /// The most records of a page: 1 to 1,000.
    public var limit: Int
    /// The token of the page before, or `nil` for the first page.
    ///
    /// The conditions must stay the same from page to page; the limit may change.
    public var continuationToken: String?

    /// Creates a query; without arguments it gives every record.
    public init(
        owner: String? = nil,
        state: DocumentState? = nil,
        keyPrefix: String = "",
        createdFrom: Date? = nil,
        createdBefore: Date? = nil,
        limit: Int = DocumentQuery.defaultLimit,
        continuationToken: String? = nil
    ) {
        self.owner = owner
        self.state = state
        self.keyPrefix = keyPrefix
        self.createdFrom = createdFrom
        self.createdBefore = createdBefore
        self.limit = limit
        self.continuationToken = continuationToken
    }

    /// Throws unless the query makes sense.
    ///
    /// - Throws: ``BlobError`` of kind `invalidArgument`.
    public func validate() throws {
        guard (1...Self.maximumLimit).contains(limit) else {
            throw invalid("the limit is \(limit); a page has 1 to \(Self.maximumLimit) records")
        }
        let ownerLimit = DocumentRecord.maximumOwnerByteCount
        if let count = owner?.utf8.count, !(1...ownerLimit).contains(count) {
            throw invalid("the owner has \(count) bytes; it has 1 to \(ownerLimit)")
        }
        let prefixCount = keyPrefix.utf8.count
        guard prefixCount <= BlobKey.maximumByteCount else {
            let most = BlobKey.maximumByteCount
            throw invalid("the prefix has \(prefixCount) bytes; a key has at most \(most)")
        }
    }

    func invalid(_ message: String) -> BlobError {
        BlobError(.invalidArgument, operation: "query", message: message)
    }

    /// Whether a record meets the conditions, wherever the page begins.
    package func matches(_ record: DocumentRecord) -> Bool {
        if let owner, !UTF8Order.equal(owner, record.owner) { return false }
        if let state, state != record.state { return false }
        let created = DocumentTime.milliseconds(of: record.created)
        return createdMilliseconds.contains(created)
            && UTF8Order.hasPrefix(record.key.text, keyPrefix)
    }

    /// The times of creation that are asked for.
    package var createdMilliseconds: Range<Int64> {
        let from = createdFrom.map(DocumentTime.milliseconds(of:)) ?? .min
        let before = createdBefore.map(DocumentTime.milliseconds(of:)) ?? .max
        return from..<max(from, before)
    }
}

/// One page of a query's records, newest first.
public struct DocumentPage: Sendable, Hashable {
    /// The records: newest first by the time of creation, then by id, greatest first.
    ///
    /// A page may have fewer records than its limit, even none, and yet not be the last one.
    public var records: [DocumentRecord]
    /// What to ask for the next page with; `nil` at the end.
    public var continuationToken: String?

    /// Creates a page.
    public init(records: [DocumentRecord], continuationToken: String? = nil) {
        self.records = records
        self.continuationToken = continuationToken
    }
}
