import BlobStorage
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Testing

@testable import BlobStorageAWS

@Suite(.timeLimit(.minutes(10))) struct DefaultCredentialsChainTests {
    private let time = VirtualTime()

    private func chain(
        _ environment: AWSEnvironment,
        profile: String? = nil,
        _ transport: ScriptedTransport
    ) -> DefaultCredentialsChain {
        DefaultCredentialsChain(
            profile: profile,
            environment: environment,
            transport: transport,
            time: time.source
        )
    }

    /// A machine that has everything; each place in turn is taken away.
    @Test func asksInOrder() async throws {
        let home = try TemporaryHome(
            credentials: "[default]\naws_access_key_id=FILE\naws_secret_access_key=S"
        )
        let tokenFile = try home.write("token", "web-5ec7e7\n")
        var variables = [
            "AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "S",
            "AWS_WEB_IDENTITY_TOKEN_FILE": tokenFile, "AWS_ROLE_ARN": "role",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x", "AWS_REGION": "us-west-2",
        ]
        func transport() -> ScriptedTransport {
            ScriptedTransport(
                then: .choose { sent in
                    switch (sent.http.url.host, sent.http.url.path) {
                    case ("sts.us-west-2.amazonaws.com", _):
                        let operation = "AssumeRoleWithWebIdentity"
                        return .answer(200, [:], assumedRoleXML(operation, id: "WEB"))
                    case ("169.254.170.2", _): return .answer(200, [:], metadataJSON(id: "ECS"))
                    case (_, "/latest/api/token"): return .answer(200, [:], "T")
                    case (_, "/latest/meta-data/iam/security-credentials/"):
                        return .answer(200, [:], "role")
                    default: return .answer(200, [:], metadataJSON(id: "EC2"))
                    }
                },
                time: time
            )
        }
        func found() async throws -> String {
            try await chain(home.environment(variables), transport()).credentials().accessKeyID
        }
        #expect(try await found() == "ENV")
        variables["AWS_ACCESS_KEY_ID"] = nil
        variables["AWS_SECRET_ACCESS_KEY"] = ""
        #expect(try await found() == "FILE")
        try home.write(".aws/credentials", "")
        #expect(try await found() == "WEB")
        variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = nil
        #expect(try await found() == "ECS")
        variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = nil
        #expect(try await found() == "EC2")
    }

    @Test func namesEverySourceThatHadNothing() async throws {
        let home = try TemporaryHome()
        let transport = ScriptedTransport(then: .refuse(), time: time)
        let chain = chain(home.environment(), transport)
        let error = await #expect(throws: BlobError.self) { try await chain.credentials() }
        #expect(error?.kind == .unauthenticated)
        let message = try #require(error?.message)
        for part in [
            "AWS_ACCESS_KEY_ID", ".aws/credentials", "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "169.254.169.254",
        ] {
            #expect(message.contains(part), "\(message)")
        }
    }

    @Test func aProfileThatIsNamedIsTheOnlySource() async throws {
        let home = try TemporaryHome(config: "[profile x]\nregion=r")
        let transport = ScriptedTransport(then: .refuse(), time: time)
        let variables = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "S"]
        let chain = chain(home.environment(variables), profile: "x", transport)
        await #expect(throws: BlobError.self) { try await chain.credentials() }
        #expect(transport.requestCount == 0)
    }

    @Test func aBrokenSourceIsNotPassedOver() async throws {
        let home = try TemporaryHome(
            credentials: "[default]\naws_access_key_id=FILE\naws_secret_access_key=S"
        )
        let transport = ScriptedTransport(then: .refuse(), time: time)
        let half = chain(home.environment(["AWS_ACCESS_KEY_ID": "ENV"]), transport)
        let error = await #expect(throws: BlobError.self) { try await half.credentials() }
        #expect(error?.message.contains("AWS_SECRET_ACCESS_KEY is not") == true)
        let blank = ["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "5ec7e7\n"]
        let other = chain(home.environment(blank), transport)
        let second = await #expect(throws: BlobError.self) { try await other.credentials() }
        #expect(second?.message.contains("secret access key") == true)
        #expect(!"\(String(describing: second))".contains("5ec7e7"))
    }

    @Test func remembersWhereTheyWereFound() async throws {
        let home = try TemporaryHome()
        let transport = ScriptedTransport(
            [
                .answer(200, [:], "T"), .answer(200, [:], "r"),
                .answer(200, [:], metadataJSON(id: "ONE", expiration: "2025-06-15T15:16:40Z")),
                .answer(200, [:], "T"), .answer(200, [:], "r"),
                .answer(200, [:], metadataJSON(id: "TWO")),
            ],
            time: time
        )
        let chain = chain(home.environment(), transport)
        #expect(try await chain.credentials().accessKeyID == "ONE")
        // Keys that turn up in a file later are not for this chain.
        try home.write(
            ".aws/credentials",
            "[default]\naws_access_key_id=FILE\naws_secret_access_key=S"
        )
        time.advance(by: .seconds(600))
        #expect(try await chain.credentials().accessKeyID == "TWO")
    }

    @Test func readsTheWebIdentitysTokenAgainEachTime() async throws {
        let home = try TemporaryHome()
        let tokenFile = try home.write("token", "first+/=\n")
        let operation = "AssumeRoleWithWebIdentity"
        let transport = ScriptedTransport(
            [
                .answer(
                    200,
                    [:],
                    assumedRoleXML(operation, expiration: "2025-06-15T15:16:40Z")
                ),
                .answer(
                    400,
                    [:],
                    "<ErrorResponse><Error><Code>IDPCommunicationError</Code></Error></ErrorResponse>"
                ),
                .answer(200, [:], assumedRoleXML(operation)),
            ],
            time: time
        )
        let variables = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": tokenFile, "AWS_ROLE_ARN": "role",
            "AWS_ROLE_SESSION_NAME": "me",
        ]
        let chain = chain(home.environment(variables), transport)
        _ = try await chain.credentials()
        try home.write("token", "second")
        time.advance(by: .seconds(600))
        _ = try await chain.credentials()
        let sent = transport.sent
        try #require(sent.count == 3)
        #expect(
            sent[0].text == "Action=\(operation)&Version=2011-06-15&RoleArn=role"
                + "&RoleSessionName=me&WebIdentityToken=first%2B%2F%3D"
        )
        #expect(sent[2].text.contains("WebIdentityToken=second"))
        #expect(sent.allSatisfy { $0.http.headers["Authorization"] == nil })
    }

    @Test(
        "refuses half a web identity",
        arguments: [
            ["AWS_WEB_IDENTITY_TOKEN_FILE": "/nonexistent", "AWS_ROLE_ARN": "role"],
            ["AWS_WEB_IDENTITY_TOKEN_FILE": "/dev/null", "AWS_ROLE_ARN": "role"],
            ["AWS_WEB_IDENTITY_TOKEN_FILE": "/dev/zero", "AWS_ROLE_ARN": "role"],
            ["AWS_WEB_IDENTITY_TOKEN_FILE": "/etc/hostname"],
        ]
    )
    func halfWebIdentity(_ variables: [String: String]) async throws {
        let home = try TemporaryHome()
        let transport = ScriptedTransport(then: .refuse(), time: time)
        let chain = chain(home.environment(variables), transport)
        await #expect(throws: BlobError.self) { try await chain.credentials() }
        #expect(transport.requestCount == 0)
    }
}
