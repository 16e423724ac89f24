import BlobStorage
import BlobStorageAWS
import BlobStorageGateway
import BlobStorageHandler
import BlobStorageS3
import Testing

/// Configurations that contradict themselves.
@Suite struct S3GatewayConfigurationTests {
    private static func configuration(_ ids: String...) -> S3GatewayConfiguration {
        let keys = ids.map { id in
            GatewayAccessKey(AWSCredentials(accessKeyID: id, secretAccessKey: "secret of \(id)"))
        }
        return S3GatewayConfiguration(buckets: FixedBuckets([:]), accessKeys: keys)
    }

    @Test func keysHaveIdsOfTheirOwn() throws {
        try Self.configuration().validate()
        try Self.configuration("a", "A").validate()
        // Signatures compare bytes: these are two.
        try Self.configuration("\u{E9}", "e\u{301}").validate()
        let error = try #require(throws: BlobError.self) {
            try Self.configuration("app", "other", "app").validate()
        }
        #expect(error.kind == .invalidArgument)
        #expect(error.message.contains("two access keys with the id \"app\""))
        #expect(!error.message.contains("secret"))
    }

    @Test func ofTwoKeysWithOneIDTheFirstCounts() async throws {
        let first = ServedGateway.credentials
        let second = AWSCredentials(accessKeyID: first.accessKeyID, secretAccessKey: "another")
        let gateway = ServedGateway { $0.accessKeys.append(GatewayAccessKey(second)) }
        try await gateway.store().put("a", "x")
        let error = await #expect(throws: BlobError.self) {
            try await gateway.store(credentials: second).head("a", options: HeadOptions())
        }
        #expect(error?.kind == .permissionDenied || error?.kind == .unauthenticated)
    }

    @Test(
        "a base path has no query, and nothing else that a path can't",
        arguments: ["/files?a", "#files", "/my files", "/é"]
    )
    func noBasePaths(_ path: String) throws {
        var configuration = Self.configuration("app")
        configuration.basePath = path
        let error = try #require(throws: BlobError.self) { try configuration.validate() }
        #expect(error.kind == .invalidArgument)
    }

    @Test(
        "slashes around a base path make no difference",
        arguments: ["files/s3", "/files/s3", "files/s3/", "/files/s3/"]
    )
    func basePaths(_ path: String) async throws {
        let client = RawClient { $0.basePath = path }
        #expect(try await client.send("PUT", "/files/s3/bucket/a", [:], "x").status == 200)
        #expect(try await client.send("GET", "/files/s3/bucket/a").text == "x")
        for target in ["/bucket/a", "/files/s3bucket/a", "/xfiles/s3/bucket/a"] {
            #expect(try await client.send("GET", target).code == "NoSuchBucket")
        }
    }
}
