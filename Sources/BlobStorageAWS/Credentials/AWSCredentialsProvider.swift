/// Where credentials come from.
public protocol AWSCredentialsProvider: Sendable {
    /// The credentials to sign the next request with.
    ///
    /// It is asked before every attempt of every request, so it answers from memory while what it
    /// has is good.
    ///
    /// - Returns: Credentials that are good now.
    /// - Throws: `BlobError` of kind `unauthenticated` if there are none, of another kind if
    ///   they couldn't be fetched.
    func credentials() async throws -> AWSCredentials

    /// Drops what is in memory, since the server said that it is expired or unknown.
    func invalidate(_ credentials: AWSCredentials) async
}

extension AWSCredentialsProvider {
    /// Does nothing; for providers that keep nothing.
    public func invalidate(_ credentials: AWSCredentials) async {}
}

/// Always the same credentials.
public struct StaticCredentials: AWSCredentialsProvider {
    private let fixed: AWSCredentials

    /// Creates a provider of fixed credentials.
    public init(_ credentials: AWSCredentials) {
        fixed = credentials
    }

    /// The credentials it was made with.
    public func credentials() async throws -> AWSCredentials { fixed }
}
