internal import BlobStorage
package import BlobStorageHTTP

/// Credentials from where AWS's own tools look for them.
///
/// The first of these places that has some counts:
///
/// 1. the variables `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`,
/// 2. the profile of `AWS_PROFILE`, or `default`, in the shared files,
/// 3. a web identity token, as in Kubernetes,
/// 4. the agent of the ECS or EKS container,
/// 5. the metadata service of the EC2 instance.
///
/// The place where they were found is asked again when they have to be replaced. They are kept in
/// memory until shortly before they expire.
///
/// - SeeAlso: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
public final class DefaultCredentialsChain: AWSCredentialsProvider {
    private let cache: CachedCredentials

    /// Creates a provider.
    ///
    /// - Parameter profile: A profile that is asked in place of all the sources; `nil` asks them
    ///   in turn.
    public convenience init(profile: String? = nil) {
        self.init(
            profile: profile,
            environment: .process,
            transport: CredentialsTransport.shared,
            time: .system
        )
    }

    /// Creates a provider with its surroundings.
    ///
    /// - Parameters:
    ///   - profile: A profile that is asked in place of all the sources; `nil` asks them in turn.
    ///   - environment: The variables.
    ///   - transport: What asks the services.
    ///   - time: The clocks.
    package convenience init(
        profile: String?,
        environment: AWSEnvironment,
        transport: any HTTPTransport,
        time: TimeSource
    ) {
        let profileSource = ProfileSource(
            environment: environment,
            profile: profile,
            transport: transport,
            time: time
        )
        let region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"]
        let service = SecurityTokenService(
            transport: transport,
            time: time,
            region: region,
            endpoint: environment["AWS_ENDPOINT_URL_STS"] ?? environment["AWS_ENDPOINT_URL"]
        )
        let sources: [any CredentialsSource] = [
            EnvironmentCredentials(environment: environment),
            profileSource,
            WebIdentityCredentials(environment, service: service),
            ContainerCredentials(environment, transport: transport, time: time),
            InstanceCredentials(environment, transport: transport, time: time),
        ]
        self.init(profile == nil ? sources : [profileSource], time: time)
    }

    /// Creates a provider that asks sources in turn.
    init(_ sources: [any CredentialsSource], time: TimeSource) {
        let search = CredentialsSearch(sources)
        cache = CachedCredentials(time: time) { try await search.load() }
    }

    /// The credentials of the first source that has any.
    ///
    /// - Returns: Credentials that are good now.
    /// - Throws: `BlobError` of kind `unauthenticated`, which names every source and what it lacks.
    public func credentials() async throws -> AWSCredentials { try await cache.credentials() }

    /// Lets the source be asked again.
    ///
    /// - Parameter credentials: What the server refused.
    public func invalidate(_ credentials: AWSCredentials) async {
        await cache.invalidate(credentials)
    }
}

extension DefaultCredentialsChain: CredentialsInMemory {
    package var credentialsInMemory: AWSCredentials? { cache.credentialsInMemory }
}

/// Asks sources in turn, and later the one that had credentials.
private final class CredentialsSearch: Sendable {
    private let sources: [any CredentialsSource]
    private let found = Locked<(any CredentialsSource)?>(nil)

    init(_ sources: [any CredentialsSource]) {
        self.sources = sources
    }

    func load() async throws -> AWSCredentials {
        if let source = found.withLock({ $0 }),
            case .found(let credentials) = try await source.load()
        {
            return credentials
        }
        var reasons: [String] = []
        for source in sources {
            switch try await source.load() {
            case .found(let credentials):
                found.withLock { $0 = source }
                return credentials
            case .absent(let reason): reasons.append("\(source.name): \(reason)")
            }
        }
        throw BlobError.credentials(
            "no credentials were found; asked in turn: \(reasons.joined(separator: "; "))"
        )
    }
}
