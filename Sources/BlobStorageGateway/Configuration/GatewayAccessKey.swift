public import BlobStorageAWS

/// An access key that a gateway accepts, and what it may do.
public struct GatewayAccessKey: Sendable, Hashable {
    /// The id and the secret; with a session token only requests that carry it are accepted, and
    /// after the expiration none.
    public var credentials: AWSCredentials
    /// What the key may do; nothing else.
    public var rights: [GatewayRight]

    /// Creates an access key.
    ///
    /// - Parameters:
    ///   - credentials: The id and the secret.
    ///   - rights: What the key may do; everything unless told otherwise.
    public init(_ credentials: AWSCredentials, rights: [GatewayRight] = [GatewayRight()]) {
        self.credentials = credentials
        self.rights = rights
    }
}
