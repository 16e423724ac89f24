import BlobStorage
import Foundation
import Testing

@Suite struct InMemoryStoreTests {
    private let store = InMemoryStore(now: { Date(timeIntervalSince1970: 1_000) })

    @Test func attributesAreTheSameFromEveryCall() async throws {
        let options = PutOptions(
            headers: ContentHeaders(contentLanguage: "de"),
            metadata: ["name": "v\u{e9}"],
            checksum: .compute(.crc32C)
        )
        let put = try await store.put("a.txt", "hello", options: options)
        #expect(put.byteCount == 5 && put.lastModified == Date(timeIntervalSince1970: 1_000))
        #expect(put.headers == ContentHeaders(contentType: "text/plain", contentLanguage: "de"))
        #expect(put.checksum == Checksum.of(Array("hello".utf8), .crc32C))
        #expect(try await store.head("a.txt") == put)
        #expect(try await store.get("a.txt").attributes == put)
        let listed = try await store.list(ListOptions()).blobs
        #expect(listed.map(\.etag) == [put.etag])
        #expect(listed.map(\.byteCount) == [5])
    }

    @Test func noTwoVersionsShareAnETag() async throws {
        var seen: Set<ETag> = []
        for _ in 0..<10 { seen.insert(try await store.put("a", "same").etag) }
        seen.insert(try await store.copy("a", to: "b").etag)
        try await store.delete("a")
        seen.insert(try await store.put("a", "same").etag)
        #expect(seen.count == 12)
    }

    @Test func aReaderKeepsTheVersionItBeganWith() async throws {
        try await store.put("a", "old")
        let blob = try await store.get("a")
        try await store.put("a", "new")
        try await store.delete("a")
        #expect(try await blob.body.collect(upTo: 9) == Array("old".utf8))
    }

    @Test func aFailedPutLeavesTheOldBlob() async throws {
        let old = try await store.put("a", "old")
        let body = BlobBody(ChunkSource([[1]], failure: SourceFailure()))
        await #expect(throws: SourceFailure()) { try await store.put("a", body) }
        let cut = BlobBody(ChunkSource([[1]]), byteCount: 2)
        await #expect(throws: BlobError.self) { try await store.put("a", cut) }
        let wrong = PutOptions(checksum: .expect(.of([9], .sha256)))
        await #expect(throws: BlobError.self) { try await store.put("a", "new", options: wrong) }
        #expect(try await store.head("a") == old)
    }

    @Test func optionsAreCheckedBeforeTheBodyIsRead() async throws {
        let source = ChunkSource([[1]])
        let options = PutOptions(metadata: ["BAD": "v"])
        await #expect(throws: BlobError.self) {
            try await store.put("a", BlobBody(source), options: options)
        }
        #expect(source.taken.withLock { $0 } == 0)
    }

    @Test func ofManyCreatorsOneWins() async throws {
        let store = store
        let winners = await withTaskGroup(of: Int.self) { group in
            for number in 0..<100 {
                group.addTask {
                    let options = PutOptions(condition: .ifAbsent)
                    let blob = try? await store.put("a", "\(number)", options: options)
                    return blob == nil ? 0 : 1
                }
            }
            return await group.reduce(0, +)
        }
        #expect(winners == 1)
    }

    @Test func twinsOfUnicodeAreTwoBlobs() async throws {
        try await store.put("\u{e9}", "composed")
        try await store.put("e\u{301}", "decomposed")
        #expect(try await store.bytes("\u{e9}", upTo: 99) == Array("composed".utf8))
        let page = try await store.list(ListOptions(prefix: "e"))
        #expect(utf8(page.blobs.map(\.key.text)) == utf8(["e\u{301}"]))
    }

    @Test func aLimitOfPartsOutOfBoundsIsToldOfTheRightOperation() async throws {
        let upload = try await store.createMultipartUpload("a")
        let error = try await #require(throws: BlobError.self) {
            _ = try await store.listParts(of: upload, startAfter: 0, limit: 1_001)
        }
        #expect(error.kind == .invalidArgument && error.operation == "listParts")
    }

    @Test func anUploadIsNamedExactly() async throws {
        let upload = try await store.createMultipartUpload("a")
        _ = try await store.uploadPart(1, of: upload, [1])
        for id in ["+\(upload.id)", "0\(upload.id)", String(upload.id.drop { $0 == "0" }), ""] {
            let twin = MultipartUpload(key: "a", id: id)
            let error = try await #require(throws: BlobError.self) {
                _ = try await store.parts(of: twin)
            }
            #expect(error.kind == .notFound)
            try await store.abortMultipartUpload(twin)
        }
        #expect(try await store.parts(of: upload).count == 1)
    }
}
