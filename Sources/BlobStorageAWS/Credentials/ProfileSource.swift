internal import BlobStorage
internal import BlobStorageHTTP

/// Credentials that a profile of the shared files sets up, in whatever way.
///
/// The files are read each time, so that what was changed in them counts.
struct ProfileSource: CredentialsSource {
    let environment: AWSEnvironment
    /// The profile; `nil` is that of the environment.
    let profile: String?
    let transport: any HTTPTransport
    let time: TimeSource

    var name: String { "the profile" }

    func load() async throws -> CredentialsAnswer {
        let config = try await SharedConfig.load(environment, profile: profile)
        guard config.profile(config.profileName) != nil else {
            if config.isProfileNamed { throw config.missingProfile }
            return .absent("\(config.paths) have no profile \"default\"")
        }
        let resolution = ProfileResolution(
            config: config,
            settings: AWSProfile(
                config,
                config.profile(config.profileName) ?? [:],
                environment
            ),
            owner: self
        )
        guard let found = try await resolution.credentials(config.profileName, path: []) else {
            let name = EscapedText(config.profileName)
            return .absent("the profile \"\(name)\" in \(config.paths) sets up no credentials")
        }
        return .found(found)
    }
}

/// One look at the files: from a profile to its credentials, over the profiles between.
private struct ProfileResolution: Sendable {
    let config: SharedConfig
    let settings: AWSProfile
    let owner: ProfileSource

    private var environment: AWSEnvironment { owner.environment }

    /// The credentials of a profile; `nil` if it sets up none.
    ///
    /// - Parameters:
    ///   - name: The profile.
    ///   - path: The profiles whose `source_profile` led here; none comes twice, so that the search
    ///     ends.
    /// - Returns: The credentials.
    /// - Throws: `BlobError`.
    func credentials(_ name: String, path: [String]) async throws -> AWSCredentials? {
        guard let profile = config.profile(name) else {
            throw error(name, "isn't there, but \"\(EscapedText(path.last ?? ""))\" needs it")
        }
        if let role = profile.setting("role_arn") {
            if let tokenFile = profile.setting("web_identity_token_file") {
                return try await webIdentity(try self.role(role, profile, name), tokenFile)
            }
            let isSource = profile.setting("source_profile") != nil
            if isSource || profile.setting("credential_source") != nil {
                // A profile that is its own source means its own keys.
                if path.last == name { return try keys(profile, name) }
                return try await assume(try self.role(role, profile, name), profile, name, path)
            }
            if profile.setting("aws_access_key_id") == nil {
                let needed = "source_profile, credential_source or web_identity_token_file"
                throw error(name, "has a role_arn, but no \(needed)")
            }
        }
        if let keys = try keys(profile, name) { return keys }
        if let sso = try SSOCredentials(profile, profile: name, in: config) {
            return try await sso.load(environment, transport: owner.transport, time: owner.time)
        }
        guard let command = profile.setting("credential_process") else { return nil }
        return try await ProcessCredentials(command: command, profile: name).load(environment)
    }

    // MARK: Keys

    private func keys(_ profile: [String: String], _ name: String) throws -> AWSCredentials? {
        let secret = profile.setting("aws_secret_access_key")
        guard let id = profile.setting("aws_access_key_id") else {
            guard secret == nil else {
                throw error(name, "has an aws_secret_access_key, but no aws_access_key_id")
            }
            return nil
        }
        guard let secret else {
            throw error(name, "has an aws_access_key_id, but no aws_secret_access_key")
        }
        return try AWSCredentials(
            accessKeyID: id,
            secretAccessKey: secret,
            sessionToken: profile.setting("aws_session_token")
        ).checked(from: "the profile \"\(EscapedText(name))\"")
    }

    // MARK: Roles

    private func role(
        _ arn: String,
        _ profile: [String: String],
        _ name: String
    ) throws -> SecurityTokenService.Role {
        var duration: Int?
        if let text = profile.setting("duration_seconds") {
            duration = DecimalText.parse(text.utf8)
            guard duration != nil else {
                throw error(name, "has a duration_seconds that is no number")
            }
        }
        return SecurityTokenService.Role(
            arn: arn,
            sessionName: profile.setting("role_session_name")
                ?? environment["AWS_ROLE_SESSION_NAME"] ?? RoleSession.name,
            externalID: profile.setting("external_id"),
            durationSeconds: duration
        )
    }

    private var service: SecurityTokenService {
        SecurityTokenService(
            transport: owner.transport,
            time: owner.time,
            region: settings.region,
            endpoint: settings.stsEndpoint
        )
    }

    private func webIdentity(
        _ role: SecurityTokenService.Role,
        _ tokenFile: String
    ) async throws -> AWSCredentials? {
        let source = WebIdentityCredentials(
            environment,
            tokenFile: tokenFile,
            role: role,
            service: service
        )
        guard case .found(let credentials) = try await source.load() else { return nil }
        return credentials
    }

    private func assume(
        _ role: SecurityTokenService.Role,
        _ profile: [String: String],
        _ name: String,
        _ path: [String]
    ) async throws -> AWSCredentials {
        if profile.setting("mfa_serial") != nil {
            throw error(name, "has an mfa_serial; codes of devices can't be asked for here")
        }
        let base: AWSCredentials?
        switch (profile.setting("source_profile"), profile.setting("credential_source")) {
        case (.some, .some): throw error(name, "has both source_profile and credential_source")
        case (let source?, nil):
            guard !path.contains(source) else {
                let loop = (path + [name, source]).map { "\"\(EscapedText($0))\"" }
                throw error(name, "leads back to itself: \(loop.joined(separator: " → "))")
            }
            base = try await credentials(source, path: path + [name])
            if base == nil { throw error(source, "has no credentials, but \"\(name)\" needs them") }
        case (nil, let source?): base = try await named(source, name)
        case (nil, nil): base = nil
        }
        guard let base else { throw error(name, "has no source of credentials") }
        return try await service.assume(role, by: StaticCredentials(base))
    }

    private func named(_ source: String, _ name: String) async throws -> AWSCredentials {
        let found: any CredentialsSource
        switch source {
        case "Environment": found = EnvironmentCredentials(environment: environment)
        case "Ec2InstanceMetadata":
            found = InstanceCredentials(
                environment,
                transport: owner.transport,
                time: owner.time
            )
        case "EcsContainer":
            found = ContainerCredentials(
                environment,
                transport: owner.transport,
                time: owner.time
            )
        default:
            throw error(
                name,
                "has the credential_source \"\(EscapedText(source))\"; expected Environment, "
                    + "Ec2InstanceMetadata or EcsContainer"
            )
        }
        switch try await found.load() {
        case .found(let credentials): return credentials
        case .absent(let reason):
            throw error(name, "needs credentials of \(found.name): \(reason)")
        }
    }

    private func error(_ profile: String, _ problem: String) -> BlobError {
        .credentials("the profile \"\(EscapedText(profile))\" \(problem)")
    }
}
