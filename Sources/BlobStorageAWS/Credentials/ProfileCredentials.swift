internal import BlobStorage
package import BlobStorageHTTP

/// Credentials of a profile in `~/.aws/config` and `~/.aws/credentials`: keys, roles with
/// `source_profile`, SSO, web identity or a `credential_process`.
///
/// They are kept in memory and replaced before they expire.
///
/// - SeeAlso: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
public final class ProfileCredentials: AWSCredentialsProvider {
    private let cache: CachedCredentials

    /// Creates a provider for a profile.
    ///
    /// - Parameter profile: The profile; `nil` is that of `AWS_PROFILE`, or `default`.
    public convenience init(profile: String? = nil) {
        self.init(
            profile: profile,
            environment: .process,
            transport: CredentialsTransport.shared,
            time: .system
        )
    }

    /// Creates a provider with its surroundings.
    package init(
        profile: String?,
        environment: AWSEnvironment,
        transport: any HTTPTransport,
        time: TimeSource
    ) {
        let source = ProfileSource(
            environment: environment,
            profile: profile,
            transport: transport,
            time: time
        )
        cache = CachedCredentials(time: time) {
            switch try await source.load() {
            case .found(let credentials): return credentials
            case .absent(let reason): throw BlobError.credentials(reason)
            }
        }
    }

    /// The profile's credentials.
    ///
    /// - Returns: Credentials that are good now.
    /// - Throws: `BlobError` of kind `unauthenticated` if the profile has none.
    public func credentials() async throws -> AWSCredentials { try await cache.credentials() }

    /// Lets the files be read again.
    ///
    /// - Parameter credentials: What the server refused.
    public func invalidate(_ credentials: AWSCredentials) async {
        await cache.invalidate(credentials)
    }
}

extension ProfileCredentials: CredentialsInMemory {
    package var credentialsInMemory: AWSCredentials? { cache.credentialsInMemory }
}
