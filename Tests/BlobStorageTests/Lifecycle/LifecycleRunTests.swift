import BlobStorage
import Foundation
import Testing

/// What a run does with what is due, and with what comes in between.
@Suite struct LifecycleRunTests {
    private static let past = Date(timeIntervalSince1970: 0)
    private let rules = [LifecycleRule(expiration: .after(days: 1), abortUploadsAfterDays: 1)]

    private func keys(_ store: any BlobStore) async throws -> [String] {
        try await store.list(ListOptions()).blobs.map(\.key.text)
    }

    @Test("a blob that is replaced after it was listed survives", arguments: [true, false])
    func replacement(_ deletesByETag: Bool) async throws {
        let base = RefusingStore(capabilities: Self.capabilities(deletesByETag: deletesByETag))
        var store = InterceptedStore(base)
        store.onList = { base, options in
            let page = try await base.list(options)
            try await base.put("b", "new")
            try await base.delete("c")
            return page
        }
        for key in ["a", "b", "c", "d"] as [BlobKey] { try await base.put(key, "old") }
        let later = Date().addingTimeInterval(3 * 86_400)
        let report = try await store.apply(rules, now: later)
        #expect(try await keys(base) == ["b"])
        #expect(try await base.bytes("b", upTo: 10) == Array("new".utf8))
        #expect(report.blobCount == 2 && report.byteCount == 6 && report.failureCount == 0)
    }

    /// As on S3, where the same bytes written again are the same etag.
    @Test("a blob that is written again with its bytes survives", arguments: [true, false])
    func sameETag(_ deletesByETag: Bool) async throws {
        let base = RefusingStore(capabilities: Self.capabilities(deletesByETag: deletesByETag))
        var store = InterceptedStore(base)
        try await base.put("a", "x")
        store.onList = { base, options in
            // What was listed is the time before the last.
            var page = try await base.list(options)
            for index in page.blobs.indices { page.blobs[index].lastModified = Self.past }
            return page
        }
        let report = try await store.apply(rules, now: Date())
        #expect(report.isEmpty)
        #expect(try await keys(base) == ["a"])
    }

    private static func capabilities(deletesByETag: Bool) -> Capabilities {
        var capabilities = Capabilities()
        capabilities.features.remove(.tags)
        if !deletesByETag { capabilities.features.remove(.deleteIfMatches) }
        return capabilities
    }

    @Test func uploadsThatWereBegunTooLongAgoAreAborted() async throws {
        let time = Locked(Self.past)
        let store = InMemoryStore(now: { time.withLock { $0 } })
        let old = try await store.createMultipartUpload("a/1")
        let other = try await store.createMultipartUpload("b")
        time.withLock { $0 += 5 * 86_400 }
        let young = try await store.createMultipartUpload("a/1")
        try await store.put("a/1", "stays")
        let rule = LifecycleRule(prefix: "a/", abortUploadsAfterDays: 3)
        let report = try await store.apply([rule], now: time.withLock { $0 })
        #expect(report.uploadCount == 1 && report.blobCount == 0)
        await #expect(throws: BlobError.self) { try await store.parts(of: old) }
        #expect(try await store.parts(of: young).isEmpty)
        #expect(try await store.parts(of: other).isEmpty)
        #expect(try await store.exists("a/1"))
    }

    @Test func allPagesAreGoneThrough() async throws {
        let store = InMemoryStore(now: { Self.past })
        for number in 0..<2_500 { try await store.put(BlobKey("a/\(number)"), "12") }
        for number in 0..<1_500 {
            _ = try await store.createMultipartUpload(BlobKey("u/\(number)"))
        }
        try await store.put("b", "stays")
        let report = try await store.apply([
            LifecycleRule(prefix: "a/", expiration: .after(days: 1)),
            LifecycleRule(prefix: "u/", abortUploadsAfterDays: 1),
        ])
        #expect(report.blobCount == 2_500 && report.byteCount == 5_000)
        #expect(report.uploadCount == 1_500)
        #expect(try await keys(store) == ["b"])
    }

    @Test func whatLiesBelowSeveralPrefixesIsListedOnce() async throws {
        let prefixes = Locked<[String]>([])
        var store = InterceptedStore(InMemoryStore(now: { Self.past }))
        store.onList = { base, options in
            prefixes.withLock { $0.append(options.prefix) }
            return try await base.list(options)
        }
        for key in ["a/b/1", "a/c", "ab", "x/1", "y"] as [BlobKey] {
            try await store.base.put(key, "x")
        }
        let rules = ["x/", "a/b/", "a/", "a/b/", "x/1"].map { prefix in
            LifecycleRule(prefix: prefix, expiration: .after(days: 1))
        }
        let report = try await store.apply(rules)
        #expect(prefixes.withLock { $0 } == ["a/", "x/"])
        #expect(report.blobCount == 3)
        #expect(try await keys(store.base) == ["ab", "y"])
        // A date that is yet to come costs nothing.
        prefixes.withLock { $0 = [] }
        let day = Date().addingTimeInterval(86_400)
        _ = try await store.apply([LifecycleRule(expiration: .on(date: day))])
        #expect(prefixes.withLock { $0 }.isEmpty)
    }

    @Test func whatCanNotBeRemovedIsToldAndStopsNothing() async throws {
        let stubborn = try (0..<150).map { try BlobKey("no/\($0)") }
        let store = RefusingStore(
            refused: Set(stubborn),
            capabilities: Self.capabilities(deletesByETag: true)
        )
        for key in stubborn + ["a", "z"] { try await store.put(key, "x") }
        let later = Date().addingTimeInterval(3 * 86_400)
        let report = try await store.apply(rules, now: later)
        #expect(report.blobCount == 2 && report.failureCount == 150)
        #expect(report.failures.count == LifecycleReport.failureLimit)
        let first = try #require(report.failures.first)
        #expect(first.key == "no/0")
        #expect((first.error as? BlobError)?.kind == .permissionDenied)
        #expect("\(report)" == "removed 2 blobs of 2 bytes, 0 multipart uploads; 150 failures")
        #expect(try await keys(store).count == 150)
    }

    @Test func aStoreThatOnlyReadsFailsBlobByBlob() async throws {
        let base = InMemoryStore(now: { Self.past })
        try await base.put("a", "x")
        let report = try await base.readOnly().apply(rules)
        #expect(report.blobCount == 0 && report.failureCount == 1)
        #expect(try await base.exists("a"))
    }

    @Test func aListingThatFailsIsThrown() async throws {
        var store = InterceptedStore(InMemoryStore())
        store.onList = { _, _ in
            throw BlobError(.unavailable, operation: "list", message: "gone")
        }
        let failing = store
        let error = try await #require(throws: BlobError.self) {
            try await failing.apply(rules)
        }
        #expect(error.kind == .unavailable)
    }

    @Test func cancellationEndsItAtTheNextBlob() async throws {
        // A store that takes no notice of it.
        let capabilities = Self.capabilities(deletesByETag: true)
        let base = RefusingStore(refused: ["a"], capabilities: capabilities)
        var store = InterceptedStore(base)
        store.onList = { base, options in
            let page = try await base.list(options)
            withUnsafeCurrentTask { $0?.cancel() }
            return page
        }
        try await base.put("a", "x")
        let (asked, rules) = (store, rules)
        let later = Date().addingTimeInterval(3 * 86_400)
        let run = Task { try await asked.apply(rules, now: later) }
        await #expect(throws: CancellationError.self) { try await run.value }
    }
}
