internal import Foundation

/// One page of the listings of two stores, merged in byte order.
///
/// What both have is told as the new store has it. A token names the place of each side: where it
/// has a page of its own to go on with, that page's token; else the last entry that was given.
struct MergedListing {
    /// Where the listing of one store goes on.
    private struct Place: Codable {
        var startAfter: String?
        var token: String?
    }

    /// Where both go on; a side that has come to its end has no place.
    private struct Places: Codable {
        var old: Place?
        var new: Place?
    }

    /// What our tokens begin with, so that another store's token is recognised.
    private static let tokenMark = "migrating:"

    private let options: ListOptions
    private let old: Side
    private let new: Side

    /// - Throws: ``BlobError`` of kind `invalidArgument`, also for a token that is not ours.
    init(old: any BlobStore, new: any BlobStore, _ options: ListOptions) throws {
        try options.validate()
        self.options = options
        var places = Places(
            old: Place(startAfter: options.startAfter),
            new: Place(startAfter: options.startAfter)
        )
        if let token = options.continuationToken {
            guard UTF8Order.hasPrefix(token, Self.tokenMark),
                let found = try? JSONDecoder().decode(
                    Places.self,
                    from: Data(token.utf8.dropFirst(Self.tokenMark.utf8.count))
                )
            else {
                throw BlobError(
                    .invalidArgument,
                    operation: "list",
                    message: "the continuation token is not from this store"
                )
            }
            places = found
        }
        self.old = Side(store: old, options: options, next: places.old)
        self.new = Side(store: new, options: options, next: places.new)
    }

    /// Reads the page.
    func page() async throws -> BlobPage {
        // The two stores have nothing to do with each other; one need not wait for the other.
        async let filledOld = self.old.filled()
        async let filledNew = self.new.filled()
        var (old, new) = (try await filledOld, try await filledNew)
        var page = BlobPage(blobs: [])
        var last: String?
        var count = 0
        while count < options.limit {
            old = try await old.filled()
            new = try await new.filled()
            guard let entry = Self.takeFirst(&old, &new) else { return page }
            switch entry {
            case .blob(let blob): page.blobs.append(blob)
            case .commonPrefix(let prefix): page.commonPrefixes.append(prefix)
            }
            last = entry.text
            count += 1
        }
        let places = Places(old: old.place(after: last), new: new.place(after: last))
        if places.old != nil || places.new != nil {
            let json = try JSONEncoder().encode(places)
            page.continuationToken = Self.tokenMark + String(decoding: json, as: UTF8.self)
        }
        return page
    }

    /// Takes the entry that comes first; one that both have, from both.
    private static func takeFirst(_ old: inout Side, _ new: inout Side) -> ListEntry? {
        guard let older = old.first else { return new.take() }
        guard let newer = new.first else { return old.take() }
        let order = UTF8Order.compare(older.text, newer.text)
        guard order >= 0 else { return old.take() }
        if order == 0 { _ = old.take() }
        return new.take()
    }
}

extension MergedListing {
    /// The listing of one store.
    private struct Side: Sendable {
        let store: any BlobStore
        let options: ListOptions
        /// Where the page after `entries` begins; `nil` at the end.
        var next: Place?
        var entries: ArraySlice<ListEntry> = []

        init(store: any BlobStore, options: ListOptions, next: Place?) {
            self.store = store
            self.options = options
            self.next = next
        }

        var first: ListEntry? { entries.first }

        mutating func take() -> ListEntry? { entries.popFirst() }

        /// The same side with an entry to take, if there is one left.
        func filled() async throws -> Side {
            var side = self
            while side.entries.isEmpty, let place = side.next {
                var options = options
                options.startAfter = place.startAfter
                options.continuationToken = place.token
                let page = try await store.list(options)
                side.next =
                    try options.advance(past: page)
                    ? Place(startAfter: place.startAfter, token: options.continuationToken) : nil
                side.entries = page.entries[...]
            }
            return side
        }

        /// Where to go on after an entry; `nil` if nothing comes after it.
        func place(after last: String?) -> Place? {
            entries.isEmpty ? next : Place(startAfter: last)
        }
    }
}
