import BlobStorage
import Foundation

/// How a store encrypts what it keeps.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html
public enum S3Encryption: Sendable, Hashable {
    /// As the bucket is set up.
    case bucketDefault
    /// With keys of the store's own (SSE-S3).
    case s3
    /// With a key that AWS KMS keeps (SSE-KMS); `nil` is the account's own key.
    case kms(keyID: String?)
    /// With a key that comes with every request, reads too (SSE-C).
    case customerKey(S3CustomerKey)
}

/// A key of the caller's own, which the store uses and forgets.
public struct S3CustomerKey: Sendable, Hashable {
    /// How many bytes a key has.
    public static let byteCount = 32

    package let bytes: [UInt8]

    /// Creates a key.
    ///
    /// - Parameter bytes: 32 random bytes.
    /// - Throws: `BlobError` of kind `invalidArgument` if there are more or fewer.
    public init(_ bytes: [UInt8]) throws {
        guard bytes.count == Self.byteCount else {
            throw BlobError(
                .invalidArgument,
                operation: "open",
                message: "the customer key has \(bytes.count) bytes; it has \(Self.byteCount)"
            )
        }
        self.bytes = bytes
    }

    package var base64: String { Data(bytes).base64EncodedString() }
}

extension S3CustomerKey: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// That there is a key, and nothing of it.
    public var description: String { "S3CustomerKey(hidden)" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Shows nothing to `dump`.
    public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
