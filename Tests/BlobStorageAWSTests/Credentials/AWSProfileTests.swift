import BlobStorage
import Testing

@testable import BlobStorageAWS

@Suite struct AWSProfileTests {
    private static let config = """
        [default]
        region = file-region
        endpoint_url = http://file
        [profile s]
        services = local
        endpoint_url = http://profile
        [services local]
        s3 =
          endpoint_url = http://service
        [profile ignored]
        endpoint_url = http://file
        ignore_configured_endpoint_urls = true
        """

    /// The order in https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html.
    @Test(
        "finds region and endpoint",
        arguments: [
            ([:], "file-region", "http://file"),
            (["AWS_DEFAULT_REGION": "d"], "d", "http://file"),
            (["AWS_REGION": "r", "AWS_DEFAULT_REGION": "d"], "r", "http://file"),
            (["AWS_REGION": ""], "file-region", "http://file"),
            (["AWS_ENDPOINT_URL": "http://all"], "file-region", "http://all"),
            (
                ["AWS_ENDPOINT_URL": "http://all", "AWS_ENDPOINT_URL_S3": "http://s3"],
                "file-region",
                "http://s3"
            ),
            (["AWS_ENDPOINT_URL_STS": "http://sts"], "file-region", "http://file"),
            (["AWS_PROFILE": "s"], nil, "http://service"),
            (["AWS_PROFILE": "s", "AWS_ENDPOINT_URL": "http://all"], nil, "http://all"),
            (["AWS_PROFILE": "ignored"], nil, nil),
            (["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"], "file-region", nil),
        ] as [([String: String], String?, String?)]
    )
    func settings(
        _ variables: [String: String],
        _ region: String?,
        _ endpoint: String?
    ) async throws {
        let home = try TemporaryHome(config: Self.config)
        let profile = try await AWSProfile.load(environment: home.environment(variables))
        #expect(profile.region == region)
        #expect(profile.s3Endpoint == endpoint)
    }

    @Test func keepsTheEndpointsOfServicesApart() async throws {
        let home = try TemporaryHome(config: Self.config)
        let profile = try await AWSProfile.load(environment: home.environment(), profile: "s")
        #expect(profile.s3Endpoint == "http://service")
        #expect(profile.stsEndpoint == "http://profile")
    }

    @Test func needsNoFiles() async throws {
        let environment = AWSEnvironment(["HOME": "/nonexistent"])
        let profile = try await AWSProfile.load(environment: environment)
        #expect(profile == (try await AWSProfile.load(environment: AWSEnvironment([:]))))
        #expect(profile.region == nil && profile.s3Endpoint == nil)
        await #expect(throws: BlobError.self) {
            try await AWSProfile.load(environment: environment, profile: "x")
        }
    }

    @Test func theProcesssEnvironmentIsRead() {
        #expect(AWSEnvironment.process["PATH"] != nil)
        #expect(AWSEnvironment.process["A_NAME_THAT_NOBODY_SETS"] == nil)
    }
}
