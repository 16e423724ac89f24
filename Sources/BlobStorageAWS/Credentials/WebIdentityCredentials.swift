internal import BlobStorage
internal import BlobStorageHTTP

/// Credentials of a role for a token that an identity provider writes to a file, as in Kubernetes.
///
/// The file is read again each time, since its token is replaced every hour or so.
///
/// - SeeAlso: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
struct WebIdentityCredentials: CredentialsSource {
    let environment: AWSEnvironment
    let tokenFile: String?
    let role: SecurityTokenService.Role?
    let service: SecurityTokenService

    /// Credentials that the environment's variables set up.
    init(_ environment: AWSEnvironment, service: SecurityTokenService) {
        self.environment = environment
        self.service = service
        tokenFile = environment["AWS_WEB_IDENTITY_TOKEN_FILE"]
        role = environment["AWS_ROLE_ARN"].map {
            let name = environment["AWS_ROLE_SESSION_NAME"] ?? RoleSession.name
            return SecurityTokenService.Role(arn: $0, sessionName: name)
        }
    }

    /// Credentials that a profile sets up.
    init(
        _ environment: AWSEnvironment,
        tokenFile: String,
        role: SecurityTokenService.Role,
        service: SecurityTokenService
    ) {
        self.environment = environment
        self.tokenFile = tokenFile
        self.role = role
        self.service = service
    }

    var name: String { "the web identity" }

    func load() async throws -> CredentialsAnswer {
        guard let tokenFile else { return .absent("AWS_WEB_IDENTITY_TOKEN_FILE is not set") }
        guard let role else {
            throw BlobError.credentials(
                "AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not"
            )
        }
        let path = environment.expand(tokenFile)
        guard let token = try await SmallFile.readToken(path) else {
            let message = "there is no file \"\(EscapedText(path))\" with the web identity's token"
            throw BlobError.credentials(message)
        }
        return .found(try await service.assume(role, webIdentityToken: token))
    }
}

/// The name that a role's session has if the user gives none.
enum RoleSession {
    static let name = "swift-blob-storage"
}
