import BlobStorage
import BlobStorageHandler
import BlobStorageXML
import Testing

@testable import BlobStorageGateway

/// What is asked for, and that nothing else is done instead.
@Suite struct OperationTests {
    private static let key = "/bucket/a"
    private static let text = "kept"

    /// Every query name without a value in the model of S3 that botocore 1.44.8 has
    /// (`botocore/data/s3/2006-03-01/service-2.json.gz`).
    private static let names = [
        "abac", "accelerate", "acl", "analytics", "annotation", "attributes", "cors", "delete",
        "encryption", "intelligent-tiering", "inventory", "legal-hold", "lifecycle", "location",
        "logging", "metadataAnnotationTable", "metadataConfiguration", "metadataInventoryTable",
        "metadataJournalTable", "metadataTable", "metrics", "notification", "object-lock",
        "ownershipControls", "policy", "policyStatus", "publicAccessBlock", "renameObject",
        "replication", "requestPayment", "restore", "retention", "select", "session", "tagging",
        "torrent", "uploads", "versioning", "versions", "website",
    ]

    /// Those of them that the gateway has, and that leave the object's bytes alone.
    private static let done: Set<String> = ["DELETE /bucket/a?tagging", "POST /bucket/a?uploads"]

    private func client() async throws -> RawClient {
        let client = RawClient()
        let put = try await client.send("PUT", Self.key, [:], Self.text)
        try #require(put.status == 200)
        return client
    }

    private func expectKept(_ client: RawClient, _ asked: Asked) async throws {
        let answer = try await client.send("GET", Self.key)
        #expect(answer.text == Self.text, "\(asked)")
    }

    @Test("a subresource is not the object itself", arguments: names)
    func subresources(_ name: String) async throws {
        let client = try await client()
        for place in [Self.key, "/bucket"] {
            for method in ["PUT", "POST", "DELETE"] {
                let asked = Asked(method, "\(place)?\(name)", [:], "other")
                let answer = try await asked.send(client)
                if !Self.done.contains(asked.description) {
                    #expect(answer.status >= 400 && answer.code != nil, "\(asked)")
                }
                try await expectKept(client, asked)
            }
        }
        let read = try await client.send("GET", "\(Self.key)?\(name)")
        #expect(read.text != Self.text, "\(name)")
    }

    @Test(
        "a write with a parameter that S3 has not for it changes nothing",
        arguments: [
            ("PUT", "append&position=4", "append"), ("DELETE", "recursive=true", "recursive"),
            ("DELETE", "annotationName=n", "annotationName"),
            ("DELETE", "%72ecursive", "recursive"), ("DELETE", "x-id=1&all", "all"),
            ("DELETE", "tagging&annotation", "annotation"),
            ("PUT", "partNumber=1", "partNumber"), ("DELETE", "partNumber=1", "partNumber"),
            ("PUT", "versionId=null", "versionId"), ("POST", "uploads&uploadId=u", "uploadId"),
            ("PUT", "uploadId=u&partNumber=1&acl", "acl"),
        ]
    )
    func unknownParameters(_ method: String, _ query: String, _ name: String) async throws {
        let client = try await client()
        let asked = Asked(method, "\(Self.key)?\(query)", [:], "other")
        let answer = try await asked.send(client)
        #expect(answer.status == 501)
        #expect(answer.code == "NotImplemented")
        #expect(try answer.document.child("Message")?.text.hasSuffix(" \(name)") == true)
        try await expectKept(client, asked)
    }

    @Test(
        "a bucket's writes and forms have no unknown parameters either",
        arguments: ["PUT", "POST", "DELETE"]
    )
    func unknownParametersOfBuckets(_ method: String) async throws {
        let buckets = DynamicBuckets.inMemory()
        try await buckets.create("photos")
        let client = RawClient(buckets: buckets)
        let answer = try await client.send(method, "/photos?force=true")
        #expect(answer.code == "NotImplemented")
        #expect(try await client.send("HEAD", "/photos").status == 200)
    }

    /// `x-id` is what aws-sdk-go-v2 and the SDK of JavaScript add; names that begin with `x-` are
    /// for the users of S3 (https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html).
    @Test(
        "takes parameters that change nothing",
        arguments: [
            ("PUT", "x-id=PutObject"), ("PUT", "x-amz-sdk-checksum-algorithm=CRC32&x-mine=1"),
            ("PUT", "X-Amz-Sdk-Checksum-Algorithm=CRC32"), ("PUT", "_=1749990896"),
            ("PUT", "response-content-type=text%2Fplain"), ("PUT", "&&"), ("PUT", "Mine=1"),
            ("DELETE", "x-id=DeleteObject&versionId=null"), ("DELETE", "encoding-type=url"),
            ("DELETE", "tagging&versionId=null"), ("POST", "uploads&x-id=CreateMultipartUpload"),
            ("GET", "utm_source=mail"), ("HEAD", "force"), ("GET", "partNumber=1"),
        ]
    )
    func harmlessParameters(_ method: String, _ query: String) async throws {
        let answer = try await client().send(method, "\(Self.key)?\(query)")
        #expect((200..<300).contains(answer.status))
    }
}
