import BlobStorage
import Testing

@testable import BlobStorageGateway

@Suite struct WireChecksumTests {
    /// What zlib 1.2.13 computes of the pattern's first bytes.
    private static let crc32s: [(Int, UInt32)] = [
        (0, 0x0000_0000), (1, 0xd202_ef8d), (15, 0x06de_9ac0),
        (16, 0xb8b4_11e5), (63, 0xd904_81eb), (64, 0x44d2_4382),
        (65, 0x4a94_1d72), (79, 0x74a7_2705), (80, 0x2514_1ff7),
        (127, 0xfda1_9397), (128, 0x8621_1937), (143, 0x2c4a_bb9a),
        (1_000, 0xc8e5_4c0e), (65_536, 0x1291_2136), (1_000_003, 0x28ac_cc16),
    ]

    @Test("computes CRC-32 as zlib does, however the bytes are cut", arguments: crc32s)
    func crc32(_ count: Int, _ expected: UInt32) throws {
        let bytes = BodyFixture.pattern(count)
        let value = withUnsafeBytes(of: expected.bigEndian, Array.init)
        // In pieces of less than 64 bytes the tables do it, else carry-less multiplication.
        for size in [1, 63, 64, 100, 4_096, 1 << 20] where count < 100_000 || size > 1 {
            var hasher = try WireHasher(.kept(.crc32))
            var rest = bytes[...]
            while !rest.isEmpty {
                hasher.update([UInt8](rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            #expect(hasher.finish() == value, "by \(size)")
        }
    }

    @Test func namesAreThoseOfTheHeaders() {
        let headers = [
            "x-amz-checksum-crc32", "x-amz-checksum-crc32c", "x-amz-checksum-crc64nvme",
            "x-amz-checksum-sha1", "x-amz-checksum-sha256",
        ]
        #expect(ChecksumAlgorithm.allCases.map(ChecksumName.header).sorted() == headers)
        for header in headers {
            #expect(ChecksumName.algorithm(ofHeader: header).map(ChecksumName.header) == header)
        }
        let words = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"]
        #expect(ChecksumAlgorithm.allCases.map(ChecksumName.value).sorted() == words)
    }
}
