import BlobStorage
import BlobStorageDisk
import Foundation
import Glibc
import Testing

/// What a folder remembers of the parts that a blob was uploaded in.
@Suite struct DiskPartsTests {
    /// SHA-256 of the digests of `12345678`, `12345678` and `end`, one behind the other, with Python's
    /// `hashlib`; and CRC-32 in the same way, with `zlib`.
    private static let composites: [ChecksumAlgorithm: String] = [
        .sha256: "ESEB4G/r6mHlU4gPE2vE0GHrJLYcj8C+NFvEQ+f+hwM=", .crc32: "occItg==",
    ]
    private static let texts = ["12345678", "12345678", "end"]

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func store(_ configuration: DiskConfiguration = .relaxed) -> LocalDiskStore {
        LocalDiskStore(
            root: folder.path,
            durability: configuration.durability,
            multipartLimits: MultipartLimits(
                minimumPartByteCount: 0,
                maximumPartByteCount: 1 << 20,
                maximumPartCount: 10_000
            ),
            features: configuration.features
        )
    }

    private func begin(
        _ store: LocalDiskStore,
        _ composite: ChecksumAlgorithm? = nil,
        key: BlobKey = "k"
    ) async throws -> MultipartUpload {
        var options = MultipartOptions()
        options.compositeChecksum = composite
        return try await store.createMultipartUpload(key, options: options)
    }

    private func send(
        _ texts: [String],
        of upload: MultipartUpload,
        _ store: LocalDiskStore,
        _ algorithms: [ChecksumAlgorithm?] = [nil]
    ) async throws -> [UploadedPart] {
        var parts: [UploadedPart] = []
        for (index, text) in texts.enumerated() {
            let bytes = Array(text.utf8)
            let part = try await store.uploadPart(
                index + 1,
                of: upload,
                BlobBody(bytes),
                checksum: algorithms[index % algorithms.count].map { Checksum.of(bytes, $0) }
            )
            parts.append(part)
        }
        return parts
    }

    private func parts(_ store: LocalDiskStore, _ key: BlobKey = "k") async throws -> BlobParts? {
        try await store.headParts(key, options: HeadOptions()).parts
    }

    @Test("remembers sizes and checksum", arguments: DiskConfiguration.all)
    func remembers(_ configuration: DiskConfiguration) async throws {
        let store = store(configuration)
        for (algorithm, composite) in Self.composites {
            // With checksums of their own, with none, with those of another algorithm.
            for algorithms: [ChecksumAlgorithm?] in [[algorithm], [nil], [.sha1], [nil, .sha1]] {
                let upload = try await begin(store, algorithm)
                let sent = try await send(Self.texts, of: upload, store, algorithms)
                let attributes = try await store.completeMultipartUpload(upload, parts: sent)
                let found = try await store.headParts("k", options: HeadOptions())
                #expect(found.attributes == attributes && attributes.checksum == nil)
                let checksum = try Checksum(algorithm, base64: composite)
                #expect(found.parts == BlobParts(byteCounts: [8, 8, 3], checksum: checksum))
            }
        }
        #expect(try await store.fsck().isClean)
    }

