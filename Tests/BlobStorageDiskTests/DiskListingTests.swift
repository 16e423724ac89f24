import BlobStorage
import BlobStorageTestKit
import CBlobStorageSystem
import Foundation
import Glibc
import Testing

@testable import BlobStorageDisk

@Suite struct DiskListingTests {
    @Test("lists what the model lists, whatever the folders look like", arguments: 0..<30)
    func likeTheModel(_ seed: Int) async throws {
        var random = SplitMix64(UInt64(seed))
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

    /// So a page costs the page, and not the whole folder again.
    @Test func aPageGoesOnWithTheWalkOfTheOneBefore() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let store = folder.store()
        for number in 0..<10 { try await store.put(try BlobKey("d/\(number)"), "x") }
        let volume = try DiskVolume(
            rootPath: folder.path,
            durability: .relaxed,
            multipartLimits: .s3,
            features: .all
        )
        var options = ListOptions(limit: 4)
        options.continuationToken = try volume.list(options).continuationToken
        let place = ListPosition.after("d/3")
        var additions = RecentAdditions()
        let walk = volume.pausedWalks.take(for: options, from: place, additions: additions)
        #expect(walk != nil)
        // A blob that was added since then may have been missed.
        additions.note("d/5")
        options.continuationToken = nil
        options.continuationToken = try volume.list(options).continuationToken
        #expect(volume.pausedWalks.take(for: options, from: place, additions: additions) == nil)
    }

    @Test func onlyKeysThatAreStillToComeCanBeMissed() throws {
        var additions = RecentAdditions()
        func isMissed(_ prefix: String = "d/", since count: UInt64 = 0) -> Bool {
            additions.hasKey(since: count, prefix: prefix, from: .after("d/3"))
        }
        #expect(!isMissed())
        for key in ["c", "d/1", "d/3", "e"] as [BlobKey] { additions.note(key) }
        #expect(!isMissed())
        #expect(isMissed(""))
        additions.note("d/4")
        #expect(isMissed())
        #expect(!isMissed(since: additions.count) && !isMissed(since: additions.count + 1))
        // Of so many, nobody knows any more what they were.
        let count = additions.count
        for number in 0..<1_000 { additions.note(try BlobKey("other/\(number)")) }
        #expect(isMissed(since: count))
        #expect(!isMissed(since: additions.count - 100))
    }

    @Test func aLongNameThatGoesHidesNoOther() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let store = folder.store()
        for number in 0..<20 { try await store.put(try BlobKey("d/\(number)"), "x") }
        let long = try BlobKey("d/" + String(repeating: "long", count: 100))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for _ in 0..<200 {
                    try await store.put(long, "x")
                    try await store.delete(long)
                }
            }
            group.addTask {
                for _ in 0..<200 {
                    let page = try await store.list(ListOptions(prefix: "d/"))
                    #expect(page.blobs.count(where: { $0.key != long }) == 20)
                }
            }
            try await group.waitForAll()
        }
    }

    /// On btrfs a name that is replaced moves to the end of its folder, past where a reading ends.
    static func keepsPlaces() throws -> Bool {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/stat")
        process.arguments = ["-f", "-c", "%T", NSTemporaryDirectory()]
        process.standardOutput = output
        try process.run()
        let name = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return !String(decoding: name, as: UTF8.self).hasPrefix("btrfs")
    }

    @Test(.enabled(if: try keepsPlaces()))
    func aBlobThatIsReplacedIsInEveryListingOnce() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let store = folder.store()
        let keys = try (0..<300).map { try BlobKey("d/\($0)") }
        for key in keys { try await store.put(key, "x") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for part in 0..<4 {
                group.addTask {
                    for round in 0..<300 {
                        try await store.put(keys[(round * 7 + part) % 300], "y")
                    }
                }
            }
            group.addTask {
                let expected = keys.sorted()
                for _ in 0..<100 {
                    let found = try await store.list(ListOptions(prefix: "d/")).blobs.map(\.key)
                    try #require(found == expected)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func looksIntoNoFolderThatNoLongNameHas() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try folder.write("x", to: "file")
        var number = open(folder.path, O_RDONLY | O_DIRECTORY)
        for _ in 0..<1_500 {
            mkdirat(number, "%_%more", 0o777)
            let inner = cblobstorage_openat(number, "%_%more", O_RDONLY | O_DIRECTORY, 0)
            close(number)
            number = inner
        }
        close(number)
        let page = try await folder.store().list(ListOptions())
        #expect(page.blobs.map(\.key) == ["file"])
        let report = try await folder.store(.withoutOpenat2).fsck()
        #expect(report.blobCount == 1)
        // Foundation can't remove what is so deep.
        let remover = try Process.run(
            URL(fileURLWithPath: "/bin/rm"),
            arguments: ["-rf", folder.path + "/%_%more"]
        )
        remover.waitUntilExit()
    }

    @Test func listsNoFileOfThePrivateFoldersName() async throws {
        let folder = try TemporaryFolder()
        try folder.write("x", to: "a/.blob-storage")
        try folder.write("x", to: "a/b")
        let page = try await folder.store().list(ListOptions(prefix: "a/", delimiter: "-"))
        #expect(page.commonPrefixes.isEmpty)
        #expect(page.blobs.map(\.key) == ["a/b"])
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

extension SplitMix64 {
    fileprivate mutating func below(_ limit: Int) -> Int {
        Int.random(in: 0..<limit, using: &self)
    }
}
