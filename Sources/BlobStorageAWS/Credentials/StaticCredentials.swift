/// Always the same credentials.
public struct StaticCredentials: AWSCredentialsProvider {
    private let fixed: AWSCredentials

    /// Creates a provider of fixed credentials.
    ///
    /// - Parameter credentials: The credentials.
    public init(_ credentials: AWSCredentials) {
        fixed = credentials
    }

    /// The credentials it was made with.
    public func credentials() async throws -> AWSCredentials { fixed }
}

extension StaticCredentials: CredentialsInMemory {
    package var credentialsInMemory: AWSCredentials? { fixed }
}
