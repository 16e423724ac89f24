internal import BlobStorageHandler

/// Encryption that the server does with keys of its own, which is the disk's matter.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingServerSideEncryption.html
enum ServerSideEncryption {
    static let header = "x-amz-server-side-encryption"
    /// The only one that an encrypted disk can stand for; others name keys, which there are not.
    static let algorithm = "AES256"

    /// Throws for an encryption that is asked for and not done.
    static func check(_ value: String, isEncryptedAtRest: Bool) throws(GatewayError) {
        switch value {
        case algorithm:
            guard isEncryptedAtRest else { throw .notImplemented(header) }
        case "aws:kms", "aws:kms:dsse", "aws:fsx":
            throw .notImplemented("\(header): \(value)")
        default:
            throw .invalidArgument("The encryption method specified is not supported")
        }
    }
}

extension Operation {
    /// Whether the answer tells how the blob is encrypted.
    var tellsEncryption: Bool {
        switch self {
        case .getObject, .headObject, .putObject, .copyObject, .createMultipartUpload, .uploadPart,
            .uploadPartCopy, .completeMultipartUpload:
            true
        default: false
        }
    }
}
