public import Foundation

/// What proves to AWS, or to a store that speaks S3, who asks.
public struct AWSCredentials: Sendable, Hashable {
    /// The public half, which appears in requests.
    public let accessKeyID: String
    /// The secret half, which never leaves the process.
    public let secretAccessKey: String
    /// What comes with temporary credentials.
    public let sessionToken: String?
    /// When temporary credentials end; `nil` if they don't.
    public let expiration: Date?

    /// Creates credentials from their parts.
    public init(
        accessKeyID: String,
        secretAccessKey: String,
        sessionToken: String? = nil,
        expiration: Date? = nil
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
    }
}

extension AWSCredentials: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The access key's id, and no secret.
    public var description: String { "AWSCredentials(\(accessKeyID))" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Shows the access key's id alone to `dump`.
    public var customMirror: Mirror { Mirror(self, children: ["accessKeyID": accessKeyID]) }
}
