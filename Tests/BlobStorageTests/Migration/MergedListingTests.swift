import BlobStorage
import BlobStorageTestKit
import Testing

@Suite struct MergedListingTests {
    /// Blobs at random places, over all page sizes: as if they were in one store.
    @Test("lists two stores as one", arguments: 0..<10 as Range<UInt64>)
    func merges(_ seed: UInt64) async throws {
        var random = SplitMix64(seed)
        let (old, new, whole) = (InMemoryStore(), InMemoryStore(), InMemoryStore())
        let names = ["a", "a/", "b", "/", "é", "e\u{301}", "\u{FFFF}", "\u{10000}"]
        for _ in 0..<60 {
            let length = Int.random(in: 1...4, using: &random)
            let key = try BlobKey(
                (0..<length).map { _ in names.randomElement(using: &random) ?? "a" }.joined()
            )
            let place = Int.random(in: 0..<3, using: &random)
            if place != 1 { try await old.put(key, "old") }
            if place != 0 { try await new.put(key, "newer") }
            try await whole.put(key, "")
        }
        let store = old.migrating(to: new)
        for limit in [1, 2, 3, 7, 1_000] {
            for delimiter in [nil, "/"] {
                for (prefix, startAfter) in [("", nil), ("a", nil), ("", "a/"), ("a", "a/é")] {
                    var options = ListOptions(
                        prefix: prefix,
                        delimiter: delimiter,
                        startAfter: startAfter,
                        limit: limit
                    )
                    let expected = try await entries(whole, &options)
                    let found = try await entries(store, &options)
                    #expect(found == expected, "seed \(seed), \(options)")
                }
            }
        }
        for blob in try await store.list(ListOptions()).blobs {
            #expect(blob.byteCount == (try await new.exists(blob.key) ? 5 : 3))
        }
    }

    /// Pages as lists of texts, so that where they end is compared too.
    private func entries(
        _ store: any BlobStore,
        _ options: inout ListOptions
    ) async throws -> [[String]] {
        var pages: [[String]] = []
        options.continuationToken = nil
        repeat {
            let page = try await store.list(options)
            pages.append(page.entries.map(\.text))
            options.continuationToken = page.continuationToken
        } while options.continuationToken != nil
        return pages
    }

    @Test func aSideGoesOnByItsOwnTokens() async throws {
        let old = InMemoryStore()
        for number in 100..<200 { try await old.put(BlobKey("\(number)"), "") }
        let asked = Locked<[ListOptions]>([])
        var watched = InterceptedStore(old)
        watched.onList = { base, options in
            asked.withLock { $0.append(options) }
            return try await base.list(options)
        }
        let store = watched.migrating(to: InMemoryStore())
        var options = ListOptions(limit: 10)
        _ = try await entries(store, &options)
        let seen = asked.withLock(\.self)
        #expect(seen.count == 10)
        #expect(seen.dropFirst().allSatisfy { $0.continuationToken != nil })
    }

    @Test(
        "refuses a token of somebody else",
        arguments: ["", "x", "after:a", "migrating:", "migrating:{", "migrating:[]"]
    )
    func foreignTokens(_ token: String) async throws {
        let store = InMemoryStore().migrating(to: InMemoryStore())
        let error = await #expect(throws: BlobError.self) {
            try await store.list(ListOptions(continuationToken: token))
        }
        #expect(error?.kind == .invalidArgument)
    }

    @Test func aPageThatLeadsToItselfIsAnError() async throws {
        var broken = InterceptedStore(InMemoryStore())
        broken.onList = { _, _ in BlobPage(blobs: [], continuationToken: "same") }
        let error = await #expect(throws: BlobError.self) {
            try await broken.migrating(to: InMemoryStore()).list(ListOptions())
        }
        #expect(error?.kind == .corrupted)
    }
}
