import BlobStorage
import BlobStorageHandler
import BlobStorageXML
import Testing

@testable import BlobStorageGateway

/// Checksums over the checksums of parts.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
@Suite struct CompositeChecksumTests {
    typealias Backing = GatewayConformanceTests.Backing

    private static let mode: HTTPHeaders = ["x-amz-checksum-mode": "ENABLED"]

    @Test(
        "is told by completion, reads and attributes",
        arguments: Backing.allCases,
        [ChecksumAlgorithm.sha256, .crc32]
    )
    func composite(_ backing: Backing, _ algorithm: ChecksumAlgorithm) async throws {
        let isSHA = algorithm == .sha256
        let name = isSHA ? "SHA256" : "CRC32"
        let header = isSHA ? "x-amz-checksum-sha256" : "x-amz-checksum-crc32"
        let element: StaticString = isSHA ? "ChecksumSHA256" : "ChecksumCRC32"
        let base64 = isSHA ? PartedFixture.sha256 : PartedFixture.crc32
        func sum(_ text: String) -> String { Checksum.of(Array(text.utf8), algorithm).base64 }
        for (type, tells) in [(nil, true), ("COMPOSITE", true), ("composite", false)] {
            let fixture = try await PartedFixture(backing)
            var headers: HTTPHeaders = ["x-amz-checksum-algorithm": name]
            headers["x-amz-checksum-type"] = type
            let begun = try await fixture.begin(headers)
            #expect(begun.headers["x-amz-checksum-algorithm"] == name)
            #expect(begun.headers["x-amz-checksum-type"] == "COMPOSITE")
            let done = try await fixture.complete(
                begun,
                partHeaders: { tells ? [header: sum($0)] : [:] },
                checksums: { tells ? "<\(element)>\(sum($0))</\(element)>" : "" }
            )
            #expect(try done.document.child(element)?.text == base64 + "-3")
            #expect(try done.document.child("ChecksumType")?.text == "COMPOSITE")
            for method in ["GET", "HEAD"] {
                let told = try await fixture.client.send(method, "/bucket/m", Self.mode)
                #expect(told.status == 200)
                #expect(told.headers[header] == base64 + "-3")
                #expect(told.headers["x-amz-checksum-type"] == "COMPOSITE")
                var range = Self.mode
                range["Range"] = "bytes=0-1"
                for plain in [HTTPHeaders(), range] {
                    let answer = try await fixture.client.send(method, "/bucket/m", plain)
                    #expect(answer.headers[header] == nil)
                    #expect(answer.headers["x-amz-checksum-type"] == nil)
                }
            }
            let attributes = try await fixture.client.send(
                "GET",
                "/bucket/m?attributes",
                ["x-amz-object-attributes": "Checksum,ObjectParts"]
            )
            let checksum = try attributes.document.child("Checksum")
            #expect(checksum?.child(element)?.text == base64)
            #expect(checksum?.child("ChecksumType")?.text == "COMPOSITE")
            let count = try attributes.document.child("ObjectParts")?.child("PartsCount")?.text
            #expect(count == "3")
        }
    }

    @Test("tells parts and no checksum of an upload without", arguments: Backing.allCases)
    func none(_ backing: Backing) async throws {
        let fixture = try await PartedFixture(backing)
        let begun = try await fixture.begin()
        #expect(begun.headers["x-amz-checksum-type"] == nil)
        let done = try await fixture.complete(begun)
        #expect(try done.document.child("ChecksumType") == nil)
        let head = try await fixture.client.send("HEAD", "/bucket/m", Self.mode)
        #expect(head.headers["x-amz-checksum-type"] == nil)
        try await fixture.store.put("put", "text")
        for (key, asked, count) in [
            ("m", "ObjectParts,Checksum", "3"), ("m", "ETag", nil), ("put", "ObjectParts", nil),
        ] {
            let answer = try await fixture.client.send(
                "GET",
                "/bucket/\(key)?attributes",
                ["x-amz-object-attributes": asked]
            )
            let document = try answer.document
            #expect(document.child("ObjectParts")?.child("PartsCount")?.text == count)
            #expect(document.child("Checksum") == nil)
        }
    }

    @Test("a checksum of all bytes stays what it is", arguments: Backing.allCases)
    func whole(_ backing: Backing) async throws {
        for (algorithm, type) in [("CRC64NVME", nil), ("CRC32", "FULL_OBJECT")] {
            let fixture = try await PartedFixture(backing)
            var headers: HTTPHeaders = ["x-amz-checksum-algorithm": algorithm]
            headers["x-amz-checksum-type"] = type
            let begun = try await fixture.begin(headers)
            #expect(begun.headers["x-amz-checksum-type"] == "FULL_OBJECT")
            let done = try await fixture.complete(begun)
            #expect(try done.document.child("ChecksumType")?.text == "FULL_OBJECT")
            let kept = try #require(ChecksumName.algorithm(algorithm))
            let expected = Checksum.of(Array(PartedFixture.whole.utf8), kept).base64
            for method in ["GET", "HEAD"] {
                let answer = try await fixture.client.send(method, "/bucket/m", Self.mode)
                #expect(answer.headers[ChecksumName.header(kept)] == expected)
                #expect(answer.headers["x-amz-checksum-type"] == "FULL_OBJECT")
            }
            let part = try await fixture.client.send("GET", "/bucket/m?partNumber=3")
            #expect(part.text == "end")
        }
    }

    @Test func whatS3HasNotIsRefused() async throws {
        let fixture = try await PartedFixture(.memory)
        let answer = try await fixture.begin([
            "x-amz-checksum-algorithm": "CRC64NVME", "x-amz-checksum-type": "COMPOSITE",
        ])
        #expect(answer.status == 400)
        #expect(answer.code == "InvalidRequest")
    }

    @Test func aStoreThatRemembersNoPartsIsNotAskedForOne() async throws {
        let fixture = try await PartedFixture(.memory) { SimpleStore(base: $0) }
        let begun = try await fixture.begin(["x-amz-checksum-algorithm": "SHA256"])
        #expect(begun.status == 200)
        #expect(begun.headers["x-amz-checksum-type"] == nil)
        let done = try await fixture.complete(begun)
        #expect(try done.document.child("ChecksumType") == nil)
        // What is behind that store would tell it.
        let parted = try #require(fixture.store as? any PartedBlobStore)
        #expect(try await parted.headParts("m", options: HeadOptions()).parts?.checksum == nil)
    }

    @Test("a view of a store tells them too", arguments: Backing.allCases)
    func view(_ backing: Backing) async throws {
        let fixture = try await PartedFixture(backing) { $0.prefixed("p/") }
        try await fixture.upload(["x-amz-checksum-algorithm": "SHA256"])
        let head = try await fixture.client.send("HEAD", "/bucket/m", Self.mode)
        #expect(head.headers["x-amz-checksum-sha256"] == PartedFixture.sha256 + "-3")
        let part = try await fixture.client.send("GET", "/bucket/m?partNumber=3")
        #expect(part.text == "end")
    }
}
