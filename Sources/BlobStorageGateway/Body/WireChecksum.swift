internal import BlobStorage
internal import BlobStorageCrypto

/// The checksums that S3's clients send: those that stores keep, and one more that is verified only.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
enum WireChecksum: Sendable, Hashable {
    /// As `x-amz-checksum-…`, or as `x-amz-content-sha256`.
    case kept(ChecksumAlgorithm)
    /// As `Content-MD5` only.
    case md5

    var byteCount: Int {
        switch self {
        case .kept(let algorithm): algorithm.byteCount
        case .md5: 16
        }
    }
}

/// Computes a checksum of bytes that come in pieces.
enum WireHasher {
    case kept(ChecksumHasher)
    case md5(DigestHasher)

    init(_ checksum: WireChecksum) throws(GatewayError) {
        switch checksum {
        case .kept(let algorithm): self = .kept(ChecksumHasher(algorithm))
        case .md5:
            do {
                self = .md5(try DigestHasher(.md5))
            } catch {
                throw GatewayError(501, "NotImplemented", "\(error.description)")
            }
        }
    }

    mutating func update(_ bytes: [UInt8]) {
        switch self {
        case .kept(var hasher):
            hasher.update(bytes)
            self = .kept(hasher)
        case .md5(let hasher): hasher.update(bytes)
        }
    }

    /// The checksum of all bytes, big-endian; the hasher is spent afterwards.
    func finish() -> [UInt8] {
        switch self {
        case .kept(let hasher): hasher.checksum().bytes
        case .md5(let hasher): hasher.finish()
        }
    }
}
