/// Walks over the blobs of one side of a sync, a page at a time.
struct SyncCursor {
    private var blobs: BlobListing.AsyncIterator
    private let side: String
    /// The blob that is next; `nil` at the end.
    private(set) var blob: ListedBlob?

    /// Looks the first blob up; `side` is what to call the store in an error.
    init(_ store: any BlobStore, side: String, startAfter: String?) async throws {
        blobs = store.list(startAfter: startAfter).makeAsyncIterator()
        self.side = side
        blob = try await blobs.next()
    }

    /// Goes on to the next blob.
    ///
    /// - Throws: ``BlobError`` of kind `corrupted` if it is not behind the last one: the merge would
    ///   take blobs for missing that are there, and delete their copies.
    mutating func advance() async throws {
        let next = try await blobs.next()
        if let blob, let next, next.key <= blob.key {
            throw BlobError(
                .corrupted,
                operation: "list",
                key: next.key,
                message: "the \(side) lists it after \"\(EscapedText(blob.key.text))\"; "
                    + "only listings in byte order can be compared"
            )
        }
        blob = next
    }
}
