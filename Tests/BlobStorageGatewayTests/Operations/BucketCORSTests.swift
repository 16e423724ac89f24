import BlobStorage
import BlobStorageGateway
import BlobStorageHandler
import BlobStorageS3
import BlobStorageXML
import Testing

/// The rules for pages of other origins, as clients see and set them.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html
@Suite struct BucketCORSTests {
    /// As https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html has it.
    @Test func tellsTheRulesForOtherOrigins() async throws {
        let client = RawClient { configuration in
            configuration.cors = [
                "": [CORSRule(origins: ["https://b"], methods: ["GET"], maximumAgeSeconds: nil)],
                "bucket": [
                    CORSRule(
                        origins: ["https://a"],
                        methods: ["PUT", "GET"],
                        allowedHeaders: ["x"]
                    )
                ],
            ]
        }
        let answer = try await client.send("GET", "/bucket?cors")
        #expect(answer.status == 200)
        let rules = try answer.document.children(named: "CORSRule")
        func texts(_ name: StaticString) -> [[String]] {
            rules.map { $0.children(named: name).map(\.text) }
        }
        #expect(texts("AllowedOrigin") == [["https://a"], ["https://b"]])
        #expect(texts("AllowedMethod") == [["GET", "PUT"], ["GET"]])
        #expect(texts("AllowedHeader") == [["x"], ["*"]])
        let exposed = CORSRule.usualExposedHeaders
        #expect(texts("ExposeHeader") == [exposed, exposed])
        #expect(texts("MaxAgeSeconds") == [["3600"], []])
    }

    /// The client's own call, which has no other server in `make test` that is always there.
    @Test func aStoreSetsReadsAndRemovesRules() async throws {
        let buckets = DynamicBuckets.inMemory()
        let store = try ServedGateway(buckets).store("photos")
        try await store.prepare()
        #expect(try await store.corsRules().isEmpty)
        let rules = [
            CORSRule(origins: ["https://a", "https://*.b"], methods: ["PUT", "POST"]),
            CORSRule(
                origins: ["*"],
                methods: ["GET"],
                allowedHeaders: [],
                exposedHeaders: [],
                maximumAgeSeconds: nil
            ),
        ]
        try await store.setCORSRules(rules)
        #expect(try await store.corsRules() == rules)
        #expect(await buckets.settings(of: "photos").corsRules == rules)
        try await store.setCORSRules([])
        #expect(try await store.corsRules().isEmpty)
    }

    private func put(_ client: RawClient, _ rules: String) async throws -> RawClient.Answer {
        let body = "<CORSConfiguration>\(rules)</CORSConfiguration>"
        return try await client.putProtected("/photos?cors", body)
    }

    private func preflight(_ client: RawClient, _ origin: String) async throws -> Int {
        try await client.send(
            "OPTIONS",
            "/photos/a",
            ["Origin": origin, "Access-Control-Request-Method": "PUT"]
        ).status
    }

    @Test func rulesThatClientsSetHoldUntilTheyAreTakenAway() async throws {
        let client = RawClient(buckets: DynamicBuckets.inMemory())
        #expect(try await client.send("PUT", "/photos").status == 200)
        #expect(try await client.send("GET", "/photos?cors").code == "NoSuchCORSConfiguration")
        #expect(try await preflight(client, "https://a") == 403)
        let rule = """
            <CORSRule><ID>x</ID><AllowedOrigin>https://a</AllowedOrigin><AllowedMethod>PUT</AllowedMethod>
            <ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>60</MaxAgeSeconds></CORSRule>
            """
        #expect(try await put(client, rule).status == 200)
        #expect(try await preflight(client, "https://a") == 200)
        #expect(try await preflight(client, "https://b") == 403)
        let answer = try await client.send("PUT", "/photos/a", ["Origin": "https://a"], "x")
        #expect(answer.headers["Access-Control-Allow-Origin"] == "https://a")
        #expect(answer.headers["Access-Control-Expose-Headers"] == "ETag")
        let told = try await client.send("GET", "/photos?cors").document
        #expect(told.child("CORSRule")?.child("MaxAgeSeconds")?.text == "60")
        #expect(try await client.send("DELETE", "/photos?cors").status == 204)
        #expect(try await preflight(client, "https://a") == 403)
        #expect(try await client.send("GET", "/photos?cors").code == "NoSuchCORSConfiguration")
    }

    @Test(
        "refuses rules as S3 does, and keeps those that there are",
        arguments: [
            ("", "MalformedXML"), ("<CORSRule/>", "MalformedXML"),
            ("<CORSRule><AllowedMethod>GET</AllowedMethod></CORSRule>", "MalformedXML"),
            ("<AllowedMethod>PATCH</AllowedMethod>", "InvalidRequest"),
            ("<AllowedMethod>get</AllowedMethod>", "InvalidRequest"),
            ("<MaxAgeSeconds>-1</MaxAgeSeconds>", "MalformedXML"),
            ("<ExposeHeader>x-*</ExposeHeader>", "InvalidRequest"),
            ("<ExposeHeader>a&#10;b</ExposeHeader>", "MalformedXML"),
            ("<AllowedHeader>*a*</AllowedHeader>", "InvalidRequest"),
            ("<AllowedOrigin>*a*</AllowedOrigin>", "InvalidRequest"),
        ]
    )
    func badRules(_ rules: String, _ code: String) async throws {
        let client = RawClient(buckets: DynamicBuckets.inMemory())
        _ = try await client.send("PUT", "/photos")
        let isWhole = rules.isEmpty || rules.hasPrefix("<CORSRule")
        let good = "<AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod>"
        let document = isWhole ? rules : "<CORSRule>\(good)\(rules)</CORSRule>"
        let answer = try await put(client, document)
        #expect(answer.status == 400)
        #expect(answer.code == code)
        #expect(try await client.send("GET", "/photos?cors").status == 404)
    }

    @Test func onlyWhoeverMayWriteTheWholeBucketSetsRules() async throws {
        for rights in [
            [GatewayRight([.read, .list])], [GatewayRight([.write], prefix: "a/")],
            [GatewayRight([.write], bucket: "other")],
        ] {
            let buckets = DynamicBuckets(["photos": InMemoryStore()]) { _ in InMemoryStore() }
            let client = RawClient(buckets: buckets) { $0.anonymousRights = rights }
            #expect(try await put(client, "").code == "AccessDenied")
            #expect(try await client.send("DELETE", "/photos?cors").code == "AccessDenied")
        }
        // Buckets that are fixed have their rules in the configuration.
        let fixed = RawClient(buckets: FixedBuckets(["photos": InMemoryStore()]))
        let rule = "<AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>"
        #expect(try await put(fixed, "<CORSRule>\(rule)</CORSRule>").code == "NotImplemented")
    }
}
