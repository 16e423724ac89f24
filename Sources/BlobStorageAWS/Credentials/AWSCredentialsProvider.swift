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
    ///
    /// - Parameter credentials: What the server refused; if others have been fetched since, they
    ///   stay.
    func invalidate(_ credentials: AWSCredentials) async
}

extension AWSCredentialsProvider {
    /// Does nothing; for providers that keep nothing.
    public func invalidate(_ credentials: AWSCredentials) async {}
}

/// A provider that can often answer without waiting.
package protocol CredentialsInMemory: AWSCredentialsProvider {
    /// Credentials that are good for a while; `nil` if `credentials()` has to be asked.
    var credentialsInMemory: AWSCredentials? { get }
}
