internal import BlobStorage

/// The etags of an `If-Match` or `If-None-Match`.
///
/// - SeeAlso: RFC 9110, section 13.1
struct ETagCondition: Sendable {
    /// Whether it is `*`: whatever blob is there.
    let isAny: Bool
    /// The etags, with quotes: S3 takes them without too.
    let etags: [ETag]

    /// - Parameter text: The header; `nil` if there is none.
    init?(_ text: String?) {
        guard let text else { return nil }
        let items = text.listItems
        isAny = items == ["*"]
        etags = isAny ? [] : items.map { ETag(Self.quoted($0)) }
    }

    /// Whether a blob's etag is among them.
    func holds(for etag: ETag) -> Bool { isAny || etags.contains(etag) }

    /// The etag, if there is exactly one: that is what a store can check by itself.
    var single: ETag? { etags.count == 1 ? etags[0] : nil }

    private static func quoted(_ item: String) -> String {
        var text = item
        // A weak etag is one that a cache on the way has made of ours.
        if text.hasPrefix("W/") { text = String(text.dropFirst(2)) }
        return text.utf8.first == UInt8(ascii: "\"") ? text : "\"\(text)\""
    }
}

extension ETag {
    /// The etag that a document names, with quotes or without.
    init(quoting text: String) {
        let text = text.trimmed
        self.init(text.utf8.first == UInt8(ascii: "\"") ? text : "\"\(text)\"")
    }
}
