internal import BlobStorage
internal import BlobStorageCrypto
internal import CBlobStorageChecksum

/// The checksums that S3's clients send: those that stores keep, and two more that are verified only.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
enum WireChecksum: String, Sendable, Hashable, CaseIterable {
    /// What the AWS SDKs send unless told otherwise.
    case crc32
    case crc32C = "crc32c"
    case crc64NVME = "crc64nvme"
    case sha1
    case sha256
    /// As `Content-MD5` only.
    case md5

    /// Those that `x-amz-checksum-*` can name.
    static let named: [WireChecksum] = [.crc32, .crc32C, .crc64NVME, .sha1, .sha256]

    var header: String { "x-amz-checksum-\(rawValue)" }

    /// The word of `x-amz-sdk-checksum-algorithm`.
    var word: String {
        let bytes = rawValue.utf8.map { (0x61...0x7A).contains($0) ? $0 & ~0x20 : $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The same, as stores know it; `nil` if they can't keep it.
    var stored: ChecksumAlgorithm? {
        switch self {
        case .crc32C: .crc32C
        case .crc64NVME: .crc64NVME
        case .sha256: .sha256
        case .crc32, .sha1, .md5: nil
        }
    }

    var byteCount: Int {
        switch self {
        case .crc32, .crc32C: 4
        case .crc64NVME: 8
        case .md5: 16
        case .sha1: 20
        case .sha256: 32
        }
    }
}

/// Computes a checksum of bytes that come in pieces.
enum WireHasher {
    case crc32(UInt32)
    case stored(ChecksumHasher)
    case digest(DigestHasher)

    init(_ checksum: WireChecksum) throws(GatewayError) {
        if let stored = checksum.stored {
            self = .stored(ChecksumHasher(stored))
        } else if checksum == .crc32 {
            self = .crc32(0)
        } else {
            do {
                self = .digest(try DigestHasher(checksum == .sha1 ? .sha1 : .md5))
            } catch {
                throw GatewayError(501, "NotImplemented", "\(error.description)")
            }
        }
    }

    mutating func update(_ bytes: [UInt8]) {
        switch self {
        case .crc32(let crc):
            let next = bytes.withUnsafeBytes { cblobstorage_crc32(crc, $0.baseAddress, $0.count) }
            self = .crc32(next)
        case .stored(var hasher):
            hasher.update(bytes)
            self = .stored(hasher)
        case .digest(let hasher): hasher.update(bytes)
        }
    }

    /// The checksum of all bytes, big-endian; the hasher is spent afterwards.
    func finish() -> [UInt8] {
        switch self {
        case .crc32(let crc): withUnsafeBytes(of: crc.bigEndian, Array.init)
        case .stored(let hasher): hasher.checksum().bytes
        case .digest(let hasher): hasher.finish()
        }
    }
}
