import BlobStorage
import BlobStorageDisk
import BlobStorageHandler
import BlobStorageXML
import Testing

/// A gateway over a store that takes parts of any size.
struct PartedFixture: Sendable {
    static let texts = ["12345678", "12345678", "end"]
    static let whole = "1234567812345678end"
    /// SHA-256 of the digests of those texts, one behind the other, with Python's `hashlib`.
    static let sha256 = "ESEB4G/r6mHlU4gPE2vE0GHrJLYcj8C+NFvEQ+f+hwM="
    /// CRC-32 in the same way, with `zlib`.
    static let crc32 = "occItg=="

    static let limits = MultipartLimits(
        minimumPartByteCount: 0,
        maximumPartByteCount: 1 << 20,
        maximumPartCount: 10_000
    )

    let folder: ScratchFolder
    let store: any MultipartBlobStore
    let client: RawClient

    init(
        _ backing: GatewayConformanceTests.Backing,
        wrap: (any MultipartBlobStore) -> any BlobStore = { $0 }
    ) async throws {
        folder = try ScratchFolder()
        store =
            switch backing {
            case .memory: InMemoryStore(multipartLimits: Self.limits)
            case .disk:
                LocalDiskStore(
                    root: folder.path,
                    durability: .relaxed,
                    multipartLimits: Self.limits
                )
            }
        client = RawClient(wrap(store))
    }

    /// Begins an upload.
    func begin(_ headers: HTTPHeaders = [:]) async throws -> RawClient.Answer {
        try await client.send("POST", "/bucket/m?uploads", headers)
    }

    /// Sends parts and completes the upload.
    func complete(
        _ begun: RawClient.Answer,
        _ texts: [String] = texts,
        partHeaders: (String) -> HTTPHeaders = { _ in [:] },
        checksums: (String) -> String = { _ in "" }
    ) async throws -> RawClient.Answer {
        let id = try #require(try begun.document.child("UploadId")?.text)
        var document = ""
        for (index, text) in texts.enumerated() {
            let part = try await client.send(
                "PUT",
                "/bucket/m?partNumber=\(index + 1)&uploadId=\(id)",
                partHeaders(text),
                text
            )
            let etag = try #require(part.headers["ETag"])
            document +=
                "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(etag)</ETag>"
                + "\(checksums(text))</Part>"
        }
        return try await client.send(
            "POST",
            "/bucket/m?uploadId=\(id)",
            [:],
            "<CompleteMultipartUpload>\(document)</CompleteMultipartUpload>"
        )
    }

    /// Uploads the blob `m` in parts.
    func upload(_ headers: HTTPHeaders = [:], _ texts: [String] = texts) async throws {
        let answer = try await complete(try await begin(headers), texts)
        #expect(answer.status == 200)
    }
}
