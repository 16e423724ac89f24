import BlobStorage
import BlobStorageDisk
import Foundation
import Glibc
import Testing

/// What others do to the folder of a store: times of any century, and its own folder taken away.
@Suite struct ForeignChangesTests {
    /// Sets the time of a file, in seconds since 1970.
    private func setTime(_ seconds: Int, of name: String, in folder: TemporaryFolder) {
        let time = timespec(tv_sec: seconds, tv_nsec: 5)
        #expect(utimensat(AT_FDCWD, "\(folder.path)/\(name)", [time, time], 0) == 0)
    }

    @Test(
        "a file may have a time of any century",
        // 1500, 1677 and 2262, at the bounds of 64 bits of nanoseconds, and 2400.
        arguments: [-14_831_769_600, -9_223_372_037, 9_223_372_036, 9_223_372_037, 13_569_465_600]
    )
    func times(_ seconds: Int) async throws {
        let folder = try TemporaryFolder()
        try folder.write("old", to: "a/b")
        setTime(seconds, of: "a/b", in: folder)
        setTime(seconds, of: "a", in: folder)
        let store = folder.store()
        let found = try await store.head("a/b")
        var listed: [ListedBlob] = []
        for try await blob in store.list() { listed.append(blob) }
        #expect(listed.map(\.key) == ["a/b"])
        #expect(listed.map(\.etag) == [found.etag])
        #expect(try await store.bytes("a/b", upTo: 9) == Array("old".utf8))
        #expect(try await store.fsck().isClean)
        try await store.copy("a/b", to: "copy")
        // Pages go on from walks whose folders have such times.
        let first = try await store.list(ListOptions(limit: 1))
        let token = try #require(first.continuationToken)
        let second = try await store.list(ListOptions(limit: 1, continuationToken: token))
        #expect(second.blobs.map(\.key) == ["copy"])
        let replaced = try await store.put(
            "a/b",
            "new",
            options: PutOptions(condition: .ifMatches(found.etag))
        )
        #expect(replaced.etag != found.etag)
    }

    @Test func timesOutOfBoundsAreVersionsOfTheirOwn() async throws {
        let folder = try TemporaryFolder()
        try folder.write("one", to: "a")
        let store = folder.store()
        var etags: Set<ETag> = []
        for seconds in [9_999_999_999, 10_000_000_000, 10_000_000_001] {
            setTime(seconds, of: "a", in: folder)
            etags.insert(try await store.head("a").etag)
        }
        #expect(etags.count == 3)
    }

    @Test("the private folder may be taken away", arguments: DiskConfiguration.all)
    func privateFolder(_ configuration: DiskConfiguration) async throws {
        let folder = try TemporaryFolder()
        let store = folder.store(configuration)
        try await store.put("a", "1")
        try FileManager.default.removeItem(atPath: folder.path + "/.blob-storage")
        try await store.put("b", "2", options: PutOptions(metadata: ["k": "v"]))
        #expect(try await store.head("b").metadata["k"] == "v")
        // Both have one file of locks again, or both would win.
        let other = folder.store(configuration)
        for round in 0..<20 {
            let key = try BlobKey("race/\(round)")
            let winners = await withTaskGroup(of: Bool.self) { group in
                for store in [store, other, store, other] {
                    group.addTask {
                        let options = PutOptions(condition: .ifAbsent)
                        return (try? await store.put(key, "1", options: options)) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(winners == 1)
        }
        try FileManager.default.removeItem(atPath: folder.path + "/.blob-storage")
        try await store.delete("a")
        let upload = try await store.createMultipartUpload("c", options: MultipartOptions())
        let part = try await store.uploadPart(1, of: upload, BlobBody([1]), checksum: nil)
        try await other.completeMultipartUpload(upload, parts: [part])
        #expect(try await store.exists("c"))
    }

    @Test func aRootThatIsGoneIsTold() async throws {
        let folder = try TemporaryFolder()
        let store = folder.store()
        try await store.put("a", "1")
        try FileManager.default.removeItem(atPath: folder.path)
        let error = await #expect(throws: BlobError.self) { try await store.put("a", "2") }
        #expect(error?.kind == .storeNotFound)
        // An empty page would have a sync delete all that is elsewhere.
        let listing = await #expect(throws: BlobError.self) { try await store.list(ListOptions()) }
        #expect(listing?.kind == .storeNotFound)
        let reading = await #expect(throws: BlobError.self) { try await store.head("a") }
        #expect(reading?.kind == .storeNotFound)
        try await store.prepare()
        #expect(try await store.list(ListOptions()).blobs.isEmpty)
        try await store.put("a", "3")
        #expect(try await folder.store().text("a", upTo: 9) == "3")
    }

    /// A listing that was given up holds descriptors, and what they belong to.
    @Test("nothing stays open of a store that is gone", arguments: [false, true])
    func dropped(removesRoot: Bool) async throws {
        let folder = try TemporaryFolder()
        var store: LocalDiskStore? = folder.store()
        for key in ["a", "b", "c/d"] as [BlobKey] { try await store?.put(key, "1") }
        let page = try await store?.list(ListOptions(limit: 1))
        let token = try #require(page?.continuationToken)
        #expect(try folder.openDescriptorCount > 0)
        if removesRoot {
            try FileManager.default.removeItem(atPath: folder.path)
            await #expect(throws: BlobError.self) {
                try await store?.list(ListOptions(limit: 1, continuationToken: token))
            }
        } else {
            store = nil
        }
        // Threads that served it let go of it a little later.
        for _ in 0..<1_000 where try folder.openDescriptorCount > 0 {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try folder.openDescriptorCount == 0)
    }

    @Test func whatIsPutElsewhereDoesNotHideWhatIsNew() async throws {
        let folder = try TemporaryFolder()
        let store = folder.store()
        for number in 0..<10 { try await store.put(BlobKey("m/\(number)"), "1") }
        var keys: [String] = []
        var token: String?
        var round = 0
        repeat {
            let page = try await store.list(
                ListOptions(prefix: "m/", limit: 2, continuationToken: token)
            )
            keys += page.blobs.map(\.key.text)
            token = page.continuationToken
            try await store.put(BlobKey("other/\(round)"), "1")
            // Before the place, and after it.
            if round == 0 { try await store.put("m/00", "1") }
            if round == 1 { try await store.put("m/7a", "1") }
            round += 1
        } while token != nil
        let expected = (0..<8).map { "m/\($0)" } + ["m/7a", "m/8", "m/9"]
        #expect(keys == expected)
    }
}
