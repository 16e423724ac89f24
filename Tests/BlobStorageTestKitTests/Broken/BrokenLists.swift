import BlobStorage

struct ListsOtherETags: BrokenStore {
    let base = InMemoryStore()

    func list(_ options: ListOptions) async throws -> BlobPage {
        var page = try await base.list(options)
        for index in page.blobs.indices {
            // Without the quotes.
            let text = page.blobs[index].etag.text
            page.blobs[index].etag = ETag(String(text.dropFirst().dropLast()))
        }
        return page
    }
}

struct OrdersByUTF16: BrokenStore {
    let base = InMemoryStore()

    func list(_ options: ListOptions) async throws -> BlobPage {
        var page = try await base.list(options)
        page.blobs.sort { $0.key.text.utf16.lexicographicallyPrecedes($1.key.text.utf16) }
        return page
    }
}

struct ListsOneTooMany: BrokenStore {
    let base = InMemoryStore()

    func list(_ options: ListOptions) async throws -> BlobPage {
        var options = options
        if (1..<ListOptions.maximumLimit).contains(options.limit) { options.limit += 1 }
        return try await base.list(options)
    }
}

/// Cuts pages by keys and groups each page by itself.
struct RepeatsCommonPrefixes: BrokenStore {
    let base = InMemoryStore()

    func list(_ options: ListOptions) async throws -> BlobPage {
        try options.validate()
        guard let delimiter = options.delimiter else { return try await base.list(options) }
        var plain = options
        plain.delimiter = nil
        let page = try await base.list(plain)
        var grouped = BlobPage(blobs: [], continuationToken: page.continuationToken)
        for blob in page.blobs {
            let rest = blob.key.text.dropFirst(options.prefix.count)
            guard let end = rest.firstRange(of: delimiter)?.upperBound else {
                grouped.blobs.append(blob)
                continue
            }
            let prefix = options.prefix + rest[..<end]
            if grouped.commonPrefixes.last != prefix { grouped.commonPrefixes.append(prefix) }
        }
        return grouped
    }
}

struct StartsAtInsteadOfAfter: BrokenStore {
    let base = InMemoryStore()

    func list(_ options: ListOptions) async throws -> BlobPage {
        var page = try await base.list(options)
        if options.continuationToken == nil, let start = options.startAfter,
            let key = try? BlobKey(start), try await base.exists(key),
            UTF8Order.hasPrefix(start, options.prefix)
        {
            let found = try await base.head(key)
            let listed = ListedBlob(
                key: key,
                byteCount: found.byteCount,
                etag: found.etag,
                lastModified: found.lastModified
            )
            page.blobs.insert(listed, at: 0)
        }
        return page
    }
}

/// Looks for the prefix as a folder.
struct TakesPrefixesForFolders: BrokenStore {
    let base = InMemoryStore()

    func list(_ options: ListOptions) async throws -> BlobPage {
        var page = try await base.list(options)
        let folder = options.prefix.hasSuffix("/") ? options.prefix : options.prefix + "/"
        page.blobs = page.blobs.filter {
            UTF8Order.hasPrefix($0.key.text, folder) || UTF8Order.equal($0.key.text, options.prefix)
        }
        return page
    }
}

/// Looks for delimiters among characters, as `String` does, and not among bytes.
struct FindsDelimitersByCharacter: BrokenStore {
    let base = InMemoryStore()

    func list(_ options: ListOptions) async throws -> BlobPage {
        let page = try await base.list(options)
        guard let delimiter = options.delimiter?.first else { return page }
        var plain = options
        plain.delimiter = nil
        let missed = try await base.list(plain).blobs.filter { blob in
            !blob.key.text.dropFirst(options.prefix.count).contains(delimiter)
        }
        return BlobPage(
            blobs: missed,
            commonPrefixes: page.commonPrefixes.filter { prefix in
                !missed.contains { UTF8Order.hasPrefix($0.key.text, prefix) }
            },
            continuationToken: page.continuationToken
        )
    }
}

/// Gives again, after a text inside it, a common prefix that begins before that text.
struct RestartsInsidePrefixes: BrokenStore {
    let base = InMemoryStore()

    func list(_ options: ListOptions) async throws -> BlobPage {
        var page = try await base.list(options)
        if options.continuationToken == nil, let start = options.startAfter,
            let delimiter = options.delimiter,
            let end = UTF8Order.firstRange(
                of: delimiter,
                in: start,
                from: options.prefix.utf8.count
            )?.upperBound
        {
            let prefix = UTF8Order.prefix(of: start, count: end)
            let inside = try await base.list(ListOptions(prefix: prefix, startAfter: start))
            if !inside.blobs.isEmpty { page.commonPrefixes.insert(prefix, at: 0) }
        }
        return page
    }
}

/// Remembers what it listed before.
final class ListsFromCache: BrokenStore {
    let base = InMemoryStore()
    private let cache = Locked<[ListOptions: BlobPage]>([:])

    func list(_ options: ListOptions) async throws -> BlobPage {
        if let page = cache.withLock({ $0[options] }) { return page }
        let page = try await base.list(options)
        cache.withLock { $0[options] = page }
        return page
    }
}

struct TakesAnyToken: BrokenStore {
    let base = InMemoryStore()

    func list(_ options: ListOptions) async throws -> BlobPage {
        do {
            return try await base.list(options)
        } catch  where options.continuationToken != nil {
            var options = options
            options.continuationToken = nil
            return try await base.list(options)
        }
    }
}
