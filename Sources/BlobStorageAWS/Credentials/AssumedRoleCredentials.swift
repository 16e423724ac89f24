internal import BlobStorage

/// Credentials of a role, which other credentials are exchanged for at STS.
///
/// They are kept in memory and replaced before they expire.
///
/// - SeeAlso: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
public final class AssumedRoleCredentials: AWSCredentialsProvider {
    private let cache: CachedCredentials

    /// Creates a provider for a role.
    ///
    /// - Parameters:
    ///   - role: The role's ARN.
    ///   - source: Who asks for the role.
    ///   - sessionName: What the session is called in the service's logs.
    ///   - externalID: What the role's owner asks for as a proof that the right role is meant.
    ///   - duration: How long the credentials are to be good; `nil` leaves it to the service.
    ///   - region: The region whose STS is asked; `nil` is the one that serves all.
    ///   - endpoint: Where STS is, such as `https://rgw.example.com:8000`, if not at AWS.
    public convenience init(
        role: String,
        source: any AWSCredentialsProvider,
        sessionName: String = "swift-blob-storage",
        externalID: String? = nil,
        duration: Duration? = nil,
        region: String? = nil,
        endpoint: String? = nil
    ) {
        self.init(
            role: SecurityTokenService.Role(
                arn: role,
                sessionName: sessionName,
                externalID: externalID,
                durationSeconds: duration.map { Int($0.components.seconds) }
            ),
            source: source,
            service: SecurityTokenService(
                transport: CredentialsTransport.shared,
                time: .system,
                region: region,
                endpoint: endpoint
            )
        )
    }

    /// Creates a provider with its surroundings.
    init(
        role: SecurityTokenService.Role,
        source: any AWSCredentialsProvider,
        service: SecurityTokenService
    ) {
        cache = CachedCredentials(time: service.time) {
            try await service.assume(role, by: source)
        }
    }

    /// The role's credentials.
    ///
    /// - Returns: Credentials that are good now.
    /// - Throws: `BlobError` of kind `unauthenticated` or `permissionDenied` if STS refuses.
    public func credentials() async throws -> AWSCredentials { try await cache.credentials() }

    /// Lets the role be asked for again.
    ///
    /// - Parameter credentials: What the server refused.
    public func invalidate(_ credentials: AWSCredentials) async {
        await cache.invalidate(credentials)
    }
}

extension AssumedRoleCredentials: CredentialsInMemory {
    package var credentialsInMemory: AWSCredentials? { cache.credentialsInMemory }
}
