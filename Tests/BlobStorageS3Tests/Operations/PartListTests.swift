import BlobStorage
import BlobStorageS3
import BlobStorageTransportTestSupport
import Testing

@Suite struct PartListTests {
    @Test(.timeLimit(.minutes(5))) func aListThatLeadsBackIsAnError() async throws {
        let document =
            "<ListPartsResult><Bucket>bucket</Bucket><Key>a</Key><UploadId>u</UploadId>"
            + "<NextPartNumberMarker>1</NextPartNumberMarker><IsTruncated>true</IsTruncated>"
            + "<Part><PartNumber>1</PartNumber><ETag>\"e\"</ETag><Size>5</Size></Part>"
            + "</ListPartsResult>"
        let head = "HTTP/1.1 200 OK\r\nContent-Length: \(document.utf8.count)\r\n\r\n"
        let server = try RawServer(answering: head + document)
        let credentials = AWSCredentials(accessKeyID: "id", secretAccessKey: "secret")
        let store = try S3Store(
            S3Configuration(
                bucket: "bucket",
                endpoint: "http://127.0.0.1:\(server.port)",
                vendor: .custom,
                credentials: StaticCredentials(credentials)
            )
        )
        let upload = MultipartUpload(key: "a", id: "u")
        let error = await #expect(throws: BlobError.self) { try await store.parts(of: upload) }
        #expect(error?.kind == .corrupted && error?.key == "a")
        #expect(server.record.heads.withLock { $0.count } == 2)
    }
}
