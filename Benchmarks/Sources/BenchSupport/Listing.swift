package import BlobStorage

/// Every key below a prefix.
package enum Listing {
    /// Lists page by page, and counts.
    package static func count(_ store: any BlobStore, prefix: String) async throws -> Int64 {
        var options = ListOptions(prefix: prefix)
        var count: Int64 = 0
        repeat {
            let page = try await store.list(options)
            count += Int64(page.blobs.count)
            options.continuationToken = page.continuationToken
        } while options.continuationToken != nil
        return count
    }
}
