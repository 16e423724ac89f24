internal import CBlobStorageChecksum

extension Checksum {
    /// The checksum of this one's bytes followed by others, without reading either again.
    ///
    /// - Parameters:
    ///   - next: The checksum of the bytes that follow.
    ///   - byteCount: How many bytes follow.
    /// - Returns: The checksum of all; `nil` if the algorithms differ, or are none that can do it.
    /// - Complexity: Logarithmic in `byteCount`.
    package func appending(_ next: Checksum, byteCount: Int64) -> Checksum? {
        precondition(byteCount >= 0, "a count of bytes is negative")
        guard algorithm == next.algorithm else { return nil }
        let count = UInt64(byteCount)
        switch algorithm {
        case .crc32:
            let crc = cblobstorage_crc32_combine(UInt32(value), UInt32(next.value), count)
            return Checksum(unchecked: withUnsafeBytes(of: crc.bigEndian, Array.init), algorithm)
        case .crc32C:
            let crc = cblobstorage_crc32c_combine(UInt32(value), UInt32(next.value), count)
            return Checksum(unchecked: withUnsafeBytes(of: crc.bigEndian, Array.init), algorithm)
        case .crc64NVME:
            let crc = cblobstorage_crc64nvme_combine(value, next.value, count)
            return Checksum(unchecked: withUnsafeBytes(of: crc.bigEndian, Array.init), algorithm)
        case .sha1, .sha256:
            return nil
        }
    }

    /// The bytes of a CRC as a number.
    private var value: UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
