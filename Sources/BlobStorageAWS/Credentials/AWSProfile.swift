internal import BlobStorage

/// Where to go and whom to be, as the environment and the user's profile say.
package struct AWSProfile: Sendable, Hashable {
    /// The profile's name.
    package let name: String
    /// `AWS_REGION`, `AWS_DEFAULT_REGION` or the profile's `region`.
    package let region: String?
    /// Where S3 is, if not at AWS: `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL` or the profile's.
    package let s3Endpoint: String?
    /// Where DynamoDB is, if not at AWS: `AWS_ENDPOINT_URL_DYNAMODB`, `AWS_ENDPOINT_URL` or the
    /// profile's.
    package let dynamoDBEndpoint: String?
    /// Where STS is, if not at AWS: `AWS_ENDPOINT_URL_STS`, `AWS_ENDPOINT_URL` or the profile's.
    package let stsEndpoint: String?

    /// Looks the settings up.
    ///
    /// - Parameters:
    ///   - environment: The variables.
    ///   - profile: The profile; `nil` is that of `AWS_PROFILE`, or `default`.
    /// - Returns: What is set.
    /// - Throws: `BlobError` if a file can't be read, or has no profile of a name that was asked for.
    /// - SeeAlso: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    package static func load(
        environment: AWSEnvironment = .process,
        profile: String? = nil
    ) async throws -> AWSProfile {
        let config = try await SharedConfig.load(environment, profile: profile)
        let settings = config.profile(config.profileName)
        if settings == nil, config.isProfileNamed { throw config.missingProfile }
        return AWSProfile(config, settings ?? [:], environment)
    }

    init(_ config: SharedConfig, _ settings: [String: String], _ environment: AWSEnvironment) {
        name = config.profileName
        region =
            environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"]
            ?? settings.setting("region")
        let ignoresEndpoints =
            environment.isTrue("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
            || settings["ignore_configured_endpoint_urls"] == "true"
        let services = settings.setting("services").flatMap { config.section(.services, $0) }
        func endpoint(_ service: String, _ variable: String) -> String? {
            if ignoresEndpoints { return nil }
            return environment["AWS_ENDPOINT_URL_\(variable)"] ?? environment["AWS_ENDPOINT_URL"]
                ?? services?.setting("\(service).endpoint_url")
                ?? settings.setting("endpoint_url")
        }
        s3Endpoint = endpoint("s3", "S3")
        dynamoDBEndpoint = endpoint("dynamodb", "DYNAMODB")
        stsEndpoint = endpoint("sts", "STS")
    }
}

extension SharedConfig {
    /// The error for a profile that was asked for and isn't there.
    var missingProfile: BlobError {
        let known = config.profiles.union(credentials.profiles).sorted().prefix(10)
        let list = known.map { "\"\(EscapedText($0))\"" }.joined(separator: ", ")
        let found = known.isEmpty ? "no profiles" : "the profiles \(list)"
        return .credentials(
            "there is no profile \"\(EscapedText(profileName))\": \(paths) have \(found)"
        )
    }
}
