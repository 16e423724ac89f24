internal import BlobStorage
internal import BlobStorageCrypto
internal import BlobStorageHTTP
internal import Foundation

/// Credentials for somebody who signed in with `aws sso login`, by the token in its cache.
///
/// The token is not renewed here.
///
/// - SeeAlso: https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
struct SSOCredentials: Sendable {
    /// How long all attempts may take.
    static let timeLimit = Duration.seconds(30)
    /// The most bytes of an answer.
    static let answerLimit = 64 << 10

    let accountID: String
    let roleName: String
    let region: String
    /// What the cache's file is named for: the session's name, or the address to sign in at.
    let cacheName: String
    /// The profile, for errors.
    let profile: String

    /// The settings of a profile; `nil` if it isn't set up for SSO.
    ///
    /// - Throws: `BlobError` if some of them are missing.
    init?(
        _ settings: [String: String],
        profile: String,
        in config: SharedConfig
    ) throws(BlobError) {
        let session = settings.setting("sso_session")
        guard session != nil || settings.setting("sso_start_url") != nil else { return nil }
        var all = settings
        if let session {
            guard let section = config.section(.ssoSession, session) else {
                throw .credentials(
                    "the profile \"\(EscapedText(profile))\" names the sso_session "
                        + "\"\(EscapedText(session))\", which isn't in the config file"
                )
            }
            all.merge(section) { _, session in session }
        }
        func required(_ name: String) throws(BlobError) -> String {
            guard let value = all.setting(name) else {
                throw .credentials("the profile \"\(EscapedText(profile))\" lacks \(name)")
            }
            return value
        }
        let startURL = try required("sso_start_url")
        accountID = try required("sso_account_id")
        roleName = try required("sso_role_name")
        region = try required("sso_region")
        cacheName = session ?? startURL
        self.profile = profile
        guard SecurityTokenService.isRegion(region) else {
            throw .credentials("the sso_region \"\(EscapedText(region))\" is no region")
        }
    }

    func load(
        _ environment: AWSEnvironment,
        transport: any HTTPTransport,
        time: TimeSource
    ) async throws -> AWSCredentials {
        let token = try await cachedToken(environment, time: time)
        let host = "portal.sso.\(region).\(SecurityTokenService.domain(of: region))"
        let query = FormText.join([("role_name", roleName), ("account_id", accountID)])
        let url = HTTPURL(.https, host: host, path: "/federation/credentials", query: query)
        let request = AWSRequest(
            "GetRoleCredentials",
            HTTPRequest(.get, url, headers: ["x-amz-sso_bearer_token": token]),
            payload: .empty,
            region: region,
            deadline: time.uptime() + Self.timeLimit
        )
        let client = AWSClient(service: "sso", transport: transport, credentials: nil, time: time)
        let bytes: [UInt8]
        do {
            bytes = try await client.perform(request) { response in
                try await response.body.collect(upTo: Self.answerLimit)
            }
        } catch let failure as AWSFailure {
            if failure.answer?.status == 401 { throw mustLogIn("is no longer accepted") }
            throw failure.credentialsError("SSO at \(url.origin) gave no credentials")
        }
        return try read(bytes, from: "SSO at \(url.origin)")
    }

    private func cachedToken(
        _ environment: AWSEnvironment,
        time: TimeSource
    ) async throws -> String {
        let name = Hex.text(try DigestAlgorithm.sha1.digest(of: Array(cacheName.utf8)))
        let path = environment.expand("~/.aws/sso/cache/\(name).json")
        guard let bytes = try await SmallFile.read(path) else { throw mustLogIn("is not there") }
        let document = try CredentialsDocument(bytes, from: "\"\(EscapedText(path))\"")
        let token = try document.required("accessToken")
        guard let expiration = try document.date("expiresAt"), expiration > time.now() else {
            throw mustLogIn("has expired")
        }
        guard token.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else {
            throw mustLogIn("is damaged")
        }
        return token
    }

    private func mustLogIn(_ problem: String) -> BlobError {
        .credentials(
            "the SSO token of the profile \"\(EscapedText(profile))\" \(problem): "
                + "run `aws sso login --profile \(EscapedText(profile))`"
        )
    }

    private func read(_ bytes: [UInt8], from source: String) throws(BlobError) -> AWSCredentials {
        guard let role = try CredentialsDocument(bytes, from: source).object("roleCredentials")
        else { throw .credentials("\(source) gave a document without roleCredentials") }
        guard let milliseconds = role.number("expiration"), milliseconds > 0 else {
            throw .credentials("\(source) gave credentials without an expiration")
        }
        return try AWSCredentials(
            accessKeyID: role.required("accessKeyId"),
            secretAccessKey: role.required("secretAccessKey"),
            sessionToken: role.required("sessionToken"),
            expiration: Date(timeIntervalSince1970: TimeInterval(milliseconds) / 1_000)
        ).checked(from: source)
    }
}
