/// Makes a page of a listing out of keys that come in order.
///
/// The rules of listings stand here once, for every store that knows its keys in order: prefix,
/// delimiter, where a page begins and ends. An entry's text is its key or its common prefix, and a
/// page begins with the first entry after ``ListOptions/startAfter`` or after the page before.
package struct PageBuilder {
    /// What the store does next.
    package enum Step {
        /// Offer the next key.
        case advance
        /// Offer the first key that is not before a place.
        case seek(ListPosition)
        /// Offer no more.
        case finish
    }

    /// Where to look for the first key.
    package let start: ListPosition

    private let options: ListOptions
    private let floor: String?
    private var blobs: [ListedBlob] = []
    private var commonPrefixes: [String] = []
    private var lastText = ""
    private var hasMore = false

    /// - Throws: ``BlobError`` of kind `invalidArgument`.
    package init(_ options: ListOptions) throws {
        try options.validate()
        self.options = options
        var floor = options.startAfter
        if let token = options.continuationToken {
            let text = try Self.text(ofToken: token)
            if floor.map({ UTF8Order.compare($0, text) < 0 }) ?? true { floor = text }
        }
        self.floor = floor
        if let floor, UTF8Order.compare(floor, options.prefix) >= 0 {
            start = Self.commonPrefix(of: floor, options).map { .past($0) } ?? .after(floor)
        } else {
            start = .atLeast(options.prefix)
        }
    }

    /// Takes the next key in order.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - describe: Looks the blob up; gives `nil` if it is gone. Only asked where the page needs
    ///     it.
    /// - Returns: What to offer next.
    /// - Throws: What `describe` throws.
    package mutating func offer(
        _ key: BlobKey,
        _ describe: () throws -> ListedBlob?
    ) rethrows -> Step {
        guard UTF8Order.hasPrefix(key.text, options.prefix) else { return .finish }
        if let prefix = Self.commonPrefix(of: key.text, options) {
            if let floor, UTF8Order.compare(prefix, floor) <= 0 { return .seek(.past(prefix)) }
            guard !isFull() else { return .finish }
            commonPrefixes.append(prefix)
            lastText = prefix
            return .seek(.past(prefix))
        }
        guard let blob = try describe() else { return .advance }
        guard !isFull() else { return .finish }
        blobs.append(blob)
        lastText = key.text
        return .advance
    }

    /// The page, when the store has no more keys or was told to finish.
    package func page() -> BlobPage {
        BlobPage(
            blobs: blobs,
            commonPrefixes: commonPrefixes,
            continuationToken: hasMore ? Self.tokenMark + lastText : nil
        )
    }

    private mutating func isFull() -> Bool {
        hasMore = blobs.count + commonPrefixes.count == options.limit
        return hasMore
    }

    /// The text up to and with the first delimiter after the prefix; `nil` if there is none.
    private static func commonPrefix(of text: String, _ options: ListOptions) -> String? {
        guard let delimiter = options.delimiter, UTF8Order.hasPrefix(text, options.prefix),
            let range = UTF8Order.firstRange(
                of: delimiter,
                in: text,
                from: options.prefix.utf8.count
            )
        else { return nil }
        return UTF8Order.prefix(of: text, count: range.upperBound)
    }

    /// What our tokens begin with, so that another store's token is recognised.
    private static let tokenMark = "after:"

    private static func text(ofToken token: String) throws -> String {
        guard UTF8Order.hasPrefix(token, tokenMark) else {
            throw BlobError(
                .invalidArgument,
                operation: "list",
                message: "the continuation token is not from this store"
            )
        }
        return String(decoding: token.utf8.dropFirst(tokenMark.utf8.count), as: UTF8.self)
    }
}
