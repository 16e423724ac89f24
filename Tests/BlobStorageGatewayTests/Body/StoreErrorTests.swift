import BlobStorage
import BlobStorageAWS
import BlobStorageDisk
import BlobStorageHandler
import BlobStorageS3
import BlobStorageTransportTestSupport
import Foundation
import Testing

@testable import BlobStorageGateway

/// Each store passes on what a wrong body says of itself, and keeps nothing.
@Suite struct StoreErrorTests {
    /// A body of nine bytes that are not those of their checksum.
    private func wrongBody() throws -> BlobBody {
        let bytes = CutBytes(bytes: [UInt8]("123456780".utf8), size: 4)
        let headers: HTTPHeaders = ["x-amz-checksum-crc32": "y/Q5Jg=="]
        return try BodyFixture.stranger(headers, BlobBody(bytes, byteCount: 9)).body
    }

    private func refuse(_ store: any BlobStore) async throws {
        let error = await #expect(throws: GatewayError.self) {
            _ = try await store.put("k", try wrongBody(), options: PutOptions())
        }
        #expect(error?.code == "BadDigest")
    }

    @Test func inMemory() async throws {
        let store = InMemoryStore()
        try await refuse(store)
        #expect(try await store.exists("k") == false)
    }

    @Test func onDisk() async throws {
        let path = NSTemporaryDirectory() + "/blob-storage-tests-\(UUID())"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let store = LocalDiskStore(root: path, durability: .relaxed)
        try await store.prepare()
        try await refuse(store)
        #expect(try await store.exists("k") == false)
    }

    @Test func onS3() async throws {
        let server = try RawServer { connection in
            // Answers nobody: the client must give up by itself.
            while try connection.readRequest() != nil {}
        }
        var configuration = S3Configuration(
            bucket: "bucket",
            region: "us-east-1",
            endpoint: "http://127.0.0.1:\(server.port)",
            credentials: StaticCredentials(GatewayFixture.credentials)
        )
        configuration.maximumAttempts = 1
        try await refuse(try S3Store(configuration))
    }

    @Test func inParts() async throws {
        let store = InMemoryStore()
        let upload = try await store.createMultipartUpload("k", options: MultipartOptions())
        let error = await #expect(throws: GatewayError.self) {
            _ = try await store.uploadPart(1, of: upload, try wrongBody(), checksum: nil)
        }
        #expect(error?.code == "BadDigest")
    }
}
