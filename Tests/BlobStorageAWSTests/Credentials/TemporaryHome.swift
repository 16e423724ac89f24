import BlobStorage
import Foundation

@testable import BlobStorageAWS

/// A user's folder that goes away with the test.
final class TemporaryHome: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "blob-storage-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path + "/.aws/sso/cache",
            withIntermediateDirectories: true
        )
    }

    convenience init(config: String = "", credentials: String = "") throws {
        try self.init()
        try write(".aws/config", config)
        try write(".aws/credentials", credentials)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }

    /// The environment of somebody who lives here.
    func environment(_ variables: [String: String] = [:]) -> AWSEnvironment {
        AWSEnvironment(variables.merging(["HOME": path]) { given, _ in given })
    }
}

/// What STS answers.
func assumedRoleXML(
    _ operation: String = "AssumeRole",
    id: String = "ASIA",
    secret: String = "role-5ec7e7",
    expiration: String = "2025-06-15T16:06:40Z"
) -> String {
    // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, its example
    """
    <\(operation)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
    <\(operation)Result><SourceIdentity>Alice</SourceIdentity>
    <AssumedRoleUser><Arn>a</Arn><AssumedRoleId>b</AssumedRoleId></AssumedRoleUser>
    <Credentials>
    <AccessKeyId>\(id)</AccessKeyId><SecretAccessKey>\(secret)</SecretAccessKey>
    <SessionToken>token-5ec7e7</SessionToken><Expiration>\(expiration)</Expiration>
    </Credentials><PackedPolicySize>6</PackedPolicySize></\(operation)Result>
    <ResponseMetadata><RequestId>c6104cbe</RequestId></ResponseMetadata></\(operation)Response>
    """
}

/// What a container's agent, or an instance's, answers.
func metadataJSON(id: String = "ASIA", expiration: String = "2025-06-15T21:06:40Z") -> String {
    """
    {"Code":"Success","LastUpdated":"2025-06-15T15:00:00Z","Type":"AWS-HMAC","AccessKeyId":"\(id)",\
    "SecretAccessKey":"5ec7e7","Token":"token-5ec7e7","Expiration":"\(expiration)"}
    """
}

extension CredentialsAnswer {
    var credentials: AWSCredentials? {
        if case .found(let credentials) = self { credentials } else { nil }
    }

    var reason: String? {
        if case .absent(let reason) = self { reason } else { nil }
    }
}
