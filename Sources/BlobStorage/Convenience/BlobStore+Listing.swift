extension BlobStore {
    /// Lists all blobs under a prefix, in byte order, a page at a time as the loop goes on.
    ///
    /// - Parameters:
    ///   - prefix: The bytes that every key listed begins with.
    ///   - startAfter: The listing begins with the first key after this text.
    /// - Returns: The blobs; nothing is asked of the store before the loop begins.
    public func list(prefix: String = "", startAfter: String? = nil) -> BlobListing {
        BlobListing(entries: ListEntries(self, ListOptions(prefix: prefix, startAfter: startAfter)))
    }

    /// Lists blobs and common prefixes together, in byte order, a page at a time as the loop goes
    /// on.
    ///
    /// - Parameters:
    ///   - prefix: The bytes that every key listed begins with.
    ///   - delimiter: Where keys are cut; usually `/`.
    ///   - startAfter: The listing begins with the first entry after this text.
    /// - Returns: The entries; nothing is asked of the store before the loop begins.
    public func list(
        prefix: String = "",
        delimiter: String,
        startAfter: String? = nil
    ) -> ListEntries {
        ListEntries(
            self,
            ListOptions(prefix: prefix, delimiter: delimiter, startAfter: startAfter)
        )
    }
}

/// The entries of a listing with a delimiter, in byte order.
public struct ListEntries: AsyncSequence, Sendable {
    private let store: any BlobStore
    private let options: ListOptions

    init(_ store: any BlobStore, _ options: ListOptions) {
        self.store = store
        self.options = options
    }

    /// Walks over the entries.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let store: any BlobStore
        private var options: ListOptions
        private var entries: [ListEntry] = []
        private var position = 0
        private var isLastPage = false

        init(_ store: any BlobStore, _ options: ListOptions) {
            self.store = store
            self.options = options
        }

        /// The next entry; `nil` at the end.
        ///
        /// - Throws: ``BlobError``, as `list` does.
        public mutating func next() async throws -> ListEntry? {
            while position == entries.count {
                guard !isLastPage else { return nil }
                let page = try await store.list(options)
                isLastPage = try !options.advance(past: page)
                entries = page.entries
                position = 0
            }
            defer { position += 1 }
            return entries[position]
        }
    }

    /// Begins to list.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(store, options)
    }
}

/// The blobs of a listing, in byte order.
public struct BlobListing: AsyncSequence, Sendable {
    fileprivate let entries: ListEntries

    /// Walks over the blobs.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var entries: ListEntries.AsyncIterator

        /// The next blob; `nil` at the end.
        ///
        /// - Throws: ``BlobError``, as `list` does.
        public mutating func next() async throws -> ListedBlob? {
            while let entry = try await entries.next() {
                if case .blob(let blob) = entry { return blob }
            }
            return nil
        }
    }

    /// Begins to list.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(entries: entries.makeAsyncIterator())
    }
}

/// An iterator belongs to the one task that lists.
@available(*, unavailable)
extension ListEntries.AsyncIterator: Sendable {}

/// An iterator belongs to the one task that lists.
@available(*, unavailable)
extension BlobListing.AsyncIterator: Sendable {}

extension ListOptions {
    /// Asks for the page after one.
    ///
    /// - Returns: `false` if that was the last one.
    /// - Throws: ``BlobError`` of kind `corrupted` if the page leads to itself: the listing would
    ///   never end.
    package mutating func advance(past page: BlobPage) throws -> Bool {
        guard let next = page.continuationToken else { return false }
        try Self.requireProgress(from: continuationToken, to: next, operation: "list")
        continuationToken = next
        return true
    }

    /// Throws if a page leads to itself.
    ///
    /// - Throws: ``BlobError`` of kind `corrupted`.
    static func requireProgress(from last: String?, to next: String, operation: String) throws {
        guard let last, UTF8Order.equal(last, next) else { return }
        let message = "the store gave the same continuation token twice"
        throw BlobError(.corrupted, operation: operation, message: message)
    }
}

extension BlobPage {
    /// Blobs and common prefixes together, in byte order.
    public var entries: [ListEntry] {
        var merged: [ListEntry] = []
        merged.reserveCapacity(blobs.count + commonPrefixes.count)
        var prefixes = commonPrefixes[...]
        for blob in blobs {
            while let prefix = prefixes.first, UTF8Order.compare(prefix, blob.key.text) < 0 {
                merged.append(.commonPrefix(prefix))
                prefixes.removeFirst()
            }
            merged.append(.blob(blob))
        }
        merged.append(contentsOf: prefixes.map { .commonPrefix($0) })
        return merged
    }
}
