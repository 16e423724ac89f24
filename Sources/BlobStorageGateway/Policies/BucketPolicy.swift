internal import BlobStorage

/// A bucket's policy, as far as policies go here: what of the bucket everybody may read.
///
///     {
///       "Version": "2012-10-17",
///       "Statement": [{
///         "Effect": "Allow", "Principal": "*",
///         "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/public/*"
///       }]
///     }
///
/// Statements allow everybody to get objects, to list the bucket, or to learn its region; others,
/// such as those that deny, have conditions or name principals, are refused and never ignored. What
/// somebody may write is the rights' of their access key.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
public struct BucketPolicy: Sendable, Hashable {
    /// The most bytes of a policy, as on S3: 20 KiB.
    public static let maximumByteCount = 20 << 10

    /// The policy's JSON, as it was set.
    public let text: String
    /// What it lets everybody do.
    let grants: [PolicyGrant]

    /// Reads a policy.
    ///
    /// - Parameter text: Its JSON.
    /// - Throws: `BlobError` of kind `invalidArgument` if it is no policy, `unsupported` if it says what
    ///   policies can't say here.
    public init(_ text: String) throws {
        do throws(PolicyError) {
            grants = try PolicyStatements(Array(text.utf8)).grants
        } catch {
            throw BlobError(
                error.isUnsupported ? .unsupported : .invalidArgument,
                operation: "BucketPolicy",
                message: error.message
            )
        }
        self.text = text
    }
}

extension BucketPolicy: Codable {
    /// Reads a policy from its JSON, as a string.
    public init(from decoder: any Decoder) throws {
        try self.init(String(from: decoder))
    }

    /// Writes the policy's JSON as a string.
    public func encode(to encoder: any Encoder) throws {
        try text.encode(to: encoder)
    }
}
