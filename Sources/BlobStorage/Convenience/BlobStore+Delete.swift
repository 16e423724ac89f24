extension BlobStore {
    /// Deletes a blob; it is no error if there is none.
    ///
    /// - Parameter key: The blob to delete.
    /// - Throws: ``BlobError`` if the store can't be changed.
    public func delete(_ key: BlobKey) async throws {
        try await delete(key, options: DeleteOptions())
    }

    /// Deletes every blob under a prefix, a page at a time.
    ///
    /// Blobs that are written meanwhile may stay.
    ///
    /// - Parameter prefix: The bytes that every key to delete begins with; empty for all keys.
    /// - Returns: How many blobs were deleted.
    /// - Throws: The first failure to delete a blob, after the page it is on; what `list` throws.
    @discardableResult
    public func deleteAll(prefix: String) async throws -> Int {
        var count = 0
        var options = ListOptions(prefix: prefix)
        while true {
            let page = try await list(options)
            let failures = try await delete(page.blobs.map(\.key))
            if let failure = failures.first { throw failure.error }
            count += page.blobs.count
            guard try options.advance(past: page) else { return count }
        }
    }
}
