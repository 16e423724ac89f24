import Foundation

/// A checksum of a blob's bytes.
///
/// It prints as `crc64nvme:rosUhgp5mIg=`: the algorithm and the bytes in base64, big-endian as in
/// S3's `x-amz-checksum-*` headers.
public struct Checksum: Sendable, Hashable {
    /// How it was computed.
    public let algorithm: ChecksumAlgorithm

    /// The checksum, big-endian.
    public let bytes: [UInt8]

    /// Creates a checksum from its bytes.
    ///
    /// - Parameters:
    ///   - algorithm: How it was computed.
    ///   - bytes: The checksum, big-endian.
    /// - Throws: ``BlobError`` of kind `invalidArgument` if the count of bytes is wrong.
    public init(_ algorithm: ChecksumAlgorithm, bytes: [UInt8]) throws {
        guard bytes.count == algorithm.byteCount else {
            let message =
                "a \(algorithm.rawValue) checksum has \(algorithm.byteCount) bytes, "
                + "not \(bytes.count)"
            throw BlobError(.invalidArgument, operation: "checksum", message: message)
        }
        self.init(unchecked: bytes, algorithm)
    }

    /// Creates a checksum from base64, as S3's headers hold it.
    ///
    /// - Parameters:
    ///   - algorithm: How it was computed.
    ///   - base64: The bytes in base64, big-endian.
    /// - Throws: ``BlobError`` of kind `invalidArgument` if the text is no base64 of the right
    ///   length.
    public init(_ algorithm: ChecksumAlgorithm, base64: String) throws {
        guard let data = Data(base64Encoded: base64) else {
            let message =
                "the \(algorithm.rawValue) checksum is not base64: "
                + "\"\(EscapedText(base64))\""
            throw BlobError(.invalidArgument, operation: "checksum", message: message)
        }
        try self.init(algorithm, bytes: [UInt8](data))
    }

    package init(unchecked bytes: [UInt8], _ algorithm: ChecksumAlgorithm) {
        self.algorithm = algorithm
        self.bytes = bytes
    }

    /// Computes the checksum of bytes in memory.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - algorithm: How to compute it.
    /// - Returns: The checksum.
    public static func of(_ bytes: [UInt8], _ algorithm: ChecksumAlgorithm) -> Checksum {
        var hasher = ChecksumHasher(algorithm)
        hasher.update(bytes)
        return hasher.checksum()
    }

    /// Reads what ``description`` prints; `nil` for any other text.
    package init?(description: String) {
        let parts = description.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1)
        guard parts.count == 2,
            let algorithm = ChecksumAlgorithm(rawValue: String(decoding: parts[0], as: UTF8.self)),
            let checksum = try? Checksum(
                algorithm,
                base64: String(decoding: parts[1], as: UTF8.self)
            )
        else { return nil }
        self = checksum
    }

    /// The bytes in base64, as S3's headers hold them.
    public var base64: String { Data(bytes).base64EncodedString() }

    /// The bytes in lower-case hexadecimal, as `sha256sum` prints them.
    public var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension Checksum: CustomStringConvertible {
    /// The algorithm and the bytes in base64.
    public var description: String { "\(algorithm.rawValue):\(base64)" }
}
