/// CRC-32 as zlib has it, which DynamoDB sends with its answers as `x-amz-crc32`.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        // IEEE 802.3's polynomial, reflected.
        (0..<8).reduce(UInt32(index)) { value, _ in
            value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
        }
    }

    static func of(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF) { crc, byte in
            table[Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8)
        }
    }
}
