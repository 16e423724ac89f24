/// A way to compute a ``Checksum``.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
@nonexhaustive
public enum ChecksumAlgorithm: String, Sendable, Hashable, CaseIterable, Codable {
    /// CRC-32 with Castagnoli's polynomial: 4 bytes.
    case crc32C = "crc32c"

    /// CRC-64 as NVMe defines it: 8 bytes; the fastest, and the default of S3's own clients.
    case crc64NVME = "crc64nvme"

    /// SHA-256: 32 bytes; the one to take where somebody could forge bytes on purpose.
    case sha256

    /// CRC-32 as zip has it: 4 bytes; what the aws command and boto3 send unless told otherwise.
    case crc32

    /// SHA-1: 20 bytes; against accidents alone, since two texts with one SHA-1 can be made.
    case sha1

    /// How many bytes a checksum has.
    public var byteCount: Int {
        switch self {
        case .crc32, .crc32C: 4
        case .crc64NVME: 8
        case .sha1: 20
        case .sha256: 32
        }
    }
}
