/// Which keys a listing gives, and how many at a time.
public struct ListOptions: Sendable {
    /// The most entries of one page, on every store.
    public static let maximumLimit = 1_000

    /// The bytes that every key listed begins with.
    public var prefix: String
    /// Where keys are cut; any text but the empty one, usually `/`.
    ///
    /// All keys that share what comes up to the first delimiter after the prefix are one common
    /// prefix.
    public var delimiter: String?
    /// The listing begins with the first entry after this text, which need not be a key.
    ///
    /// A common prefix counts as an entry: after `a/b`, `a/` is not given again.
    public var startAfter: String?
    /// The most entries of a page, blobs and common prefixes together: 1 to 1,000.
    public var limit: Int
    /// The token of the page before, or `nil` for the first page.
    ///
    /// The other options must stay the same from page to page.
    public var continuationToken: String?

    /// Creates options.
    public init(
        prefix: String = "",
        delimiter: String? = nil,
        startAfter: String? = nil,
        limit: Int = ListOptions.maximumLimit,
        continuationToken: String? = nil
    ) {
        self.prefix = prefix
        self.delimiter = delimiter
        self.startAfter = startAfter
        self.limit = limit
        self.continuationToken = continuationToken
    }

    /// Throws unless the options make sense.
    ///
    /// - Parameter operation: The operation to name in the error.
    /// - Throws: ``BlobError`` of kind `invalidArgument`.
    public func validate(operation: String = "list") throws {
        guard (1...Self.maximumLimit).contains(limit) else {
            let message = "the limit is \(limit); a page has 1 to \(Self.maximumLimit) entries"
            throw BlobError(.invalidArgument, operation: operation, message: message)
        }
        if let delimiter, delimiter.isEmpty {
            let message = "the delimiter is empty; leave it out to list every key"
            throw BlobError(.invalidArgument, operation: operation, message: message)
        }
    }
}

extension ListOptions: Hashable {
    /// Compares texts as bytes, as listings do.
    public static func == (a: Self, b: Self) -> Bool {
        a.texts == b.texts && a.limit == b.limit
    }

    /// Hashes texts as bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(texts)
        hasher.combine(limit)
    }

    private var texts: [[UInt8]?] {
        [prefix, delimiter, startAfter, continuationToken].map { $0.map { Array($0.utf8) } }
    }
}
