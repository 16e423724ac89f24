import BlobStorage
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Testing

@testable import BlobStorageAWS

/// No provider shows a secret, however it is looked at.
@Suite struct SecrecyTests {
    private static let credentials = AWSCredentials(
        accessKeyID: "AKID",
        secretAccessKey: "5ec7e7-key",
        sessionToken: "5ec7e7-token"
    )

    private static let time = VirtualTime()
    private static let transport = ScriptedTransport(
        then: .answer(200, [:], assumedRoleXML()),
        time: time
    )

    private static func looks(_ value: Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        return [dumped, "\(value)", String(reflecting: value)]
    }

    private func check(_ value: Any, sourceLocation: SourceLocation = #_sourceLocation) {
        for text in Self.looks(value) {
            #expect(!text.contains("5ec7e7"), sourceLocation: sourceLocation)
        }
    }

    @Test func credentialsShowTheIDAlone() {
        check(Self.credentials)
        check(Optional(Self.credentials) as Any)
        check([Self.credentials])
        check(CredentialsAnswer.found(Self.credentials))
        check(StaticCredentials(Self.credentials))
        #expect("\(Self.credentials)".contains("AKID"))
    }

    @Test func providersThatHoldCredentialsShowNone() async throws {
        let home = try TemporaryHome(
            config: """
                [default]
                aws_access_key_id = AKID
                aws_secret_access_key = 5ec7e7
                [profile p]
                credential_process = echo 5ec7e7
                """
        )
        let environment = home.environment([
            "AWS_SECRET_ACCESS_KEY": "5ec7e7",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "5ec7e7",
        ])
        let service = SecurityTokenService(
            transport: Self.transport,
            time: Self.time.source,
            region: nil,
            endpoint: nil
        )
        let role = SecurityTokenService.Role(arn: "r", sessionName: "s")
        let assumed = AssumedRoleCredentials(
            role: role,
            source: StaticCredentials(Self.credentials),
            service: service
        )
        _ = try await assumed.credentials()
        check(assumed)
        let plain = home.environment()
        let profile = ProfileCredentials(
            profile: nil,
            environment: plain,
            transport: Self.transport,
            time: Self.time.source
        )
        _ = try await profile.credentials()
        check(profile)
        let chain = DefaultCredentialsChain(
            profile: nil,
            environment: plain,
            transport: Self.transport,
            time: Self.time.source
        )
        _ = try await chain.credentials()
        check(chain)
        let fixed = Self.credentials
        let cached = CachedCredentials(time: Self.time.source) { fixed }
        _ = try await cached.credentials()
        check(cached)

        check(environment)
        check(EnvironmentCredentials(environment: environment))
        check(WebIdentityCredentials(environment, service: service))
        check(
            ContainerCredentials(
                environment,
                transport: Self.transport,
                time: Self.time.source
            )
        )
        check(
            InstanceCredentials(environment, transport: Self.transport, time: Self.time.source)
        )
        check(
            ProfileSource(
                environment: environment,
                profile: nil,
                transport: Self.transport,
                time: Self.time.source
            )
        )
        check(ProcessCredentials(command: "echo 5ec7e7", profile: "p"))
        check(try await SharedConfig.load(plain, profile: nil))
        let document = Array(#"{"SecretAccessKey":"5ec7e7"}"#.utf8)
        check(try CredentialsDocument(document, from: "a test"))
    }

    @Test func aClientShowsNone() async throws {
        let client = AWSClient(
            service: "s3",
            transport: Self.transport,
            credentials: StaticCredentials(Self.credentials),
            time: Self.time.source
        )
        let request = AWSRequest(
            "Get",
            HTTPRequest(.get, HTTPURL(.https, host: "h")),
            payload: .empty,
            region: "us-east-1"
        )
        try await client.perform(request) { _ in }
        check(client)
    }
}
