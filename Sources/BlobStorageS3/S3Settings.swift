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
        var configuration = configuration
        if configuration.region == nil || configuration.endpoint == nil {
            let profile = try await AWSProfile.load(profile: configuration.profile)
            if configuration.region == nil { configuration.region = profile.region }
            if configuration.endpoint == nil, configuration.vendor?.name ?? "aws" == "aws" {
                configuration.endpoint = profile.s3Endpoint
            }
        }
        return S3Settings(configuration)
    }

    init(_ configuration: S3Configuration) {
        self.configuration = configuration
        var options = HTTPTransportOptions()
        options.certificateAuthorityFile = configuration.certificateFile
        if configuration.usesEnvironmentProxy { options.proxy = .environment }
        transport = CurlTransport(options)
        guard !configuration.isAnonymous else {
            credentials = nil
            return
        }
        credentials =
            configuration.credentials ?? DefaultCredentialsChain(profile: configuration.profile)
    }
}
