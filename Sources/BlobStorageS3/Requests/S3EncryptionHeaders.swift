import BlobStorage
import BlobStorageCrypto
package import BlobStorageHandler
import Foundation

/// The headers that encryption, storage class and payer become.
package struct S3ServiceHeaders: Sendable {
    /// For requests that write a blob: put, copy, begin of a multipart upload.
    package let write: [HTTPHeaders.Field]
    /// For requests that need the customer's key and nothing else: parts, reads, HEAD, completion.
    package let access: [HTTPHeaders.Field]
    /// For requests that copy from a blob: the customer's key once more, as the source's.
    package let copySource: [HTTPHeaders.Field]
    /// For every request.
    package let all: [HTTPHeaders.Field]

    /// Works out the headers once, for all requests of a store.
    ///
    /// - Throws: `CryptoError` if the system's library has no MD5, which S3 wants of a customer's
    ///   key.
    /// - SeeAlso:
    ///   https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
    package init(_ configuration: S3Configuration) throws {
        var write: [HTTPHeaders.Field] = []
        var access: [HTTPHeaders.Field] = []
        var copySource: [HTTPHeaders.Field] = []
        switch configuration.encryption {
        case .bucketDefault: break
        case .s3: write.append(.init("x-amz-server-side-encryption", "AES256"))
        case .kms(let keyID):
            write.append(.init("x-amz-server-side-encryption", "aws:kms"))
            if let keyID {
                write.append(.init("x-amz-server-side-encryption-aws-kms-key-id", keyID))
            }
        case .customerKey(let key):
            let fields = try Self.fields(key)
            access = fields.map { .init("x-amz-server-side-encryption-customer-\($0)", $1) }
            copySource = fields.map {
                .init("x-amz-copy-source-server-side-encryption-customer-\($0)", $1)
            }
            write = access
        }
        if let storageClass = configuration.storageClass {
            write.append(.init("x-amz-storage-class", storageClass))
        }
        self.write = write
        self.access = access
        self.copySource = copySource
        all = configuration.requesterPays ? [.init("x-amz-request-payer", "requester")] : []
    }

    private static func fields(_ key: S3CustomerKey) throws -> [(String, String)] {
        let digest = try DigestAlgorithm.md5.digest(of: key.bytes)
        return [
            ("algorithm", "AES256"), ("key", key.base64),
            ("key-md5", Data(digest).base64EncodedString()),
        ]
    }
}

extension HTTPHeaders {
    /// Adds fields, whether there are some of their names or not.
    package mutating func add(_ fields: [Field]) {
        for field in fields { append(field.name, field.value) }
    }
}
