import BlobStorage
import BlobStorageDisk
import Foundation
import Testing

@Suite struct SmokeTests {
    @Test func walksThroughItsLife() async throws {
        let root = NSTemporaryDirectory() + "/blob-\(UUID())"
        defer { try? FileManager.default.removeItem(atPath: root) }
        let store = LocalDiskStore(root: root)
        try await store.prepare()
        let a = try await store.put("a", "hello")
        try await store.put("a/b", "inside", options: PutOptions(metadata: ["x": "ü"]))
        try await store.put("a/../..//c%", "odd")
        try await store.put("x.jpg", "p", options: PutOptions(checksum: .compute(.sha256)))
        #expect(try await store.head("a").etag == a.etag)
        #expect(try await store.head("a/b").metadata["x"] == "ü")
        #expect(try await store.bytes("a", upTo: 10) == Array("hello".utf8))
        var keys: [String] = []
        for try await blob in store.list() { keys.append(blob.key.text) }
        #expect(keys == ["a", "a/../..//c%", "a/b", "x.jpg"])
        let up = try await store.createMultipartUpload("m", options: .init(checksum: .crc64NVME))
        let p = try await store.uploadPart(2, of: up, [1, 2, 3])
        #expect(
            try await store.listMultipartUploads(prefix: "", continuationToken: nil, limit: 3)
                .uploads.count == 1
        )
        let m = try await store.completeMultipartUpload(up, parts: [p])
        #expect(m.byteCount == 3 && m.checksum != nil)
        try await store.copy("x.jpg", to: "y.bin")
        #expect(try await store.head("y.bin").headers.contentType == "image/jpeg")
        let n = try await store.deleteAll(prefix: "")
        #expect(n == 6)
        #expect(try FileManager.default.contentsOfDirectory(atPath: root) == [".blob-storage"])
    }
}
