import BlobStorage
import BlobStorageAWS
import Foundation
import Testing

@testable import BlobStorageS3

/// What S3Store has beyond BlobStore, on the strict server.
@Suite(.enabled(if: TestServer.ceph != nil, "SKIPPED: no server CEPH; see Tests/Servers"))
struct S3FeatureTests {
    private func server() throws -> TestServer {
        try #require(TestServer.ceph)
    }

    @Test func largeBlobsGoByPartsAndComeBackInOrder() async throws {
        let store = try await server().newStore { $0.readsInParallel = true }
        let bytes = pattern(40 << 20)
        let written = try await store.put("large", BlobBody(bytes), options: PutOptions())
        #expect(written.etag.text.hasSuffix("-5\""))
        #expect(written.checksum == .of(bytes, .crc64NVME))
        let blob = try await store.get("large")
        #expect(try await blob.body.collect(upTo: bytes.count) == bytes)
        let part = try await store.get("large", range: .bounded(5_000_000..<30_000_001))
        #expect(
            try await part.body.collect(upTo: bytes.count) == Array(bytes[5_000_000..<30_000_001])
        )
    }

    @Test func streamsOfUnknownLengthGoByParts() async throws {
        let store = try await server().newStore()
        let bytes = pattern(20 << 20)
        let chunks = AsyncStream { continuation in
            for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
                continuation.yield(Array(bytes[start..<start + (1 << 20)]))
            }
            continuation.finish()
        }
        _ = try await store.put("stream", BlobBody(chunks), options: PutOptions())
        #expect(try await store.get("stream").body.collect(upTo: bytes.count) == bytes)
        #expect(try await openUploads(store).isEmpty)
    }

    @Test func aFailedStreamLeavesNoParts() async throws {
        let store = try await server().newStore()
        let body = BlobBody(FailingChunks(chunkCount: 20))
        await #expect(throws: FailingChunks.Stopped.self) {
            try await store.put("stream", body, options: PutOptions())
        }
        #expect(try await !store.exists("stream"))
        #expect(try await openUploads(store).isEmpty)
    }

    @Test func largeCopiesGoByParts() async throws {
        let store = try await server().newStore()
        let bytes = pattern(24 << 20)
        let options = PutOptions(metadata: ["a": "é"])
        _ = try await store.put("source", BlobBody(bytes), options: options)
        let source = try await store.head("source")
        let copy = try await store.copyParts(source, to: "copy", CopyOptions(), byteCount: 10 << 20)
        #expect(copy.etag.text.hasSuffix("-3\""))
        #expect(copy.metadata == ["a": "é"])
        #expect(try await store.get("copy").body.collect(upTo: bytes.count) == bytes)
    }

    @Test func tagsAreKeptAndReplaced() async throws {
        let store = try await server().newStore()
        let tags = try BlobTags(["team": "a b", "kind": "ü+/="])
        try await store.tagging(tags).put("a", "text")
        #expect(try await store.tags(of: "a") == tags)
        try await store.setTags(BlobTags(["only": "one"]), of: "a")
        #expect(try await store.tags(of: "a") == BlobTags(["only": "one"]))
        try await store.deleteTags(of: "a")
        #expect(try await store.tags(of: "a").count == 0)
    }

    @Test func rulesForOtherOriginsAreSetReadAndRemoved() async throws {
        let store = try await server().newStore()
        #expect(try await store.corsRules().isEmpty)
        let rules = [
            CORSRule(origins: ["https://app.example"], methods: ["PUT", "POST"]),
            CORSRule(
                origins: ["https://*.example"],
                methods: ["GET", "HEAD"],
                allowedHeaders: ["x-a", "x-b-*"],
                exposedHeaders: ["ETag"],
                maximumAgeSeconds: nil
            ),
        ]
        try await store.setCORSRules(rules)
        let kept = try await store.corsRules()
        #expect(kept.map { Set($0.origins) } == rules.map { Set($0.origins) })
        #expect(kept.map(\.methods) == rules.map(\.methods))
        #expect(kept.map { Set($0.allowedHeaders) } == rules.map { Set($0.allowedHeaders) })
        #expect(kept.map { Set($0.exposedHeaders) } == rules.map { Set($0.exposedHeaders) })
        #expect(kept.map(\.maximumAgeSeconds) == rules.map(\.maximumAgeSeconds))
        // What it is for: the browser asks, and is allowed to upload by the presigned URL.
        let request = try await store.presign(.put, "a b", expiresIn: .seconds(60))
        func preflight(_ origin: String) throws -> CurlCommand.Answer {
            try CurlCommand.send(request) { message in
                message.method = "OPTIONS"
                message.headers = ["origin": origin, "access-control-request-method": "PUT"]
            }
        }
        let allowed = try preflight("https://app.example")
        #expect(allowed.status == 200)
        #expect(allowed.headers["access-control-allow-origin"] == "https://app.example")
        #expect(try preflight("https://other.test").status == 403)
        try await store.setCORSRules([])
        #expect(try await store.corsRules().isEmpty)
        #expect(try preflight("https://app.example").status == 403)
    }

    @Test func customerKeysAreNeededToRead() async throws {
        let server = try #require(TestServer.all.first { $0.name == "CEPH" && $0.access == .tls })
        let key = try S3CustomerKey((0..<32).map { UInt8($0) })
        let store = try await server.newStore { $0.encryption = .customerKey(key) }
        let bytes = pattern(20 << 20)
        try await store.put("small", "secret")
        _ = try await store.put("large", BlobBody(bytes), options: PutOptions())
        #expect(try await store.get("large").body.collect(upTo: bytes.count) == bytes)
        try await store.copy("small", to: "copy")
        #expect(try await store.get("copy").body.collect(upTo: 10) == Array("secret".utf8))
        var plain = store.configuration
        plain.encryption = .bucketDefault
        let other = try S3Store(plain)
        let error = await #expect(throws: BlobError.self) { try await other.get("small") }
        #expect(error?.kind == .invalidArgument)
    }

    @Test func versionsAreListedReadAndDeleted() async throws {
        let server = try server()
        let store = try await server.newStore()
        try await server.keepVersions(in: store.configuration.bucket)
        try await store.put("a", "one")
        try await store.put("a", "two")
        try await store.delete("a")
        let versions = try await store.listVersions(prefix: "a").versions
        #expect(versions.map(\.isLatest) == [true, false, false])
        #expect(versions.map { $0.content?.byteCount } == [nil, 3, 3])
        let first = try #require(versions.last)
        let blob = try await store.get("a", version: first.id)
        #expect(try await blob.body.collect(upTo: 10) == Array("one".utf8))
        #expect(try await store.head("a", version: first.id).etag == first.content?.etag)
        for version in versions { try await store.delete("a", version: version.id) }
        #expect(try await store.listVersions(prefix: "a").versions.isEmpty)
        var page = try await store.listVersions(limit: 1)
        #expect(page.continuationToken == nil)
        for name in ["b", "c"] { try await store.put(BlobKey(name), "x") }
        page = try await store.listVersions(limit: 1)
        let token = try #require(page.continuationToken)
        let rest = try await store.listVersions(continuationToken: token)
        #expect((page.versions + rest.versions).map(\.key) == ["b", "c"])
    }

    @Test func aRoleIsAssumed() async throws {
        let server = try server()
        let role = try #require(server["STS_ROLE_ARN"])
        let credentials = AssumedRoleCredentials(
            role: role,
            source: server.credentials,
            region: server["REGION"] ?? "us-east-1",
            endpoint: server["STS_ENDPOINT"]
        )
        let temporary = try await credentials.credentials()
        #expect(temporary.sessionToken != nil)
        #expect(temporary.expiration != nil)
    }

    @Test func prepareMakesTheBucketOnce() async throws {
        let store = try await server().newStore()
        try await store.prepare()
        let configuration = try server().configuration(
            bucket: "never-made-\(UUID().uuidString.lowercased())"
        )
        let other = try S3Store(configuration)
        let missing = await #expect(throws: BlobError.self) { try await other.get("a") }
        #expect(missing?.kind == .storeNotFound)
    }

    @Test func wrongCredentialsAreToldApart() async throws {
        let server = try server()
        let store = try await server.newStore()
        var configuration = store.configuration
        configuration.credentials = StaticCredentials(
            AWSCredentials(accessKeyID: "NOSUCHKEY", secretAccessKey: "x")
        )
        let unknown = await #expect(throws: BlobError.self) {
            try await S3Store(configuration).get("a")
        }
        #expect(unknown?.kind == .unauthenticated)
        #expect(unknown?.remote?.code == "InvalidAccessKeyId")
        #expect(unknown?.remote?.requestID != nil)
        configuration.credentials = StaticCredentials(
            AWSCredentials(
                accessKeyID: server["OTHER_ACCESS_KEY_ID"] ?? "",
                secretAccessKey: server["OTHER_SECRET_ACCESS_KEY"] ?? ""
            )
        )
        let other = await #expect(throws: BlobError.self) {
            try await S3Store(configuration).put("a", "x")
        }
        #expect(other?.kind == .permissionDenied)
    }

    private func openUploads(_ store: S3Store) async throws -> [ListedMultipartUpload] {
        try await store.listMultipartUploads(prefix: "", continuationToken: nil, limit: 10).uploads
    }

    private func pattern(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ ($0 >> 13)) }
    }
}

/// Some MiB of chunks, and then an error.
private struct FailingChunks: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    struct Stopped: Error {}

    let chunkCount: Int

    func makeAsyncIterator() -> Iterator { Iterator(left: chunkCount) }

    struct Iterator: AsyncIteratorProtocol {
        var left: Int

        mutating func next() async throws -> [UInt8]? {
            guard left > 0 else { throw Stopped() }
            left -= 1
            return [UInt8](repeating: 7, count: 1 << 20)
        }
    }
}
