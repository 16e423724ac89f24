import BlobStorage
import Foundation
import Testing

@Suite struct ShortFormTests {
    private let store = InMemoryStore()

    @Test func existsTellsOnlyWhatTheStoreTells() async throws {
        try await store.put("a", "")
        #expect(try await store.exists("a"))
        #expect(try await !store.exists("b"))
        let refusing = RefusingStore(refused: ["a"])
        let error = try await #require(throws: BlobError.self) {
            _ = try await refusing.exists("a")
        }
        #expect(error.kind == .permissionDenied)
    }

    @Test func bytesDataAndTextAreTheSame() async throws {
        try await store.put("bytes", [0x68, 0x69])
        try await store.put("data", Data([0x68, 0x69]))
        try await store.put("text", "hi")
        for key in ["bytes", "data", "text"] as [BlobKey] {
            #expect(try await store.bytes(key, upTo: 2) == [0x68, 0x69])
            #expect(try await store.data(key, upTo: 2) == Data([0x68, 0x69]))
            #expect(try await store.text(key, upTo: 2) == "hi")
        }
        #expect(try await store.data("data", upTo: 1, range: .suffix(1)) == Data([0x69]))
    }

    @Test func textIsNeverRepaired() async throws {
        try await store.put("a", [0x68, 0xFF])
        let error = try await #require(throws: BlobError.self) {
            _ = try await store.text("a", upTo: 9)
        }
        #expect(error.kind == .corrupted && error.key == "a")
        // A byte order mark is a character like any other.
        try await store.put("b", "\u{FEFF}e\u{301}\r\n")
        let text = try await store.text("b", upTo: 99)
        #expect(Array(text.utf8) == Array("\u{FEFF}e\u{301}\r\n".utf8))
    }

    @Test func bytesTakesACapAndARange() async throws {
        try await store.put("a", "0123456789")
        #expect(try await store.bytes("a", upTo: 3, range: .suffix(3)) == Array("789".utf8))
        let error = try await #require(throws: BlobError.self) {
            _ = try await store.bytes("a", upTo: 9)
        }
        #expect(error.kind == .tooLarge && error.key == "a" && error.operation == "get")
        #expect(try await store.get("a", range: .bounded(2..<4)).range == 2..<4)
    }

    @Test func aListingGoesOverAllPages() async throws {
        for number in 0..<2_345 { try await store.put(BlobKey("k/\(number)"), "") }
        try await store.put("z", "")
        var keys: [BlobKey] = []
        for try await blob in store.list(prefix: "k/") { keys.append(blob.key) }
        #expect(keys.count == 2_345 && keys == keys.sorted())
        var rest: [BlobKey] = []
        for try await blob in store.list(startAfter: "k/998") { rest.append(blob.key) }
        #expect(rest == ["k/999", "z"])
    }

    @Test func aListingWithADelimiterGivesBoth() async throws {
        for key in ["a", "a/b", "a/c", "a0", "b/c"] as [BlobKey] { try await store.put(key, "") }
        var texts: [String] = []
        for try await entry in store.list(delimiter: "/") { texts.append(entry.text) }
        #expect(texts == ["a", "a/", "a0", "b/"])
    }

    @Test func aPageWithoutABlobDoesNotEndAListing() async throws {
        // A page may hold nothing but common prefixes.
        for number in 0..<1_500 { try await store.put(BlobKey("\(number)/x"), "") }
        try await store.put("zz", "")
        var count = 0
        for try await _ in store.list(delimiter: "/") { count += 1 }
        #expect(count == 1_501)
    }

    @Test func partsAreListedOverAllPages() async throws {
        let upload = try await store.createMultipartUpload("a")
        for number in (1...1_003).reversed() {
            _ = try await store.uploadPart(number, of: upload, [1])
        }
        #expect(try await store.parts(of: upload).map(\.number) == Array(1...1_003))
    }

    @Test func anUploadIsCompletedWithoutACondition() async throws {
        let upload = try await store.createMultipartUpload("a")
        let part = try await store.uploadPart(1, of: upload, [1, 2])
        #expect(try await store.completeMultipartUpload(upload, parts: [part]).byteCount == 2)
    }
}
