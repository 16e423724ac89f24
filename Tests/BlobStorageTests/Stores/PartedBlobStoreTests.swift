import BlobStorage
import BlobStorageTestKit
import Foundation
import Testing

@Suite struct PartedBlobStoreTests {
    /// SHA-256 and SHA-1 of the digests of `12345678`, `12345678` and `end`, one behind the other, with
    /// Python's `hashlib`; CRC-32 in the same way, with `zlib`.
    private static let composites: [ChecksumAlgorithm: String] = [
        .sha256: "ESEB4G/r6mHlU4gPE2vE0GHrJLYcj8C+NFvEQ+f+hwM=",
        .sha1: "/Y2OhJ34M+hJhnr9KbyV3X94f0s=", .crc32: "occItg==",
    ]
    private static let texts = ["12345678", "12345678", "end"]
    private let base = InMemoryStore(
        multipartLimits: MultipartLimits(
            minimumPartByteCount: 0,
            maximumPartByteCount: 1 << 20,
            maximumPartCount: 10
        )
    )

    @discardableResult
    private func upload(
        _ store: any MultipartBlobStore,
        _ composite: ChecksumAlgorithm? = nil,
        key: BlobKey = "k"
    ) async throws -> BlobAttributes {
        var options = MultipartOptions()
        options.compositeChecksum = composite
        let upload = try await store.createMultipartUpload(key, options: options)
        var parts: [UploadedPart] = []
        for (index, text) in Self.texts.enumerated() {
            parts.append(try await store.uploadPart(index + 1, of: upload, Array(text.utf8)))
        }
        return try await store.completeMultipartUpload(upload, parts: parts)
    }

    private func parts(_ store: any BlobStore, _ key: BlobKey = "k") async throws -> BlobParts? {
        let store = try #require(store as? any PartedBlobStore)
        return try await store.headParts(key, options: HeadOptions()).parts
    }

    @Test func remembersSizesAndChecksum() async throws {
        try await upload(base)
        #expect(try await parts(base) == BlobParts(byteCounts: [8, 8, 3]))
        for (algorithm, composite) in Self.composites {
            let attributes = try await upload(base, algorithm)
            let found = try await base.headParts("k", options: HeadOptions())
            #expect(found.attributes == attributes)
            #expect(found.parts?.byteCounts == [8, 8, 3])
            #expect(found.parts?.checksum == (try Checksum(algorithm, base64: composite)))
        }
    }

    @Test func tagsKeepThemAndCopiesAndPutsHaveNone() async throws {
        try await upload(base, .sha256)
        try await base.setTags(BlobTags(["a": "b"]), of: "k")
        #expect(try await parts(base)?.byteCounts == [8, 8, 3])
        try await base.copy("k", to: "copy")
        #expect(try await parts(base, "copy") == nil)
        try await base.put("k", "1234567812345678end")
        #expect(try await parts(base) == nil)
    }

    @Test func conditionsHoldForTheLook() async throws {
        try await upload(base)
        for (conditions, kind) in [
            (ReadConditions(ifMatches: "\"other\""), BlobError.Kind.preconditionFailed),
            (ReadConditions(ifNoneMatches: try await base.head("k").etag), .notModified),
        ] {
            let error = await #expect(throws: BlobError.self) {
                _ = try await base.headParts("k", options: HeadOptions(conditions: conditions))
            }
            #expect(error?.kind == kind)
        }
    }

    @Test func tellsWhereAPartLies() {
        let parts = BlobParts(byteCounts: [8, 0, 3])
        #expect((0...4).map { parts.range(ofPart: $0) } == [nil, 0..<8, 8..<8, 8..<11, nil])
        #expect(BlobParts(byteCounts: []).range(ofPart: 1) == nil)
    }

    @Test func viewsOfAStoreTellThem() async throws {
        let operations = Locked<[String]>([])
        let observer = BlobObserver { operation in
            operations.withLock { $0.append(operation.name) }
            return { _ in }
        }
        let views: [any MultipartBlobStore] = [
            base, base.prefixed("p/"), base.observed(by: observer),
            base.evented(as: "files") { _ in }, FaultyStore(base, .scripted([])),
            InMemoryStore().migrating(to: base),
        ]
        for view in views {
            let attributes = try await upload(view, .sha256, key: "v")
            let parted = try #require(view as? any PartedBlobStore)
            let found = try await parted.headParts("v", options: HeadOptions())
            #expect(found.attributes == attributes)
            #expect(found.parts?.byteCounts == [8, 8, 3])
            #expect(found.parts?.checksum?.base64 == Self.composites[.sha256])
            try await base.delete("v")
            try await base.delete("p/v")
            let error = await #expect(throws: BlobError.self) {
                _ = try await parted.headParts("v", options: HeadOptions())
            }
            #expect(error?.kind == .notFound && error?.key == "v")
        }
        #expect(operations.withLock { $0.filter { $0 == "head" }.count } == 2)
        try await upload(base)
        #expect(try await parts(base.readOnly())?.byteCounts == [8, 8, 3])
    }

    @Test func whatIsOnlyInTheOldStoreTellsThemToo() async throws {
        let old = InMemoryStore(multipartLimits: base.multipartLimits)
        try await upload(old)
        let store = old.migrating(to: base)
        #expect(try await parts(store)?.byteCounts == [8, 8, 3])
        try await base.put("k", "new")
        #expect(try await parts(store) == nil)
        // Where the old store remembers none, there is none.
        try await base.delete("k")
        #expect(try await parts(InterceptedStore(old).migrating(to: base)) == nil)
    }

    @Test func aStoreThatRemembersNoneIsNoSuchStore() {
        #expect(InterceptedStore(base).prefixed("p/") as? any PartedBlobStore == nil)
        #expect(InterceptedStore(base).readOnly() as? any PartedBlobStore == nil)
    }
}
