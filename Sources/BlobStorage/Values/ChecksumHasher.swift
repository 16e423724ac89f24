import CBlobStorageChecksum

/// Computes a ``Checksum`` of bytes that come in pieces.
public struct ChecksumHasher: Sendable {
    private enum State: Sendable {
        case crc32(UInt32)
        case crc32C(UInt32)
        case crc64NVME(UInt64)
        case sha1(cblobstorage_sha1)
        case sha256(cblobstorage_sha256)
    }

    /// How the checksum is computed.
    public let algorithm: ChecksumAlgorithm
    private var state: State

    /// Creates a hasher that has seen no byte.
    ///
    /// - Parameter algorithm: How to compute the checksum.
    public init(_ algorithm: ChecksumAlgorithm) {
        self.algorithm = algorithm
        switch algorithm {
        case .crc32: state = .crc32(0)
        case .crc32C: state = .crc32C(0)
        case .crc64NVME: state = .crc64NVME(0)
        case .sha1:
            var sha = cblobstorage_sha1()
            cblobstorage_sha1_init(&sha)
            state = .sha1(sha)
        case .sha256:
            var sha = cblobstorage_sha256()
            cblobstorage_sha256_init(&sha)
            state = .sha256(sha)
        }
    }

    /// Takes in the next bytes.
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Takes in the next bytes.
    ///
    /// - Complexity: About 10 GB/s for the CRCs and 1.8 GB/s for the SHAs where the processor has
    ///   instructions for them.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        switch state {
        case .crc32(let crc):
            state = .crc32(cblobstorage_crc32(crc, bytes.baseAddress, bytes.count))
        case .crc32C(let crc):
            state = .crc32C(cblobstorage_crc32c(crc, bytes.baseAddress, bytes.count))
        case .crc64NVME(let crc):
            state = .crc64NVME(cblobstorage_crc64nvme(crc, bytes.baseAddress, bytes.count))
        case .sha1(var sha):
            cblobstorage_sha1_update(&sha, bytes.baseAddress, bytes.count)
            state = .sha1(sha)
        case .sha256(var sha):
            cblobstorage_sha256_update(&sha, bytes.baseAddress, bytes.count)
            state = .sha256(sha)
        }
    }

    /// The checksum of all bytes so far; the hasher can go on afterwards.
    public func checksum() -> Checksum {
        switch state {
        case .crc32(let crc), .crc32C(let crc):
            return Checksum(unchecked: withUnsafeBytes(of: crc.bigEndian, Array.init), algorithm)
        case .crc64NVME(let crc):
            return Checksum(unchecked: withUnsafeBytes(of: crc.bigEndian, Array.init), algorithm)
        case .sha1(var sha):
            var digest = [UInt8](repeating: 0, count: 20)
            cblobstorage_sha1_final(&sha, &digest)
            return Checksum(unchecked: digest, algorithm)
        case .sha256(var sha):
            var digest = [UInt8](repeating: 0, count: 32)
            cblobstorage_sha256_final(&sha, &digest)
            return Checksum(unchecked: digest, algorithm)
        }
    }
}
