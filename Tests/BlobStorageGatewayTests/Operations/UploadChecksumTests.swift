import BlobStorage
import BlobStorageHandler
import BlobStorageXML
import Testing

@testable import BlobStorageGateway

/// The checksum of a whole upload: S3 refuses a wrong one with `BadDigest` before there is an object.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
@Suite struct UploadChecksumTests {
    private struct Fixture {
        let folder: ScratchFolder
        let store: any MultipartBlobStore
        let client: RawClient
        let id: String
        let document: String

        init(
            _ backing: GatewayConformanceTests.Backing,
            _ headers: HTTPHeaders = [:],
            wrap: (any MultipartBlobStore) -> any MultipartBlobStore = { $0 }
        ) async throws {
            folder = try ScratchFolder()
            let base: any MultipartBlobStore =
                switch backing {
                case .memory: InMemoryStore()
                case .disk: try await folder.store()
                }
            store = wrap(base)
            client = RawClient(store)
            let made = try await client.send("POST", "/bucket/m?uploads", headers)
            id = try #require(try made.document.child("UploadId")?.text)
            let part = try await client.send(
                "PUT",
                "/bucket/m?partNumber=1&uploadId=\(id)",
                [:],
                "123456789"
            )
            document =
                "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>"
                + "<ETag>\(part.headers["ETag"] ?? "")</ETag></Part></CompleteMultipartUpload>"
        }

        func complete(_ headers: HTTPHeaders) async throws -> RawClient.Answer {
            try await client.send("POST", "/bucket/m?uploadId=\(id)", headers, document)
        }
    }

    /// Of `123456789`: https://reveng.sourceforge.io/crc-catalogue (CRC-32/ISCSI, CRC-64/NVME), and
    /// `sha256sum`.
    private static let checksums = [
        ("x-amz-checksum-crc32c", "4waSgw=="), ("x-amz-checksum-crc64nvme", "rosUhgp5mIg="),
        ("x-amz-checksum-sha256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
    ]

    @Test(
        "refuses a wrong one, keeps the upload, takes the right one",
        arguments: GatewayConformanceTests.Backing.allCases
    )
    func compares(_ backing: GatewayConformanceTests.Backing) async throws {
        for (name, value) in Self.checksums {
            for algorithm in [nil, "CRC64NVME"] {
                var headers = HTTPHeaders()
                headers["x-amz-checksum-algorithm"] = algorithm
                let fixture = try await Fixture(backing, headers)
                let bad = Checksum.of([1], try #require(Self.algorithm(name))).base64
                #expect(try await fixture.complete([name: bad]).code == "BadDigest")
                #expect(try await fixture.store.exists("m") == false)
                #expect(try await fixture.complete([name: value]).status == 200)
                #expect(try await fixture.client.send("GET", "/bucket/m").text == "123456789")
            }
        }
    }

    private static func algorithm(_ name: String) -> ChecksumAlgorithm? {
        ChecksumAlgorithm.allCases.first { ChecksumName.header($0) == name }
    }

    @Test func refusesWhatCannotBeCompared() async throws {
        let fixture = try await Fixture(.memory)
        let sum = "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=-1"
        #expect(try await fixture.complete(["x-amz-checksum-sha256": sum]).status == 400)
        #expect(try await fixture.complete(["x-amz-checksum-rot13": "AA=="]).status == 400)
        #expect(try await fixture.store.exists("m") == false)
        #expect(try await fixture.complete(["x-amz-checksum-type": "COMPOSITE"]).status == 200)
    }

    @Test func aStoreThatCannotCompareIsNotTrustedTo() async throws {
        let fixture = try await Fixture(.memory) { SimpleStore(base: $0) }
        let (name, value) = Self.checksums[0]
        #expect(try await fixture.complete([name: value]).code == "NotImplemented")
        #expect(try await fixture.complete([:]).status == 200)
    }

    @Test func aViewOfAStoreComparesToo() async throws {
        let fixture = try await Fixture(.memory) { $0.prefixed("p/") }
        let (name, value) = Self.checksums[0]
        #expect(try await fixture.complete([name: "AAAAAA=="]).code == "BadDigest")
        #expect(try await fixture.complete([name: value]).status == 200)
    }

    /// Uploads of one key stand in the order of their times, which is not that of their ids.
    @Test func listsUploadsInTheStoresOrder() async throws {
        let store = SimpleStore(base: InMemoryStore(), ids: ["z", "a", "m", "b"])
        let client = RawClient(store)
        for limit in 1...4 {
            var found: [String] = []
            var query = ""
            for _ in 0..<9 {
                let answer = try await client.send(
                    "GET",
                    "/bucket?uploads&max-uploads=\(limit)\(query)"
                )
                let root = try answer.document
                found += root.children(named: "Upload").compactMap { $0.child("UploadId")?.text }
                guard root.child("IsTruncated")?.text == "true" else { break }
                query =
                    "&key-marker=\(root.child("NextKeyMarker")?.text ?? "")"
                    + "&upload-id-marker=\(root.child("NextUploadIdMarker")?.text ?? "")"
            }
            #expect(found == ["z", "a", "m", "b"])
        }
        // The marker's upload is gone: none is left out.
        let gone = try await client.send("GET", "/bucket?uploads&key-marker=k&upload-id-marker=n")
        #expect(try gone.document.children(named: "Upload").count == 4)
    }
}
