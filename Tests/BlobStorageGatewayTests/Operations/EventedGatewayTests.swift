import BlobStorage
import BlobStorageHandler
import BlobStorageS3
import BlobStorageXML
import Testing

@testable import BlobStorageGateway

/// A gateway over a store that tells of its changes: what browsers and clients of S3 upload is told.
@Suite struct EventedGatewayTests {
    private let base = InMemoryStore()
    private let told = Locked<[BlobEvent]>([])

    private var store: some MultipartBlobStore & TaggedBlobStore {
        let told = told
        return base.evented(as: "bucket") { event in told.withLock { $0.append(event) } }
    }

    /// What was told since this was asked before.
    private func news() -> [String] {
        told.withLock { told in
            defer { told = [] }
            return told.map { "\($0.name) \($0.key)" }
        }
    }

    @Test func clientsOfS3AreSeen() async throws {
        let client = try ServedGateway(store).store()
        let put = try await client.put("a", "123")
        let event = try #require(told.withLock { $0.first })
        // The etag is the one that the client got.
        #expect(event.etag == put.etag && event.byteCount == 3)
        #expect(news() == ["ObjectCreated:Put a"])
        try await client.copy("a", to: "b")
        #expect(news() == ["ObjectCreated:Copy b"])
        try await client.setTags(BlobTags(["k": "v"]), of: "b")
        #expect(news() == ["ObjectTagging:Put b"])
        try await client.delete("a")
        #expect(news() == ["ObjectRemoved:Delete a"])
        _ = try await client.delete(["b", "c"])
        #expect(news().sorted() == ["ObjectRemoved:Delete b", "ObjectRemoved:Delete c"])
        _ = try await client.list(ListOptions())
        #expect(news() == [])
    }

    @Test("uploads in parts", arguments: [nil, .sha256, .crc64NVME] as [ChecksumAlgorithm?])
    func parts(_ checksum: ChecksumAlgorithm?) async throws {
        let client = try ServedGateway(store).store()
        let options = MultipartOptions(checksum: checksum)
        let upload = try await client.createMultipartUpload("a", options: options)
        let part = try await client.uploadPart(1, of: upload, BlobBody([1, 2, 3]), checksum: nil)
        #expect(news() == [])
        let blob = try await client.completeMultipartUpload(
            upload,
            parts: [part],
            condition: .none
        )
        #expect(told.withLock { $0.first?.etag } == blob.etag)
        #expect(news() == ["ObjectCreated:CompleteMultipartUpload a"])
    }

    @Test func aCompletionThatNamesAChecksumIsSeen() async throws {
        let client = RawClient(store)
        let begun = try await client.send(
            "POST",
            "/bucket/a?uploads",
            ["x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": "FULL_OBJECT"],
            ""
        )
        let id = try #require(try begun.document.child("UploadId")?.text)
        let part = try await client.send("PUT", "/bucket/a?partNumber=1&uploadId=\(id)", [:], "123")
        let etag = try #require(part.headers["ETag"])
        let document = """
            <CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>\(etag)</ETag></Part>\
            </CompleteMultipartUpload>
            """
        let whole = Checksum.of([UInt8]("123".utf8), .crc32).base64
        for (checksum, status) in [("AAAAAA==", 400), (whole, 200)] {
            #expect(news() == [])
            let headers: HTTPHeaders = [
                "x-amz-checksum-crc32": checksum, "x-amz-checksum-type": "FULL_OBJECT",
            ]
            let answer = try await client.send(
                "POST",
                "/bucket/a?uploadId=\(id)",
                headers,
                document
            )
            #expect(answer.status == status)
        }
        #expect(news() == ["ObjectCreated:CompleteMultipartUpload a"])
    }

    @Test func formsOfBrowsersAreSeen() async throws {
        var configuration = S3GatewayConfiguration(
            buckets: FixedBuckets(["examplebucket": store]),
            accessKeys: [GatewayAccessKey(GatewayFixture.credentials)]
        )
        configuration.region = "eu-west-1"
        let client = RawClient(S3Gateway(configuration, time: GatewayFixture.time()))
        let bytes = FormFixture().bytes
        let answer = try await client.send(
            "POST",
            "/examplebucket",
            ["Content-Type": "multipart/form-data; boundary=\(FormFixture.boundary)"],
            BlobBody(bytes)
        )
        #expect(answer.status == 204)
        let event = try #require(told.withLock { $0.first })
        #expect(event.etag?.text == answer.headers["ETag"] && event.byteCount == 1_000)
        #expect(news() == ["ObjectCreated:Put u/cat.jpg"])
    }
}
