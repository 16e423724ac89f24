import BlobStorage
import BlobStorageHTTP
import BlobStorageHandler
import BlobStorageXML
import Testing

@testable import BlobStorageGateway

/// Conditions that the gateway can't judge, and owners that it has not, as S3's reference has them.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
@Suite struct HeaderProvisosTests {
    private static let unknown = [
        "x-amz-if-match-size", "X-Amz-If-Match-Last-Modified-Time",
        "x-amz-if-match-initiated-time", "x-amz-object-if-match", "x-amz-rename-source",
        "x-amz-rename-source-if-none-match", "x-amz-mfa",
    ]
    private static let owners = [
        "x-amz-expected-bucket-owner", "X-Amz-Source-Expected-Bucket-Owner",
    ]

    private static func headers(_ name: String, _ value: String) -> HTTPHeaders {
        [name: value, "x-amz-copy-source": "/bucket/source"]
    }

    private static let asked = [
        Asked("PUT", "/bucket/a", [:], "other"), Asked("DELETE", "/bucket/a"),
        Asked("GET", "/bucket/a"), Asked("POST", "/bucket/a?uploads"),
        Asked("DELETE", "/bucket/a?tagging"), Asked("GET", "/bucket"), Asked("GET", "/"),
        Asked("DELETE", "/bucket"),
    ]

    /// Sends each request, and expects a refusal that leaves the object.
    private func expectRefusals(_ name: String, _ value: String, _ code: String) async throws {
        let client = RawClient()
        for key in ["a", "source"] { _ = try await client.send("PUT", "/bucket/\(key)", [:], key) }
        for asked in Self.asked {
            var moved = asked.target
            moved += (moved.contains("?") ? "&" : "?") + "\(name)=\(value)"
            let sent: [(target: String, headers: HTTPHeaders)] = [
                (asked.target, [name: value]), (moved, [:]),
                (asked.target, Self.headers(name, value)),
            ]
            for (target, headers) in sent {
                let answer = try await client.send(asked.method, target, headers, asked.body)
                #expect(answer.code == code, "\(asked)")
                #expect(answer.status == (code == "AccessDenied" ? 403 : 501), "\(asked)")
            }
            #expect(try await client.send("GET", "/bucket/a").text == "a", "\(asked)")
        }
    }

    @Test("refuses conditions that it does not know", arguments: unknown)
    func unknownConditions(_ name: String) async throws {
        try await expectRefusals(name, "1", "NotImplemented")
    }

    @Test("another owner is denied", arguments: owners)
    func otherOwners(_ name: String) async throws {
        try await expectRefusals(name, "111122223333", "AccessDenied")
    }

    @Test("the owner that documents name is expected", arguments: owners)
    func theOwner(_ name: String) async throws {
        let client = RawClient()
        let told = try await client.send("GET", "/").document
        let owner = try #require(told.child("Owner")?.child("ID")?.text)
        let headers: HTTPHeaders = [name: owner]
        #expect(try await client.send("PUT", "/bucket/source", headers, "1").status == 200)
        let copy = Self.headers(name, owner)
        #expect(try await client.send("PUT", "/bucket/a", copy).status == 200)
        #expect(try await client.send("GET", "/bucket/a", headers).text == "1")
        #expect(try await client.send("DELETE", "/bucket/a", headers).status == 204)
    }

    @Test func aPresignedURLMayCarryACondition() async throws {
        let store = InMemoryStore()
        _ = try await store.put("k", "kept")
        for (query, code) in [
            ("X-Amz-If-Match-Size=1", "NotImplemented"),
            ("x-amz-expected-bucket-owner=111122223333", "AccessDenied"),
        ] {
            let answer = try await GatewayFixture.sendPresigned(.delete, "/b/k", query, to: store)
            #expect(answer.code == code)
            #expect(try await store.exists("k"))
        }
    }
}
