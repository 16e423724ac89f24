import BlobStorage
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Foundation
import Testing

@testable import BlobStorageAWS

/// Credentials from the container's agent, by the protocol in
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html.
@Suite struct ContainerCredentialsTests {
    private func load(
        _ variables: [String: String],
        _ steps: [ScriptStep] = [.answer(200, [:], metadataJSON())]
    ) async throws -> (CredentialsAnswer, ScriptedTransport) {
        let time = VirtualTime()
        let transport = ScriptedTransport(steps, time: time)
        let source = ContainerCredentials(
            AWSEnvironment(variables),
            transport: transport,
            time: time.source
        )
        return (try await source.load(), transport)
    }

    @Test func asksTheAgentOfECS() async throws {
        let (answer, transport) = try await load(
            ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/uuid?a=b"]
        )
        let sent = try #require(transport.sent.first?.http)
        #expect(sent.url.text == "http://169.254.170.2/v2/credentials/uuid?a=b")
        #expect(sent.headers["Authorization"] == nil)
        let found = try #require(answer.credentials)
        #expect(found.accessKeyID == "ASIA" && found.sessionToken == "token-5ec7e7")
        // 2025-06-15T21:06:40Z
        #expect(found.expiration?.timeIntervalSince1970 == 1_750_021_600)
    }

    @Test(
        "asks allowed hosts",
        arguments: [
            "http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/v1/credentials",
            "http://127.0.0.1:8080/x", "http://127.9.9.9/x", "http://localhost/x", "http://[::1]/",
            "https://example.com/x",
        ]
    )
    func allowedHost(_ url: String) async throws {
        let (answer, transport) = try await load(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url])
        #expect(answer.credentials != nil)
        #expect(transport.sent.first?.http.url.text == url)
    }

    @Test(
        "asks no other host",
        arguments: [
            "http://example.com/x", "http://169.254.170.2.example.com/", "http://127.0.0.1.nip.io/",
            "http://169.254.170.24/", "http://127.0.0/", "http://user@127.0.0.1/", "file:///etc",
            "http://127.0.0.999/", "ftp://127.0.0.1/", "http://127.0.0.1\r\n/", "",
        ].dropLast()
    )
    func refusedHost(_ url: String) async throws {
        await #expect(throws: BlobError.self) {
            try await load(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url])
        }
    }

    @Test func readsTheTokenAgainEachTime() async throws {
        let home = try TemporaryHome()
        let path = try home.write("token", "first\n")
        let variables = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": path,
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "ignored",
        ]
        let (_, first) = try await load(variables)
        #expect(first.sent.first?.http.headers["Authorization"] == "first")
        try home.write("token", "second")
        let (_, second) = try await load(variables)
        #expect(second.sent.first?.http.headers["Authorization"] == "second")
        try home.write("token", "5ec7e7\r\nX-Other: 1")
        let error = await #expect(throws: BlobError.self) { try await load(variables) }
        #expect(!"\(String(describing: error))".contains("5ec7e7"))
    }

    @Test func refusesATokenWithALineEnd() async throws {
        let error = await #expect(throws: BlobError.self) {
            try await load([
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "5ec7e7\nX: y",
            ])
        }
        #expect(!"\(String(describing: error))".contains("5ec7e7"))
    }

    @Test func triesAgainButNotForEver() async throws {
        let variables = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"]
        let (answer, transport) = try await load(
            variables,
            [.answer(500), .refuse(), .answer(200, [:], metadataJSON())]
        )
        #expect(answer.credentials != nil)
        #expect(transport.requestCount == 3)
        let error = await #expect(throws: BlobError.self) {
            try await load(variables, [.stall, .stall, .stall])
        }
        #expect(error?.kind == .timedOut)
    }

    @Test(
        "refuses other answers",
        arguments: [
            (403, "{}"), (200, "{}"), (200, "<html>"), (200, "{\"AccessKeyId\":\"5ec7e7"),
            (200, "{\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"5ec7e7\",\"Expiration\":\"soon\"}"),
            (200, "{\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"5ec\\n7e7\"}"),
        ]
    )
    func badAnswer(_ status: Int, _ body: String) async throws {
        let error = await #expect(throws: BlobError.self) {
            try await load(
                ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"],
                [.answer(status, [:], body)]
            )
        }
        #expect(error?.kind == .unauthenticated)
        #expect(!"\(String(describing: error))".contains("5ec"))
    }

    @Test func isAbsentWithoutVariables() async throws {
        let (answer, transport) = try await load([:])
        #expect(answer.reason != nil)
        #expect(transport.requestCount == 0)
    }
}

