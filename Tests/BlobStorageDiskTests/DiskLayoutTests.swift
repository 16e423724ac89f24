import BlobStorage
import BlobStorageDisk
import Foundation
import Glibc
import Testing

@Suite struct DiskLayoutTests {
    @Test func filesLookLikeFiles() async throws {
        let folder = try TemporaryFolder()
        let store = folder.store()
        try await store.put("uploads/42/cat.txt", "meow")
        #expect(try folder.names() == ["uploads", "uploads/42", "uploads/42/cat.txt"])
        #expect(try folder.read("uploads/42/cat.txt") == "meow")
    }

    @Test func aFolderOfFilesIsAStore() async throws {
        let folder = try TemporaryFolder()
        try folder.write("<p>hello", to: "site/index.html")
        let store = folder.store()
        let attributes = try await store.head("site/index.html")
        #expect(attributes.byteCount == 8)
        #expect(attributes.headers.contentType == "text/html")
        #expect(attributes.metadata.isEmpty)
        let listed = try await store.list(ListOptions()).blobs
        #expect(listed.map(\.key) == ["site/index.html"])
        #expect(listed.first?.etag == attributes.etag)
        // Reading has changed nothing in the folder.
        #expect(!folder.exists(".blob-storage"))
    }

    @Test func anEditInPlaceIsANewVersion() async throws {
        let folder = try TemporaryFolder()
        let store = folder.store()
        let options = PutOptions(
            headers: ContentHeaders(contentType: "text/x"),
            metadata: ["owner": "Ada"],
            checksum: .compute(.sha256)
        )
        let first = try await store.put("a", "one", options: options)
        let handle = try #require(FileHandle(forWritingAtPath: folder.path + "/a"))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(" and two".utf8))
        try handle.close()
        let second = try await store.head("a")
        #expect(second.etag != first.etag)
        #expect(second.byteCount == 11)
        #expect(second.metadata == ["owner": "Ada"])
        #expect(first.checksum != nil)
        #expect(second.checksum == nil)
        #expect(try await store.bytes("a", upTo: 99) == Array("one and two".utf8))
    }

