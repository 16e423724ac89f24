import BlobStorage

/// A listing walked to its end; names without the case's prefix.
struct WalkedListing {
    var names: [String] = []
    var commonPrefixes: [String] = []
    /// Blobs and common prefixes in the order they came.
    var entries: [String] = []
    var pageSizes: [Int] = []
    var blobs: [ListedBlob] = []
}

extension CaseScope {
    /// The most pages of a listing that a case walks; more mean a token that leads nowhere.
    private static let pageLimit = 3_000

    /// Options for a listing of the case's own keys.
    func options(
        _ prefix: String = "",
        delimiter: String? = nil,
        startAfter: String? = nil,
        limit: Int = ListOptions.maximumLimit
    ) -> ListOptions {
        ListOptions(
            prefix: self.prefix + prefix,
            delimiter: delimiter,
            startAfter: startAfter.map { self.prefix + $0 },
            limit: limit
        )
    }

    /// Walks a listing, page by page, and checks each page by itself.
    func walk(
        _ options: ListOptions,
        betweenPages: () async throws -> Void = {}
    ) async throws -> WalkedListing {
        var options = options
        var walked = WalkedListing()
        while true {
            let page = try await store.list(options)
            let entries = page.entries.map(\.text)
            try expect(
                entries.count <= options.limit,
                "at most \(options.limit) entries on a page",
                found: "\(entries.count)"
            )
            walked.names += page.blobs.map { name($0.key.text) }
            walked.commonPrefixes += page.commonPrefixes.map(name)
            walked.entries += entries.map(name)
            walked.pageSizes.append(entries.count)
            walked.blobs += page.blobs
            guard let token = page.continuationToken else { return walked }
            options.continuationToken = token
            try expect(
                walked.pageSizes.count < Self.pageLimit,
                "the listing to end",
                found: "\(walked.pageSizes.count) pages, the last one \(readable(entries))"
            )
            try await betweenPages()
        }
    }

    /// Throws unless a listing of all the case's keys gives these names, in this order.
    func expectListing(_ names: [String]) async throws {
        try await expectListing(options(), names)
    }

    /// Throws unless a listing gives these names and common prefixes, in this order.
    func expectListing(
        _ options: ListOptions,
        _ names: [String],
        commonPrefixes: [String] = []
    ) async throws {
        let walked = try await walk(options)
        try expectSameText(walked.names, names, "the keys listed")
        try expectSameText(walked.commonPrefixes, commonPrefixes, "the common prefixes")
        let merged = (names + commonPrefixes).sorted { UTF8Order.compare($0, $1) < 0 }
        try expectSameText(walked.entries, merged, "the entries over all pages")
    }
}
