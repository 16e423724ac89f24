import BlobStorage
import BlobStorageDisk
import Foundation
import Testing

@Suite struct DiskListingTests {
    @Test("lists what the model lists, whatever the folders look like", arguments: 0..<30)
    func likeTheModel(_ seed: Int) async throws {
        var random = Random(seed: UInt64(seed))
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let store = folder.store()
        let model = InMemoryStore()
        let pieces = ["a", "b", "/", "/", "-", ".", "é", "%", "a/", "\u{1F600}", "\u{FF5E}", "0"]
        for _ in 0..<60 {
            var text = ""
            for _ in 0...random.below(7) { text += pieces[random.below(pieces.count)] }
            if random.below(20) == 0 { text += String(repeating: "long", count: 70) }
            let key = try BlobKey(text)
            try await store.put(key, "x")
            try await model.put(key, "x")
        }
        for _ in 0..<40 {
            var options = ListOptions(limit: 1 + random.below(7))
            options.prefix = ["", "a", "a/", "b", "a/a", "/", "é", "zzz", "a%"][random.below(9)]
            options.delimiter = [nil, "/", "a", "-/", "é"][random.below(5)]
            options.startAfter = [nil, "a", "a/", "b/", "a/b", "%"][random.below(6)]
            let ours = try await texts(store, options)
            let expected = try await texts(model, options)
            #expect(ours == expected, "seed \(seed), \(options)")
        }
    }

    @Test func aPageKnowsOfBlobsThatCameSinceTheLast() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let store = folder.store()
        for name in ["a", "c", "e", "g"] { try await store.put(try BlobKey(name), "x") }
        var options = ListOptions(limit: 2)
        let first = try await store.list(options)
        #expect(first.blobs.map(\.key) == ["a", "c"])
        options.continuationToken = first.continuationToken
        try await store.put("b", "before")
        try await store.put("d", "after")
        try await store.delete("e")
        let second = try await store.list(options)
        #expect(second.blobs.map(\.key) == ["d", "g"])
    }

    @Test func aTokenGoesOnInAnotherProcess() async throws {
        let folder = try TemporaryFolder()
        let store = folder.store()
        for number in 0..<10 { try await store.put(try BlobKey("d/\(number)"), "x") }
        var options = ListOptions(limit: 3)
        var keys: [BlobKey] = []
        repeat {
            let page = try await folder.store().list(options)
            keys += page.blobs.map(\.key)
            options.continuationToken = page.continuationToken
        } while options.continuationToken != nil
        #expect(keys.count == 10)
        #expect(keys == keys.sorted())
    }

    @Test func listingsBesideEachOtherDontMix() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let store = folder.store()
        for number in 0..<50 { try await store.put(try BlobKey("d/\(number)"), "x") }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    var options = ListOptions(limit: 7)
                    var count = 0
                    repeat {
                        let page = try await store.list(options)
                        count += page.blobs.count
                        options.continuationToken = page.continuationToken
                    } while options.continuationToken != nil
                    return count
                }
            }
            for try await count in group { #expect(count == 50) }
        }
    }

    private func texts(_ store: any BlobStore, _ options: ListOptions) async throws -> [[UInt8]] {
        var options = options
        var texts: [[UInt8]] = []
        repeat {
            let page = try await store.list(options)
            #expect(page.entries.count <= options.limit)
            texts += page.entries.map { Array($0.text.utf8) }
            options.continuationToken = page.continuationToken
        } while options.continuationToken != nil
        return texts
    }
}

/// SplitMix64, so that a seed gives the same keys on every run.
struct Random {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(limit))
    }
}