    @Test func noETagComesBackWhereTimesAreWholeSeconds() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let store = folder.store(.withoutFineTimes)
        var etags = [try await store.put("counter", "0").etag]
        for number in 1...9 {
            var options = PutOptions()
            if number < 7 { options.condition = .ifMatches(etags[etags.count - 1]) }
            etags.append(try await store.put("counter", "\(number)", options: options).etag)
        }
        #expect(Set(etags).count == 10)
    }

    @Test("a blob stands beside those whose keys begin with it", arguments: DiskConfiguration.all)
    func selfFile(_ configuration: DiskConfiguration) async throws {
        let folder = try TemporaryFolder()
        let store = folder.store(configuration)
        let a = try await store.put("a", "A", options: PutOptions(metadata: ["x": "1"]))
        try await store.put("a/b/c", "C")
        let ab = try await store.put("a/b", "B")
        #expect(try folder.names() == ["a", "a/%self", "a/b", "a/b/%self", "a/b/c"])
        #expect(try await store.head("a") == a)
        #expect(try await store.head("a/b") == ab)
        try await store.delete("a")
        try await store.delete("a/b/c")
        #expect(try folder.names() == ["a", "a/b", "a/b/%self"])
        try await store.delete("a/b")
        #expect(try folder.names() == [])
        try await store.put("a", "again")
        #expect(try folder.names() == ["a"])
    }

    @Test func anEmptyFolderIsNoBlobAndGivesWay() async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/a/b",
            withIntermediateDirectories: true
        )
        let store = folder.store()
        let page = try await store.list(ListOptions(delimiter: "/"))
        #expect(page.blobs.isEmpty && page.commonPrefixes.isEmpty)
        #expect(try await !store.exists("a"))
        try await store.put("a/b", "file")
        #expect(try folder.read("a/b") == "file")
    }

    @Test(
        "keeps attributes that don't fit on the file",
        arguments: [
            DiskConfiguration.full, .withoutExtendedAttributes,
        ]
    )
    func largeAttributes(_ configuration: DiskConfiguration) async throws {
        let folder = try TemporaryFolder()
        let store = folder.store(configuration)
        let large = String(repeating: "v", count: 1_000)
        let options = PutOptions(
            headers: ContentHeaders(
                contentType: "x/\(large)",
                contentEncoding: large,
                contentLanguage: large,
                contentDisposition: large,
                cacheControl: large
            ),
            metadata: ["a": large, "b": large]
        )
        let first = try await store.put("k", "1", options: options)
        #expect(try await store.head("k") == first)
        let records = folder.path + "/.blob-storage/attributes"
        // Some file systems hold as much on the file, ext4 does not.
        let isBeside = configuration.features.contains(.extendedAttributes) == false
        if isBeside {
            #expect(try FileManager.default.contentsOfDirectory(atPath: records).count == 1)
        }
        try await store.copy("k", to: "l")
        #expect(try await store.head("l").metadata == options.metadata)
        try await store.put("k", "2")
        #expect(try await store.head("k").metadata.isEmpty)
        try await store.delete("l")
        if folder.exists(".blob-storage/attributes") {
            #expect(try FileManager.default.contentsOfDirectory(atPath: records) == [])
        }
    }

    @Test func aHardLinkKeepsTheAttributesOfItsOther() async throws {
        let folder = try TemporaryFolder()
        let store = folder.store(.withoutExtendedAttributes)
        try await store.put("k", "1", options: PutOptions(metadata: ["x": "y"]))
        for name in ["l", "m"] { #expect(link(folder.path + "/k", "\(folder.path)/\(name)") == 0) }
        try await store.put("k", "2")
        #expect(try await store.head("l").metadata == ["x": "y"])
        try await store.delete("m")
        #expect(try await store.head("l").metadata == ["x": "y"])
        try await store.delete("l")
        let records = folder.path + "/.blob-storage/attributes"
        #expect(try FileManager.default.contentsOfDirectory(atPath: records) == [])
    }

    @Test func aFailedWriteLeavesNoFolder() async throws {
        struct Broken: Error {}
        let folder = try TemporaryFolder()
        let store = folder.store()
        let stream = AsyncThrowingStream<[UInt8], any Error> { continuation in
            continuation.yield([1])
            continuation.finish(throwing: Broken())
        }
        await #expect(throws: Broken.self) { try await store.put("deep/er/k", BlobBody(stream)) }
        await #expect(throws: BlobError.self) {
            try await store.put(
                "deep/er/k",
                "x",
                options: PutOptions(condition: .ifMatches("\"1\""))
            )
        }
        #expect(try folder.names() == [])
        let staging = folder.path + "/.blob-storage/staging"
        #expect(try FileManager.default.contentsOfDirectory(atPath: staging) == [])
    }

    @Test func aNewerFormatIsRefused() async throws {
        let folder = try TemporaryFolder()
        try folder.write("2\n", to: ".blob-storage/format")
        let store = folder.store()
        let error = await #expect(throws: BlobError.self) { try await store.put("a", "b") }
        #expect(error?.kind == .unsupported)
    }

    @Test func aRootIsNotCutAtANUL() async throws {
        let folder = try TemporaryFolder()
        let store = LocalDiskStore(root: folder.path + "/a\u{0}b")
        try folder.write("x", to: "a/file")
        for operation in [{ try await store.prepare() }, { _ = try await store.head("file") }] {
            let error = await #expect(throws: BlobError.self) { try await operation() }
            #expect(error?.kind == .invalidArgument)
        }
    }

    @Test func aMissingRootIsSaidAndPrepared() async throws {
        let folder = try TemporaryFolder()
        let store = LocalDiskStore(root: folder.path + "/not/there", durability: .full)
        let error = await #expect(throws: BlobError.self) { try await store.put("a", "b") }
        #expect(error?.kind == .storeNotFound)
        #expect(error?.message.contains("prepare()") == true)
        try await store.prepare()
        try await store.prepare()
        try await store.put("a", "b")
        #expect(try folder.read("not/there/a") == "b")
    }

    @Test func aFileIsNoRoot() async throws {
        let folder = try TemporaryFolder()
        try folder.write("x", to: "file")
        for path in ["file", "file/below"] {
            let store = LocalDiskStore(root: "\(folder.path)/\(path)", durability: .relaxed)
            let error = await #expect(throws: BlobError.self) { try await store.head("a") }
            #expect(error?.kind == .invalidArgument)
            let other = await #expect(throws: BlobError.self) { try await store.prepare() }
            #expect(other?.kind == .invalidArgument)
        }
    }

    @Test func foldersThatHoldEachOtherAreNotSynced() async throws {
        let folder = try TemporaryFolder()
        let store = folder.store()
        try await store.put("a", "b")
        try await store.put("sub/c", "d")
        let link = folder.path + "-link"
        defer { unlink(link) }
        symlink(folder.path, link)
        let others: [any BlobStore] = [
            folder.store(), LocalDiskStore(root: folder.path + "/sub"),
            LocalDiskStore(root: link + "/sub/"), folder.store().prefixed("sub/"),
            LocalDiskStore(root: link).observed(by: BlobObserver { _ in { _ in } }),
        ]
        for other in others {
            let error = await #expect(throws: BlobError.self) { try await store.sync(into: other) }
            #expect(error?.kind == .invalidArgument)
            await #expect(throws: BlobError.self) { try await other.sync(into: store) }
        }
        #expect(try folder.names() == ["a", "sub", "sub/c"])
    }

    @Test func aMissingLocalFileIsNoMissingBlob() async throws {
        let folder = try TemporaryFolder()
        let store = folder.store()
        try await store.put("a", "b")
        let get = await #expect(throws: BlobError.self) {
            try await store.get("a", toFile: folder.path + "/no/where")
        }
        #expect(get?.kind == .invalidArgument && get?.key == "a")
        #expect(get?.message.hasPrefix("the local file") == true)
        let put = await #expect(throws: BlobError.self) {
            try await store.put("b", file: folder.path + "/nowhere")
        }
        #expect(put?.kind == .invalidArgument)
        #expect(put?.localizedDescription == put?.description)
    }

    @Test func aFileThatTheKernelMakesUpIsReadToItsEnd() async throws {
        let folder = try TemporaryFolder()
        let store = folder.store()
        let attributes = try await store.put("k", file: "/proc/self/limits")
        #expect(attributes.byteCount > 100)
        try folder.write("", to: "empty")
        #expect(try await store.put("e", file: folder.path + "/empty").byteCount == 0)
    }
}