    @Test func remembersSizesWithoutAChecksum() async throws {
        let store = store()
        let upload = try await begin(store)
        let sent = try await send(Self.texts, of: upload, store)
        // A part that is left out is none of the blob's.
        try await store.completeMultipartUpload(upload, parts: [sent[0], sent[2]])
        #expect(try await parts(store) == BlobParts(byteCounts: [8, 3]))
        let failed = await #expect(throws: BlobError.self) {
            let conditions = ReadConditions(ifMatches: "\"other\"")
            _ = try await store.headParts("k", options: HeadOptions(conditions: conditions))
        }
        #expect(failed?.kind == .preconditionFailed)
    }

    @Test("a part's noted checksum is taken, if it is of this version", arguments: [false, true])
    func notes(_ isNewVersion: Bool) async throws {
        let store = store()
        let upload = try await begin(store, .sha256)
        _ = try await send(Self.texts, of: upload, store, [.sha256])
        // The first part's bytes go; if its time stays, only the note tells of it.
        let path = "\(folder.path)/.blob-storage/multipart/\(upload.id)/part-00001"
        var status = stat()
        #expect(stat(path, &status) == 0)
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.write(contentsOf: Data("abcdefgh".utf8))
        try handle.close()
        var times = [status.st_atim, status.st_mtim]
        if isNewVersion { times[1].tv_sec -= 1 }
        #expect(utimensat(AT_FDCWD, path, times, 0) == 0)
        let there = try await store.parts(of: upload)
        try await store.completeMultipartUpload(upload, parts: there)
        // Where the file system holds no note, the bytes that are there count.
        let isNoted = !isNewVersion && !folder.exists(".blob-storage/attributes")
        let texts = [isNoted ? "12345678" : "abcdefgh", "12345678", "end"]
        let checksums = texts.map { Checksum.of(Array($0.utf8), .sha256) }
        #expect(try await parts(store)?.checksum == .composite(of: checksums, .sha256))
    }

    @Test func aPartThatIsSentAgainCounts() async throws {
        let store = store()
        let upload = try await begin(store, .sha256)
        _ = try await send(["12345678", "other", "end"], of: upload, store, [.sha256])
        let body = BlobBody(Array("12345678".utf8))
        _ = try await store.uploadPart(2, of: upload, body, checksum: nil)
        try await store.completeMultipartUpload(upload, parts: try await store.parts(of: upload))
        #expect(try await parts(store)?.checksum?.base64 == Self.composites[.sha256])
    }

    @Test("remembers up to 256 runs of sizes", arguments: [256, 257])
    func runs(_ count: Int) async throws {
        let store = store()
        let upload = try await begin(store, .crc32)
        let texts = (0..<count).map { $0.isMultiple(of: 2) ? "a" : "bb" }
        let sent = try await send(texts, of: upload, store)
        let attributes = try await store.completeMultipartUpload(upload, parts: sent)
        let found = try await store.headParts("k", options: HeadOptions())
        #expect(found.attributes == attributes)
        guard count <= 256 else {
            #expect(found.parts == nil)
            return
        }
        #expect(found.parts?.byteCounts == texts.map { Int64($0.utf8.count) })
        #expect(found.parts?.checksum != nil)
    }

    /// A copy with `cp -a` keeps what is on the file, and loses what lies beside it.
    @Test func sizesDoNotPushTheUsersAttributesOffTheFile() async throws {
        let store = store()
        var options = MultipartOptions(metadata: ["a": String(repeating: "m", count: 2_000)])
        options.headers.contentDisposition =
            "attachment; filename=\(String(repeating: "n", count: 900))"
        options.compositeChecksum = .crc32
        let upload = try await store.createMultipartUpload("k", options: options)
        let texts = (0..<256).map { String(repeating: "x", count: 1_000 + $0) }
        let sent = try await send(texts, of: upload, store)
        let attributes = try await store.completeMultipartUpload(upload, parts: sent)
        #expect(attributes.metadata == options.metadata)
        #expect(try await store.head("k") == attributes)
        #expect(!folder.exists(".blob-storage/attributes"))
    }

    @Test("tags keep them, and copies and puts have none", arguments: DiskConfiguration.all)
    func changes(_ configuration: DiskConfiguration) async throws {
        let store = store(configuration)
        let upload = try await begin(store, .sha256)
        let sent = try await send(Self.texts, of: upload, store)
        try await store.completeMultipartUpload(upload, parts: sent)
        let before = try #require(try await parts(store))
        try await store.setTags(BlobTags(["a": "b"]), of: "k")
        #expect(try await parts(store) == before)
        try await store.copy("k", to: "copy")
        #expect(try await parts(store, "copy") == nil)
        let options = CopyOptions(attributes: .replace(ContentHeaders(), [:]))
        _ = try await store.copy("k", to: "k", options: options)
        #expect(try await parts(store) == nil)
        try await store.put("k", "1234567812345678end")
        #expect(try await parts(store) == nil)
    }

    @Test func aFileThatAnotherProgramChangedHasNone() async throws {
        let store = store()
        let upload = try await begin(store, .sha256)
        let sent = try await send(Self.texts, of: upload, store)
        try await store.completeMultipartUpload(upload, parts: sent)
        #expect(try await parts(store) != nil)
        // Of the same size, at another time.
        let handle = try #require(FileHandle(forWritingAtPath: folder.path + "/k"))
        try handle.write(contentsOf: Data("x".utf8))
        try handle.close()
        let time = timespec(tv_sec: 1_000_000_000, tv_nsec: 1)
        #expect(utimensat(AT_FDCWD, folder.path + "/k", [time, time], 0) == 0)
        #expect(try await parts(store) == nil)
        // New tags don't make them true again.
        try await store.setTags(BlobTags(["a": "b"]), of: "k")
        #expect(try await parts(store) == nil)
    }

    @Test func anotherProcessCompletesWhatOneBegan() async throws {
        let upload = try await begin(store(), .sha256)
        let sent = try await send(Self.texts, of: upload, store())
        try await store().completeMultipartUpload(upload, parts: sent)
        let composite = try await parts(store())?.checksum?.base64
        #expect(composite == Self.composites[.sha256])
    }
}
