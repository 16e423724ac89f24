import BlobStorage
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Foundation
import Testing

@testable import BlobStorageAWS

/// Credentials by the token that `aws sso login` leaves in its cache, and the API
/// https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html.
@Suite struct SSOCredentialsTests {
    private let time = VirtualTime()

    private static let session = """
        [default]
        sso_session = my-sso
        sso_account_id = 123456789012
        sso_role_name = Read Only
        [sso-session my-sso]
        sso_start_url = https://example.awsapps.com/start
        sso_region = eu-west-1
        """

    private static let legacy = """
        [default]
        sso_start_url = https://example.awsapps.com/start
        sso_region = eu-west-1
        sso_account_id = 123456789012
        sso_role_name = Read Only
        """

    // printf %s my-sso | sha1sum; printf %s https://example.awsapps.com/start | sha1sum
    private static let sessionCache = "0ad374308c5a4e22f723adf10145eafad7c4031c.json"
    private static let legacyCache = "e8be5486177c5b5392bd9aa76563515b29358e6e.json"

    private static let answer = """
        {"roleCredentials":{"accessKeyId":"ASIA","secretAccessKey":"5ec7e7",\
        "sessionToken":"token-5ec7e7","expiration":1750003600123}}
        """

    private func load(
        _ home: TemporaryHome,
        _ steps: [ScriptStep] = [.answer(200, [:], answer)]
    ) async throws -> (AWSCredentials?, ScriptedTransport) {
        let transport = ScriptedTransport(steps, time: time)
        let source = ProfileSource(
            environment: home.environment(),
            profile: nil,
            transport: transport,
            time: time.source
        )
        return (try await source.load().credentials, transport)
    }

    private func token(_ expiration: String) -> String {
        #"{"startUrl":"u","region":"r","accessToken":"sso-5ec7e7","expiresAt":"\#(expiration)"}"#
    }

    @Test(
        "asks the portal",
        arguments: [
            (session, sessionCache, "2025-06-15T15:06:41Z"),
            (legacy, legacyCache, "2025-06-15T15:06:41UTC"),
        ]
    )
    func portal(_ config: String, _ cache: String, _ expiration: String) async throws {
        let home = try TemporaryHome(config: config)
        try home.write(".aws/sso/cache/\(cache)", token(expiration))
        let (credentials, transport) = try await load(home)
        #expect(credentials?.accessKeyID == "ASIA")
        #expect(credentials?.sessionToken == "token-5ec7e7")
        #expect(credentials?.expiration?.timeIntervalSince1970 == 1_750_003_600.123)
        let sent = try #require(transport.sent.first?.http)
        #expect(
            sent.url.text == "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials"
                + "?role_name=Read%20Only&account_id=123456789012"
        )
        #expect(sent.headers["x-amz-sso_bearer_token"] == "sso-5ec7e7")
        #expect(sent.headers["Authorization"] == nil)
    }

    @Test(
        "says to log in",
        arguments: [
            nil, "2025-06-15T15:06:40Z", "2025-06-15T15:06:39UTC",
        ] as [String?]
    )
    func expired(_ expiration: String?) async throws {
        let home = try TemporaryHome(config: Self.session)
        if let expiration {
            try home.write(".aws/sso/cache/\(Self.sessionCache)", token(expiration))
        }
        let error = await #expect(throws: BlobError.self) { try await load(home) }
        #expect(error?.kind == .unauthenticated)
        #expect(error?.message.contains("aws sso login --profile default") == true)
    }

    @Test(
        "tells what the portal refuses",
        arguments: [
            (401, BlobError.Kind.unauthenticated), (403, .unauthenticated), (404, .unauthenticated),
            (500, .unavailable), (429, .throttled),
        ]
    )
    func refused(_ status: Int, _ kind: BlobError.Kind) async throws {
        let home = try TemporaryHome(config: Self.session)
        try home.write(".aws/sso/cache/\(Self.sessionCache)", token("2025-06-15T16:06:41Z"))
        let steps = [ScriptStep](repeating: .answer(status, [:], "{\"message\":\"no\"}"), count: 3)
        let error = await #expect(throws: BlobError.self) { try await load(home, steps) }
        #expect(error?.kind == kind)
        #expect(!"\(String(describing: error))".contains("5ec7e7"))
        #expect(error?.message.contains("aws sso login") == (status == 401))
    }

    @Test(
        "refuses a bad answer or cache",
        arguments: [
            ("{}", false), ("{\"roleCredentials\":{}}", false), ("<html>", false), ("{", true),
            ("{\"accessToken\":\"5ec7e7\",\"expiresAt\":\"x\"}", true), ("[]", true), ("", true),
        ]
    )
    func malformed(_ text: String, _ isCache: Bool) async throws {
        let home = try TemporaryHome(config: Self.session)
        let cache = isCache ? text : token("2025-06-15T16:06:41Z")
        try home.write(".aws/sso/cache/\(Self.sessionCache)", cache)
        let error = await #expect(throws: BlobError.self) {
            try await load(home, [.answer(200, [:], text)])
        }
        #expect(!"\(String(describing: error))".contains("5ec7e7"))
    }
}
