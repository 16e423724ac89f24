import BlobStorage
import BlobStorageTestKit
import Foundation
import Testing

/// `Vectors/checksums.json`.
private struct ChecksumVectors: Decodable {
    struct Single: Decodable {
        var input: String
        var length: Int
        var hex: String?
        var crc32: String
        var crc32c: String
        var crc64nvme: String
        var sha256Hex: String
        var base64CRC32: String
        var base64CRC32C: String
        var base64CRC64NVME: String
        var base64SHA1: String
        var base64SHA256: String

        enum CodingKeys: String, CodingKey {
            case input
            case length
            case hex
            case crc32
            case crc32c
            case crc64nvme
            case sha256Hex = "sha256_hex"
            case base64CRC32 = "x_amz_checksum_crc32"
            case base64CRC32C = "x_amz_checksum_crc32c"
            case base64CRC64NVME = "x_amz_checksum_crc64nvme"
            case base64SHA1 = "x_amz_checksum_sha1"
            case base64SHA256 = "x_amz_checksum_sha256"
        }

        /// The input's bytes; the two long ones are told by a formula.
        var bytes: [UInt8] {
            switch input {
            case "66560 x a": Array(repeating: UInt8(ascii: "a"), count: length)
            case "1 MiB of (i*131+i//251)&255":
                (0..<length).map { UInt8(truncatingIfNeeded: $0 * 131 + $0 / 251) }
            default: ChecksumVectors.bytes(ofHex: hex ?? "")
            }
        }
    }

    var single: [Single]

    static func bytes(ofHex text: String) -> [UInt8] {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        return stride(from: 0, to: digits.count - 1, by: 2)
            .map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    static func load() throws -> ChecksumVectors {
        try Vectors.load("checksums.json", as: ChecksumVectors.self)
    }
}

@Suite struct ChecksumHasherTests {
    @Test func vectorsOfOtherImplementations() throws {
        for vector in try ChecksumVectors.load().single {
            let bytes = vector.bytes
            try #require(bytes.count == vector.length)
            let crc32 = Checksum.of(bytes, .crc32)
            #expect(crc32.hex == vector.crc32, "\(vector.input)")
            #expect(crc32.base64 == vector.base64CRC32, "\(vector.input)")
            let crc32C = Checksum.of(bytes, .crc32C)
            #expect(crc32C.hex == vector.crc32c, "\(vector.input)")
            #expect(crc32C.base64 == vector.base64CRC32C, "\(vector.input)")
            let crc64NVME = Checksum.of(bytes, .crc64NVME)
            #expect(crc64NVME.hex == vector.crc64nvme, "\(vector.input)")
            #expect(crc64NVME.base64 == vector.base64CRC64NVME, "\(vector.input)")
            #expect(Checksum.of(bytes, .sha1).base64 == vector.base64SHA1, "\(vector.input)")
            let sha256 = Checksum.of(bytes, .sha256)
            #expect(sha256.hex == vector.sha256Hex, "\(vector.input)")
            #expect(sha256.base64 == vector.base64SHA256, "\(vector.input)")
        }
    }

    @Test("pieces give what the whole gives", arguments: ChecksumAlgorithm.allCases)
    func pieces(_ algorithm: ChecksumAlgorithm) throws {
        var random = SplitMix64(7)
        let bytes = (0..<5_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let whole = Checksum.of(bytes, algorithm)
        for _ in 0..<30 {
            var hasher = ChecksumHasher(algorithm)
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = min(rest.count, Int.random(in: 0...300, using: &random))
                hasher.update(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            #expect(hasher.checksum() == whole)
        }
    }

    @Test("every split in two gives what the whole gives", arguments: ChecksumAlgorithm.allCases)
    func splits(_ algorithm: ChecksumAlgorithm) {
        let bytes = (0..<200).map { UInt8($0) }
        let whole = Checksum.of(bytes, algorithm)
        for split in 0...bytes.count {
            var hasher = ChecksumHasher(algorithm)
            hasher.update(Array(bytes[..<split]))
            hasher.update(Array(bytes[split...]))
            #expect(hasher.checksum() == whole)
        }
    }

    @Test("looking at the checksum does not change it", arguments: ChecksumAlgorithm.allCases)
    func looking(_ algorithm: ChecksumAlgorithm) {
        var hasher = ChecksumHasher(algorithm)
        #expect(hasher.checksum() == Checksum.of([], algorithm))
        hasher.update(Array("hello ".utf8))
        _ = hasher.checksum()
        let copy = hasher
        hasher.update(Array("world".utf8))
        #expect(hasher.checksum() == Checksum.of(Array("hello world".utf8), algorithm))
        #expect(copy.checksum() == Checksum.of(Array("hello ".utf8), algorithm))
    }

    @Test("starts anywhere in memory", arguments: ChecksumAlgorithm.allCases)
    func alignment(_ algorithm: ChecksumAlgorithm) {
        let bytes = (0..<4_200).map { UInt8(truncatingIfNeeded: $0 * 7) }
        for offset in 0..<16 {
            let part = Array(bytes[offset..<(offset + 4_100)])
            var hasher = ChecksumHasher(algorithm)
            bytes.withUnsafeBytes {
                hasher.update(UnsafeRawBufferPointer(rebasing: $0[offset..<(offset + 4_100)]))
            }
            #expect(hasher.checksum() == Checksum.of(part, algorithm))
        }
    }
}
