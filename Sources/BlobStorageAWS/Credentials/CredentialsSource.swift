package import BlobStorage

/// A place where credentials may be, asked each time that new ones are needed.
package protocol CredentialsSource: Sendable {
    /// What it is called in an error, such as `the environment`.
    var name: String { get }

    /// Looks for credentials.
    ///
    /// - Returns: Credentials, or why this source has none, so that the next one may be asked.
    /// - Throws: `BlobError` if the source is meant to have credentials, but gave none.
    func load() async throws -> CredentialsAnswer
}

/// What a source of credentials says.
package enum CredentialsAnswer: Sendable {
    case found(AWSCredentials)
    /// It isn't set up; the text says what is missing.
    case absent(String)
}

extension BlobError {
    /// The error of a source of credentials.
    package static func credentials(
        _ message: String,
        kind: Kind = .unauthenticated,
        underlying: (any Error)? = nil,
        remote: RemoteAnswer? = nil
    ) -> BlobError {
        BlobError(
            kind,
            operation: "credentials",
            message: message,
            underlying: underlying,
            remote: remote
        )
    }
}

extension AWSCredentials {
    /// The most bytes of each part; session tokens of AWS have up to about 2,000.
    private static let partLimit = 16 << 10

    /// Checks that the parts can be put in a header.
    ///
    /// - Parameter source: Where they come from, for the error.
    /// - Returns: The same.
    /// - Throws: `BlobError` of kind `unauthenticated`, without any part in it.
    func checked(from source: String) throws(BlobError) -> AWSCredentials {
        let parts = [
            ("the access key id", accessKeyID), ("the secret access key", secretAccessKey),
            ("the session token", sessionToken ?? "-"),
        ]
        for (name, text) in parts {
            let problem: String
            if text.utf8.isEmpty {
                problem = "is empty"
            } else if text.utf8.count > Self.partLimit {
                problem = "has more than \(Self.partLimit) bytes"
            } else if !text.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) {
                problem = "has a blank, a control character or one that isn't ASCII"
            } else {
                continue
            }
            throw .credentials("\(name) from \(source) \(problem)")
        }
        return self
    }
}
