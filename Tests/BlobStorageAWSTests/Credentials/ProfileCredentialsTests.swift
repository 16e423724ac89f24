import BlobStorage
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Foundation
import Testing

@testable import BlobStorageAWS

@Suite(.timeLimit(.minutes(10))) struct ProfileCredentialsTests {
    private let time = VirtualTime()

    private func load(
        _ home: TemporaryHome,
        profile: String? = nil,
        _ variables: [String: String] = [:],
        _ steps: [ScriptStep] = []
    ) async throws -> (CredentialsAnswer, ScriptedTransport) {
        let transport = ScriptedTransport(steps, time: time)
        let source = ProfileSource(
            environment: home.environment(variables),
            profile: profile,
            transport: transport,
            time: time.source
        )
        return (try await source.load(), transport)
    }

    private func error(
        _ home: TemporaryHome,
        profile: String? = nil,
        _ variables: [String: String] = [:],
        _ steps: [ScriptStep] = []
    ) async throws -> BlobError {
        let error = try await #require(throws: BlobError.self) {
            try await load(home, profile: profile, variables, steps)
        }
        #expect(!"\(error)".contains("5ec7e7"))
        return error
    }

    @Test func readsKeys() async throws {
        let home = try TemporaryHome(
            config: "[profile x]\naws_access_key_id=A\naws_secret_access_key=S\nregion=r",
            credentials: """
                [default]
                aws_access_key_id = B
                aws_secret_access_key = T
                aws_session_token = U
                [x]
                aws_access_key_id = C
                """
        )
        let found = try #require(try await load(home).0.credentials)
        #expect(found.accessKeyID == "B" && found.secretAccessKey == "T")
        #expect(found.sessionToken == "U")
        // The credentials file wins, key by key.
        let other = try #require(try await load(home, profile: "x").0.credentials)
        #expect(other.accessKeyID == "C" && other.secretAccessKey == "S")
        let third = try await load(home, ["AWS_PROFILE": "x"]).0.credentials
        #expect(third?.accessKeyID == "C")
    }

    @Test func readsTheFilesThatAreNamed() async throws {
        let home = try TemporaryHome()
        try home.write("c", "[default]\naws_access_key_id=A\naws_secret_access_key=S")
        let path = "~/c"
        for variable in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
            let found = try await load(home, [variable: path]).0.credentials
            #expect(found?.accessKeyID == "A")
        }
    }

    @Test func saysWhatIsMissing() async throws {
        let empty = try TemporaryHome()
        #expect(try await load(empty).0.reason?.contains("no profile \"default\"") == true)
        let named = try await error(empty, profile: "x")
        #expect(named.message.contains("no profile \"x\""))
        let home = try TemporaryHome(config: "[default]\nregion=r\n[profile y]\na=b")
        #expect(try await load(home).0.reason?.contains("sets up no credentials") == true)
        #expect(try await error(home, profile: "x").message.contains("\"default\", \"y\""))
    }

    @Test(
        "refuses half a setup",
        arguments: [
            "aws_access_key_id=A", "aws_secret_access_key=5ec7e7", "role_arn=r",
            "role_arn=r\nsource_profile=none", "role_arn=r\nsource_profile=empty",
            "role_arn=r\ncredential_source=Moon",
            "role_arn=r\nsource_profile=k\nduration_seconds=x",
            "role_arn=r\nsource_profile=k\ncredential_source=Environment",
            "role_arn=r\nsource_profile=k\nmfa_serial=m", "role_arn=r\nsource_profile=default",
            "role_arn=r\ncredential_source=Environment", "sso_session=none",
            "sso_start_url=u\nsso_region=r", "credential_process='", "aws_access_key_id=A b",
            "sso_start_url=u\nsso_region=r.e/\nsso_account_id=1\nsso_role_name=r",
        ]
    )
    func half(_ settings: String) async throws {
        let keys = "[profile k]\naws_access_key_id=A\naws_secret_access_key=5ec7e7"
        let home = try TemporaryHome(
            config: "[default]\n\(settings)\n\(keys)\n[profile empty]\na=b"
        )
        #expect(try await error(home).kind == .unauthenticated)
    }

    @Test func assumesARole() async throws {
        let home = try TemporaryHome(
            config: """
                [default]
                role_arn = arn:aws:iam::123456789012:role/demo
                source_profile = keys
                external_id = id+&
                role_session_name = me
                duration_seconds = 900
                region = eu-west-1
                [profile keys]
                aws_access_key_id = AKIDKEYS
                aws_secret_access_key = 5ec7e7
                """
        )
        let (answer, transport) = try await load(home, [:], [.answer(200, [:], assumedRoleXML())])
        let found = try #require(answer.credentials)
        #expect(found.accessKeyID == "ASIA" && found.sessionToken == "token-5ec7e7")
        #expect(found.expiration?.timeIntervalSince1970 == 1_750_003_600)
        let sent = try #require(transport.sent.first)
        #expect(sent.http.url.text == "https://sts.eu-west-1.amazonaws.com/")
        #expect(
            sent.text == "Action=AssumeRole&Version=2011-06-15"
                + "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdemo&RoleSessionName=me"
                + "&DurationSeconds=900&ExternalId=id%2B%26"
        )
        let authorization = try #require(sent.http.headers["Authorization"])
        #expect(authorization.contains("Credential=AKIDKEYS/20250615/eu-west-1/sts/aws4_request"))
    }

    @Test func followsAChainOfRoles() async throws {
        let home = try TemporaryHome(
            config: """
                [profile c]
                role_arn = r3
                source_profile = b
                [profile b]
                role_arn = r2
                source_profile = a
                [profile a]
                role_arn = r1
                source_profile = a
                aws_access_key_id = KEYS
                aws_secret_access_key = 5ec7e7
                """
        )
        let steps = (1...3).map { ScriptStep.answer(200, [:], assumedRoleXML(id: "ROLE\($0)")) }
        let (answer, transport) = try await load(home, profile: "c", [:], steps)
        #expect(answer.credentials?.accessKeyID == "ROLE3")
        let signers = transport.sent.compactMap { $0.http.headers["Authorization"] }
        #expect(signers.count == 3)
        for (signer, id) in zip(signers, ["KEYS", "ROLE1", "ROLE2"]) {
            #expect(signer.contains("Credential=\(id)/"))
        }
    }

    @Test func findsALoop() async throws {
        let home = try TemporaryHome(
            config: """
                [default]
                role_arn = r1
                source_profile = a
                [profile a]
                role_arn = r2
                source_profile = b
                [profile b]
                role_arn = r3
                source_profile = a
                """
        )
        let error = try await error(home)
        #expect(error.message.contains("\"default\" → \"a\" → \"b\" → \"a\""))
    }

    @Test func takesTheSourceThatIsNamed() async throws {
        let home = try TemporaryHome(config: "[default]\nrole_arn=r\ncredential_source=Environment")
        let (_, transport) = try await load(
            home,
            ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "S", "AWS_REGION": "cn-north-1"],
            [.answer(200, [:], assumedRoleXML())]
        )
        let sent = try #require(transport.sent.first?.http)
        #expect(sent.url.host == "sts.cn-north-1.amazonaws.com.cn")
        #expect(sent.headers["Authorization"]?.contains("Credential=ENV/") == true)

        try home.write(".aws/config", "[default]\nrole_arn=r\ncredential_source=EcsContainer")
        let (answer, container) = try await load(
            home,
            [
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x",
                "AWS_ENDPOINT_URL": "http://127.0.0.1:8000",
            ],
            [.answer(200, [:], metadataJSON(id: "ECS")), .answer(200, [:], assumedRoleXML())]
        )
        #expect(answer.credentials?.accessKeyID == "ASIA")
        #expect(container.sent.map(\.http.url.origin).last == "http://127.0.0.1:8000")
    }

    @Test(
        "tells why a role can't be had",
        arguments: [
            (403, "AccessDenied", BlobError.Kind.permissionDenied),
            (400, "InvalidClientTokenId", .unauthenticated), (503, "", .unavailable),
            (400, "Throttling", .throttled),
        ]
    )
    func roleRefused(_ status: Int, _ code: String, _ kind: BlobError.Kind) async throws {
        let home = try TemporaryHome(
            config: "[default]\nrole_arn=r\nsource_profile=default\n"
                + "aws_access_key_id=A\naws_secret_access_key=5ec7e7"
        )
        let body =
            "<ErrorResponse><Error><Code>\(code)</Code><Message>m</Message></Error>"
            + "<RequestId>id1</RequestId></ErrorResponse>"
        let steps = [ScriptStep](repeating: .answer(status, [:], body), count: 3)
        let error = try await error(home, [:], steps)
        #expect(error.kind == kind)
        #expect(error.remote?.requestID == "id1")
        #expect(error.message.contains("sts.amazonaws.com"))
    }

    @Test(
        "refuses a bad answer of STS",
        arguments: [
            "", "<AssumeRoleResponse>", "<Other/>", "<AssumeRoleResponse/>",
            assumedRoleXML(expiration: "later"), assumedRoleXML("AssumeRoleWithSAML"),
        ]
    )
    func badAnswer(_ body: String) async throws {
        let home = try TemporaryHome(
            config: "[default]\nrole_arn=r\nsource_profile=default\n"
                + "aws_access_key_id=A\naws_secret_access_key=5ec7e7"
        )
        let steps = [ScriptStep](repeating: .answer(200, [:], body), count: 3)
        #expect(try await error(home, [:], steps).kind == .unavailable)
    }
}