/// Credentials of an EC2 instance, by the protocol in
/// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html.
@Suite(.timeLimit(.minutes(10))) struct InstanceCredentialsTests {
    private let time = VirtualTime()

    private func load(
        _ variables: [String: String] = [:],
        _ steps: [ScriptStep]
    ) async throws -> (CredentialsAnswer, ScriptedTransport) {
        let transport = ScriptedTransport(steps, time: time)
        let source = InstanceCredentials(
            AWSEnvironment(variables),
            transport: transport,
            time: time.source
        )
        return (try await source.load(), transport)
    }

    private let good: [ScriptStep] = [
        .answer(200, [:], "TOKEN=="), .answer(200, [:], "my-role_1+=,.@-\n"),
        .answer(200, [:], metadataJSON()),
    ]

    @Test func followsTheProtocol() async throws {
        let (answer, transport) = try await load([:], good)
        #expect(answer.credentials?.accessKeyID == "ASIA")
        let sent = transport.sent.map(\.http)
        try #require(sent.count == 3)
        let base = "http://169.254.169.254/latest"
        #expect(sent.map(\.method) == [.put, .get, .get])
        #expect(sent[0].url.text == "\(base)/api/token")
        #expect(sent[0].headers["x-aws-ec2-metadata-token-ttl-seconds"] == "21600")
        #expect(sent[1].url.text == "\(base)/meta-data/iam/security-credentials/")
        #expect(sent[2].url.text == "\(base)/meta-data/iam/security-credentials/my-role_1+=,.@-")
        for request in sent.dropFirst() {
            #expect(request.headers["x-aws-ec2-metadata-token"] == "TOKEN==")
        }
    }

    @Test(
        "asks where it is told to",
        arguments: [
            (
                ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1338/base/"],
                "http://127.0.0.1:1338/base/latest/api/token"
            ),
            (
                ["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"],
                "http://[fd00:ec2::254]/latest/api/token"
            ),
        ]
    )
    func endpoint(_ variables: [String: String], _ url: String) async throws {
        let (_, transport) = try await load(variables, good)
        #expect(transport.sent.first?.http.url.text == url)
    }

    @Test("can be turned off", arguments: ["true", "TRUE", "True"])
    func disabled(_ value: String) async throws {
        let (answer, transport) = try await load(["AWS_EC2_METADATA_DISABLED": value], good)
        #expect(answer.reason == "AWS_EC2_METADATA_DISABLED is true")
        #expect(transport.requestCount == 0)
    }

    @Test func givesUpQuicklyOutsideOfEC2() async throws {
        let (answer, transport) = try await load([:], [.stall, .stall])
        #expect(answer.reason != nil)
        #expect(transport.requestCount == 2)
        #expect(time.uptime <= .milliseconds(2_100))
    }

    @Test(
        "is absent where there is no role",
        arguments: [
            [ScriptStep.answer(403)], [.answer(404)], [.answer(405)], [.refuse(), .refuse()],
            [.answer(200, [:], "T"), .answer(404)],
            [.answer(200, [:], "T"), .answer(200, [:], "\n")],
        ]
    )
    func absent(_ steps: [ScriptStep]) async throws {
        let (answer, _) = try await load([:], steps)
        #expect(answer.reason != nil)
    }

    @Test func fetchesAnotherTokenOnce() async throws {
        let (answer, transport) = try await load(
            [:],
            [.answer(200, [:], "A"), .answer(401)] + good
        )
        #expect(answer.credentials != nil)
        #expect(transport.requestCount == 5)
        await #expect(throws: BlobError.self) {
            try await load(
                [:],
                [
                    .answer(200, [:], "A"), .answer(401), .answer(200, [:], "B"), .answer(401),
                    .answer(200, [:], "C"), .answer(401),
                ]
            )
        }
    }

    @Test(
        "refuses other answers",
        arguments: [
            [ScriptStep.answer(400)], [.answer(200, [:], "a\r\nb")], [.answer(200, [:], "")],
            [.answer(200, [:], "T"), .answer(200, [:], "../../user-data")],
            [.answer(200, [:], "T"), .answer(200, [:], String(repeating: "a", count: 65))],
            [
                .answer(200, [:], "T"), .answer(200, [:], "r"),
                .answer(200, [:], "{\"Code\":\"Failed\"}"),
            ],
            [.answer(200, [:], "T"), .answer(200, [:], "r"), .refuse(), .refuse()],
            [.answer(500), .answer(500)],
        ]
    )
    func badAnswer(_ steps: [ScriptStep]) async throws {
        await #expect(throws: BlobError.self) { try await load([:], steps) }
    }
}
