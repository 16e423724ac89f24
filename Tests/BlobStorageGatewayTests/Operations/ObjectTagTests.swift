import BlobStorage
import BlobStorageHandler
import BlobStorageXML
import Testing

@testable import BlobStorageGateway

/// The answers are those of S3's reference.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html
@Suite struct ObjectTagTests {
    private static let key = "/bucket/a"
    private static let document = """
        <Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet><Tag><Key>a b</Key>\
        <Value>1&amp;2</Value></Tag><Tag><Key>c</Key><Value></Value></Tag></TagSet></Tagging>
        """

    private func tags(_ client: RawClient, _ key: String = key) async throws -> [String] {
        let answer = try await client.send("GET", key + "?tagging")
        #expect(answer.status == 200)
        let nodes = try answer.document.child("TagSet")?.children(named: "Tag") ?? []
        return nodes.map { "\($0.child("Key")?.text ?? "")=\($0.child("Value")?.text ?? "")" }
    }

    @Test func areSetReadAndRemoved() async throws {
        let client = RawClient()
        #expect(try await client.send("GET", Self.key + "?tagging").code == "NoSuchKey")
        let etag = try await client.send("PUT", Self.key, [:], "1").headers["ETag"]
        #expect(try await tags(client) == [])
        let put = try await client.send("PUT", Self.key + "?tagging", [:], Self.document)
        #expect(put.status == 200)
        #expect(try await tags(client) == ["a b=1&2", "c="])
        #expect(try await client.send("HEAD", Self.key).headers["ETag"] == etag)
        #expect(try await client.send("DELETE", Self.key + "?tagging").status == 204)
        #expect(try await tags(client) == [])
    }

    @Test func comeWithAWriteAndGoWithACopy() async throws {
        let client = RawClient()
        _ = try await client.send("PUT", Self.key, ["x-amz-tagging": "a+b=1%2B2&c="], "1")
        let expected = ["a b=1+2", "c="]
        #expect(try await tags(client) == expected)
        let copy: HTTPHeaders = ["x-amz-copy-source": "bucket/a"]
        #expect(try await client.send("PUT", "/bucket/b", copy).status == 200)
        #expect(try await tags(client, "/bucket/b") == expected)
        let replacing: HTTPHeaders = [
            "x-amz-copy-source": "bucket/a", "x-amz-tagging-directive": "REPLACE",
            "x-amz-tagging": "n=1",
        ]
        #expect(try await client.send("PUT", "/bucket/c", replacing).status == 200)
        #expect(try await tags(client, "/bucket/c") == ["n=1"])
        _ = try await client.send("PUT", Self.key, [:], "2")
        #expect(try await tags(client) == [])
    }

    @Test(
        "refuses documents that are none",
        arguments: [
            ("<Tagging/>", "MalformedXML"), ("<TagSet/>", "MalformedXML"), ("x", "MalformedXML"),
            (
                "<Tagging><TagSet><Tag><Key></Key><Value>1</Value></Tag></TagSet></Tagging>",
                "InvalidTag"
            ),
        ]
    )
    func refusals(_ document: String, _ code: String) async throws {
        let client = RawClient()
        _ = try await client.send("PUT", Self.key, ["x-amz-tagging": "a=1"], "1")
        let answer = try await client.send("PUT", Self.key + "?tagging", [:], document)
        #expect(answer.code == code)
        #expect(try await tags(client) == ["a=1"])
    }
}
