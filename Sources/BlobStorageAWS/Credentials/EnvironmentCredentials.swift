internal import BlobStorage

/// Credentials in the variables `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and
/// `AWS_SESSION_TOKEN`.
struct EnvironmentCredentials: CredentialsSource {
    let environment: AWSEnvironment

    var name: String { "the environment" }

    func load() async throws -> CredentialsAnswer {
        let secret = environment["AWS_SECRET_ACCESS_KEY"]
        guard let id = environment["AWS_ACCESS_KEY_ID"] else {
            guard secret == nil else { throw half("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID") }
            return .absent("AWS_ACCESS_KEY_ID is not set")
        }
        guard let secret else { throw half("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY") }
        let credentials = AWSCredentials(
            accessKeyID: id,
            secretAccessKey: secret,
            sessionToken: environment["AWS_SESSION_TOKEN"] ?? environment["AWS_SECURITY_TOKEN"],
            // Nobody can replace them while the process runs.
            expiration: nil
        )
        return .found(try credentials.checked(from: name))
    }

    private func half(_ set: String, _ missing: String) -> any Error {
        BlobError.credentials("\(set) is set, but \(missing) is not")
    }
}
