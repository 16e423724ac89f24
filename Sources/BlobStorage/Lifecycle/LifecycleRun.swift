internal import Foundation

/// One run of lifecycle rules over a store.
///
/// It removes one thing after the other: a store that serves others meanwhile hardly feels it.
struct LifecycleRun {
    private let store: any BlobStore
    private let tagged: (any TaggedBlobStore)?
    private let rules: [LifecycleRule]
    /// What counts as over: one time for the whole run.
    private let now: Date
    private let deletesByETag: Bool
    private(set) var report = LifecycleReport()

    init(_ store: any BlobStore, _ rules: [LifecycleRule], now: Date) {
        self.store = store
        self.rules = rules.filter(\.isEnabled)
        self.now = now
        tagged = store.tagged
        deletesByETag = store.capabilities.features.contains(.deleteIfMatches)
    }

    /// Removes the blobs that are due.
    mutating func removeBlobs() async throws {
        let rules = rules.filter { rule in
            switch rule.expiration {
            case .after: tagged != nil || rule.tags.isEmpty
            case .on(let date): date <= now && (tagged != nil || rule.tags.isEmpty)
            case nil: false
            }
        }
        for group in Self.groups(rules) {
            var options = ListOptions(prefix: group.prefix)
            var isLastPage = false
            while !isLastPage {
                try Task.checkCancellation()
                let page = try await store.list(options)
                for blob in page.blobs { try await removeIfDue(blob, group.rules) }
                isLastPage = try !options.advance(past: page)
            }
        }
    }

    /// Aborts the multipart uploads that are due.
    mutating func abortUploads() async throws {
        guard let store = store as? any MultipartBlobStore else { return }
        for group in Self.groups(rules.filter { $0.abortUploadsAfterDays != nil }) {
            var token: String?
            repeat {
                let page = try await store.listMultipartUploads(
                    prefix: group.prefix,
                    continuationToken: token,
                    limit: ListOptions.maximumLimit
                )
                for listed in page.uploads
                where group.rules.contains(where: { $0.isDue(listed, at: now) }) {
                    try await attempt(listed.upload.key) { report in
                        try await store.abortMultipartUpload(listed.upload)
                        report.uploadCount += 1
                    }
                }
                token = try Self.next(page.continuationToken, after: token)
            } while token != nil
        }
    }

    private mutating func removeIfDue(_ blob: ListedBlob, _ rules: [LifecycleRule]) async throws {
        let (store, tagged, deletesByETag, now) = (store, tagged, deletesByETag, now)
        let due = rules.filter { $0.isDue(blob, at: now) }
        guard !due.isEmpty else { return }
        try await attempt(blob.key) { report in
            if due.allSatisfy({ !$0.tags.isEmpty }) {
                // They are asked for last, since each costs a request.
                guard let tags = try await tagged?.tags(of: blob.key),
                    due.contains(where: { $0.holds(for: tags) })
                else { return }
            }
            // The listing may be long past, and where an etag is a digest of the bytes, it is the same
            // for a version that was written since.
            let found = try await store.head(blob.key)
            let current = ListedBlob(
                key: blob.key,
                byteCount: found.byteCount,
                etag: found.etag,
                lastModified: found.lastModified
            )
            guard found.etag == blob.etag, due.contains(where: { $0.isDue(current, at: now) })
            else { return }
            let etag = deletesByETag ? blob.etag : nil
            try await store.delete(blob.key, options: DeleteOptions(ifMatches: etag))
            report.blobCount += 1
            report.byteCount = report.byteCount.addingWithinBounds(blob.byteCount)
        }
    }

    /// Tries a removal, and keeps why it failed.
    ///
    /// - Throws: `CancellationError` alone.
    private mutating func attempt(
        _ key: BlobKey,
        _ removal: (inout LifecycleReport) async throws -> Void
    ) async throws {
        try Task.checkCancellation()
        do {
            try await removal(&report)
        } catch let error as CancellationError {
            throw error
        } catch let error as BlobError
            where error.kind == .preconditionFailed || error.kind == .notFound
        {
            // It was replaced since it was listed, and is young again; or somebody else removed it.
        } catch {
            report.add(LifecycleReport.Failure(key: key, error: error))
        }
    }

    /// Rules by the prefixes that must be listed, of which none is within another: no key comes twice.
    private static func groups(
        _ rules: [LifecycleRule]
    ) -> [(prefix: String, rules: [LifecycleRule])] {
        var groups: [(prefix: String, rules: [LifecycleRule])] = []
        // In byte order, a prefix comes right before all that it is the beginning of.
        for rule in rules.sorted(by: { UTF8Order.compare($0.prefix, $1.prefix) < 0 }) {
            if let last = groups.last, UTF8Order.hasPrefix(rule.prefix, last.prefix) {
                groups[groups.count - 1].rules.append(rule)
            } else {
                groups.append((rule.prefix, [rule]))
            }
        }
        return groups
    }

    /// The token of the page after one.
    ///
    /// - Throws: ``BlobError`` of kind `corrupted` if the page leads to itself.
    private static func next(_ token: String?, after last: String?) throws -> String? {
        if let token {
            try ListOptions.requireProgress(
                from: last,
                to: token,
                operation: "listMultipartUploads"
            )
        }
        return token
    }
}
