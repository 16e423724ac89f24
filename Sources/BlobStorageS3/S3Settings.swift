internal import BlobStorageAWS
internal import BlobStorageHTTP

/// What a configuration leaves to the environment and the user's profile.
struct S3Settings {
    let configuration: S3Configuration
    let credentials: (any AWSCredentialsProvider)?
    let transport: any HTTPTransport

    /// Looks up region and endpoint where the configuration has none.
    ///
    /// - Throws: `BlobError` if a file can't be read, or has no profile of the name given.
    static func load(_ configuration: S3Configuration) async throws -> S3Settings {
        S3Settings(try await completed(configuration))
    }

    /// The configuration with region and endpoint looked up where it has none.
    ///
    /// - Throws: `BlobError` if a file can't be read, or has no profile of the name given.
    static func completed(_ configuration: S3Configuration) async throws -> S3Configuration {
        var configuration = configuration
        if configuration.region == nil || configuration.endpoint == nil {
            let profile = try await AWSProfile.load(profile: configuration.profile)
            if configuration.region == nil { configuration.region = profile.region }
            if configuration.endpoint == nil, configuration.vendor?.name ?? "aws" == "aws" {
                configuration.endpoint = profile.s3Endpoint
            }
        }
        return configuration
    }

    /// Where credentials come from; `nil` if requests go unsigned.
    static func provider(_ configuration: S3Configuration) -> (any AWSCredentialsProvider)? {
        guard !configuration.isAnonymous else { return nil }
        return configuration.credentials ?? DefaultCredentialsChain(profile: configuration.profile)
    }

    init(_ configuration: S3Configuration) {
        self.configuration = configuration
        var options = HTTPTransportOptions()
        options.certificateAuthorityFile = configuration.certificateFile
        if configuration.usesEnvironmentProxy { options.proxy = .environment }
        transport = CurlTransport(options)
        credentials = Self.provider(configuration)
    }
}
