import BlobStorage
import BlobStorageGateway
import BlobStorageHandler
import BlobStorageXML
import Testing

/// What a browser sees that a page of another origin sends to a gateway.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
@Suite struct CORSGatewayTests {
    private static let rules = [
        CORSRule(
            origins: ["https://app.example", "https://*.test.example"],
            methods: ["PUT", "GET"],
            allowedHeaders: ["content-type", "x-amz-*"],
            exposedHeaders: ["ETag", "x-amz-request-id"],
            maximumAgeSeconds: 600
        ),
        CORSRule(origins: ["*"], methods: ["GET"], allowedHeaders: [], maximumAgeSeconds: nil),
    ]
    private static let vary =
        "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"

    private func client(_ rights: [GatewayRight] = [GatewayRight()]) -> RawClient {
        RawClient(buckets: FixedBuckets(["bucket": InMemoryStore(), "plain": InMemoryStore()])) {
            $0.cors = ["bucket": Self.rules]
            $0.anonymousRights = rights
        }
    }

    private func preflight(
        _ origin: String,
        _ method: String,
        _ names: String?,
        _ target: String = "/bucket/a?X-Amz-Signature=0&X-Amz-Expires=9"
    ) async throws -> RawClient.Answer {
        var headers: HTTPHeaders = [
            "Origin": origin, "Access-Control-Request-Method": method,
        ]
        headers["Access-Control-Request-Headers"] = names
        // Nobody has a right: a preflight request has no signature.
        return try await client([]).send("OPTIONS", target, headers)
    }

    @Test(
        "answers the preflight of a presigned upload",
        arguments: ["https://app.example", "https://a.test.example"]
    )
    func uploads(_ origin: String) async throws {
        let answer = try await preflight(
            origin,
            "PUT",
            "content-type,x-amz-meta-name,X-Amz-Checksum-CRC32"
        )
        #expect(answer.status == 200)
        #expect(answer.body.isEmpty)
        #expect(answer.headers["Access-Control-Allow-Origin"] == origin)
        #expect(answer.headers["Access-Control-Allow-Methods"] == "GET, PUT")
        #expect(
            answer.headers["Access-Control-Allow-Headers"]
                == "content-type, x-amz-meta-name, x-amz-checksum-crc32"
        )
        #expect(answer.headers["Access-Control-Max-Age"] == "600")
        #expect(answer.headers["Vary"] == Self.vary)
    }

    @Test func refusesAPreflightThatNoRuleAllows() async throws {
        for (origin, method, names, target) in [
            ("https://evil.example", "PUT", nil, "/bucket/a"),
            ("https://app.example", "DELETE", nil, "/bucket/a"),
            ("https://app.example", "PUT", "authorization", "/bucket/a"),
            ("https://evil.example", "GET", "x-amz-date", "/bucket/a"),
            ("https://app.example", "GET", nil, "/plain/a"),
            ("https://app.example", "GET", nil, "/none/a"),
            ("https://app.example", "GET", nil, "/"),
        ] {
            let answer = try await preflight(origin, method, names, target)
            #expect(answer.status == 403)
            #expect(answer.code == "AccessForbidden")
            #expect(answer.headers["Access-Control-Allow-Origin"] == nil)
        }
        let bare = try await client().send("OPTIONS", "/bucket/a")
        #expect(bare.status == 400)
    }

    @Test func errorsAreShownToThePageToo() async throws {
        let headers: HTTPHeaders = ["Origin": "https://app.example"]
        for (rights, target, status) in [
            ([GatewayRight()], "/bucket/none", 404), ([], "/bucket/none", 403),
            ([GatewayRight()], "/bucket/a?X-Amz-Signature=0", 400),
        ] {
            let answer = try await client(rights).send("GET", target, headers)
            #expect(answer.status == status)
            #expect(answer.headers["Access-Control-Allow-Origin"] == "https://app.example")
            #expect(answer.headers["Access-Control-Expose-Headers"] == "ETag, x-amz-request-id")
            #expect(answer.headers["Vary"] == Self.vary)
        }
    }

    @Test func eachOriginGetsItsOwnAnswer() async throws {
        let client = client()
        for (origin, allowed) in [
            ("https://app.example", "https://app.example"),
            ("https://b.test.example", "https://b.test.example"), ("https://evil.example", "*"),
            ("null", "*"),
        ] {
            let answer = try await client.send("GET", "/bucket?prefix=x", ["Origin": origin])
            #expect(answer.headers["Access-Control-Allow-Origin"] == allowed)
            #expect(answer.headers.values(of: "Vary") == [Self.vary])
        }
        let put = try await client.send("PUT", "/bucket/a", ["Origin": "https://evil.example"], "x")
        #expect(put.headers["Access-Control-Allow-Origin"] == nil)
        #expect(put.headers["Vary"] == Self.vary)
        let plain = try await client.send("GET", "/plain?prefix=x", ["Origin": "https://x"])
        #expect(plain.headers["Access-Control-Allow-Origin"] == nil)
    }

    @Test func tellsTheRules() async throws {
        let answer = try await client().send("GET", "/bucket?cors")
        #expect(answer.status == 200)
        let root = try answer.document
        #expect(root.isNamed("CORSConfiguration"))
        let rules = root.children(named: "CORSRule")
        func texts(_ name: StaticString) -> [[String]] {
            rules.map { $0.children(named: name).map(\.text) }
        }
        #expect(
            texts("AllowedOrigin") == [["https://app.example", "https://*.test.example"], ["*"]]
        )
        #expect(texts("AllowedMethod") == [["GET", "PUT"], ["GET"]])
        #expect(texts("AllowedHeader") == [["content-type", "x-amz-*"], []])
        #expect(
            texts("ExposeHeader") == [["ETag", "x-amz-request-id"], CORSRule.usualExposedHeaders]
        )
        #expect(texts("MaxAgeSeconds") == [["600"], []])
        #expect(
            try await client().send("GET", "/plain?cors").code == "NoSuchCORSConfiguration"
        )
        #expect(try await client([]).send("GET", "/bucket?cors").code == "AccessDenied")
    }
}
