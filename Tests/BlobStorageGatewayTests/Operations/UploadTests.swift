import BlobStorage
import BlobStorageGateway
import BlobStorageHandler
import BlobStorageXML
import Testing

/// Multipart uploads, as S3's reference has them.
@Suite struct UploadTests {
    /// Parts may be small here, so that the tests are.
    private static let limits = MultipartLimits(
        minimumPartByteCount: 4,
        maximumPartByteCount: 100,
        maximumPartCount: 10_000
    )

    private struct Fixture {
        let client: RawClient
        let id: String

        init(_ headers: HTTPHeaders = HTTPHeaders()) async throws {
            client = RawClient(InMemoryStore(multipartLimits: UploadTests.limits))
            let answer = try await client.send("POST", "/bucket/m?uploads", headers)
            id = try #require(try answer.document.child("UploadId")?.text)
        }

        func part(_ number: Int, _ text: String) async throws -> String {
            let answer = try await client.send(
                "PUT",
                "/bucket/m?partNumber=\(number)&uploadId=\(id)",
                [:],
                text
            )
            return answer.headers["ETag"] ?? "\(answer.status)"
        }

        func complete(
            _ parts: [(Int, String)],
            _ headers: HTTPHeaders = HTTPHeaders()
        ) async throws -> RawClient.Answer {
            let document =
                "<CompleteMultipartUpload>"
                + parts.map {
                    "<Part><PartNumber>\($0)</PartNumber><ETag>\($1)</ETag></Part>"
                }
                .joined() + "</CompleteMultipartUpload>"
            return try await client.send("POST", "/bucket/m?uploadId=\(id)", headers, document)
        }
    }

    @Test func completes() async throws {
        let fixture = try await Fixture(["Content-Type": "text/m", "x-amz-meta-m": "1"])
        _ = try await fixture.part(3, "old!")
        let three = try await fixture.part(3, "1234")
        let seven = try await fixture.part(7, "5")
        let list = try await fixture.client.send(
            "GET",
            "/bucket/m?uploadId=\(fixture.id)&max-parts=1"
        )
        #expect(try list.document.children(named: "Part").count == 1)
        #expect(try list.document.child("NextPartNumberMarker")?.text == "3")
        #expect(try list.document.child("IsTruncated")?.text == "true")
        // Quotes as entities, as some clients write them, and none.
        let parts = [
            (3, three.replacing("\"", with: "&quot;")), (7, seven.replacing("\"", with: "")),
        ]
        let answer = try await fixture.complete(parts)
        #expect(answer.status == 200)
        #expect(try answer.document.isNamed("CompleteMultipartUploadResult"))
        let blob = try await fixture.client.send("GET", "/bucket/m")
        #expect(blob.text == "12345")
        #expect(blob.headers["Content-Type"] == "text/m")
        #expect(blob.headers["x-amz-meta-m"] == "1")
        // Who has lost the answer asks again, and gets the same one.
        #expect(try await fixture.complete(parts).body == answer.body)
        #expect(try await fixture.complete([(7, seven)]).code == "NoSuchUpload")
    }

    @Test func refusesWrongParts() async throws {
        let fixture = try await Fixture()
        let one = try await fixture.part(1, "1234")
        let two = try await fixture.part(2, "5")
        let three = try await fixture.part(3, "6789")
        let cases: [([(Int, String)], String)] = [
            ([(1, "\"no\"")], "InvalidPart"), ([(1, one), (9, one)], "InvalidPart"),
            ([(3, three), (1, one)], "InvalidPartOrder"),
            ([(1, one), (2, two), (3, three)], "EntityTooSmall"), ([], "MalformedXML"),
        ]
        for (parts, code) in cases {
            let answer = try await fixture.complete(parts)
            #expect(answer.status == 400)
            #expect(answer.code == code)
        }
        #expect(try await fixture.part(0, "x") == "400")
        #expect(try await fixture.part(10_001, "x") == "400")
        let size: HTTPHeaders = ["x-amz-mp-object-size": "5"]
        #expect(try await fixture.complete([(1, one)], size).code == "InvalidRequest")
        _ = try await fixture.client.send("PUT", "/bucket/m", [:], "there")
        let absent: HTTPHeaders = ["If-None-Match": "*"]
        #expect(try await fixture.complete([(1, one)], absent).status == 412)
    }

    @Test func aborts() async throws {
        let fixture = try await Fixture()
        let target = "/bucket/m?uploadId=\(fixture.id)"
        #expect(try await fixture.client.send("DELETE", target).status == 204)
        #expect(try await fixture.client.send("DELETE", target).code == "NoSuchUpload")
        #expect(try await fixture.part(1, "x") == "404")
        #expect(try await fixture.client.send("GET", target).code == "NoSuchUpload")
    }

    @Test func copiesParts() async throws {
        let fixture = try await Fixture()
        _ = try await fixture.client.send("PUT", "/bucket/source", [:], "0123456789")
        func copy(_ range: String) async throws -> RawClient.Answer {
            try await fixture.client.send(
                "PUT",
                "/bucket/m?partNumber=1&uploadId=\(fixture.id)",
                ["x-amz-copy-source": "/bucket/source", "x-amz-copy-source-range": range]
            )
        }
        let answer = try await copy("bytes=2-6")
        let etag = try #require(try answer.document.child("ETag")?.text)
        #expect(try await copy("bytes=5-10").code == "InvalidArgument")
        #expect(try await copy("bytes=5-").code == "InvalidArgument")
        #expect(try await fixture.complete([(1, etag)]).status == 200)
        #expect(try await fixture.client.send("GET", "/bucket/m").text == "23456")
    }
}
