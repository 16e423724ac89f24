import BlobStorage
import Foundation
import Testing

@Suite struct ChecksumTests {
    @Test(
        "wants as many bytes as the algorithm makes",
        arguments: [(.crc32C, 4), (.crc64NVME, 8), (.sha256, 32)]
            as [(ChecksumAlgorithm, Int)]
    )
    func byteCount(_ algorithm: ChecksumAlgorithm, _ count: Int) throws {
        #expect(algorithm.byteCount == count)
        _ = try Checksum(algorithm, bytes: [UInt8](repeating: 0, count: count))
        for wrong in [0, count - 1, count + 1] {
            let error = try #require(throws: BlobError.self) {
                try Checksum(algorithm, bytes: [UInt8](repeating: 0, count: wrong))
            }
            #expect(error.kind == .invalidArgument)
        }
    }

    @Test(
        "rejects text that is no base64 of the length",
        arguments: ["", "AAAA", "AAAAAA", "AAAAAA= =", "AAAAAA==\n", "AAAAAA!=", "\u{1b}[31m"]
    )
    func badBase64(_ text: String) throws {
        let error = try #require(throws: BlobError.self) { try Checksum(.crc32C, base64: text) }
        #expect(error.kind == .invalidArgument)
        #expect(!error.description.utf8.contains(0x1B), "a message must not steer a terminal")
    }

    @Test func printsAlgorithmAndBase64() throws {
        let checksum = try Checksum(.crc64NVME, base64: "rosUhgp5mIg=")
        #expect(checksum.description == "crc64nvme:rosUhgp5mIg=")
        #expect(checksum.hex == "ae8b14860a799888")
        #expect(checksum.base64 == "rosUhgp5mIg=")
    }

    @Test func anExpectedChecksumIsCompared() throws {
        let a = Checksum.of(Array("a".utf8), .crc32C)
        let b = Checksum.of(Array("b".utf8), .crc32C)
        try PutChecksum.expect(a).check(a, operation: "put", key: "k")
        try PutChecksum.compute(.crc32C).check(a, operation: "put", key: "k")
        let error = try #require(throws: BlobError.self) {
            try PutChecksum.expect(a).check(b, operation: "put", key: "k")
        }
        #expect(error.kind == .integrityFailure)
        #expect(error.message.contains(a.base64) && error.message.contains(b.base64))
        #expect(PutChecksum.expect(a).algorithm == .crc32C)
        #expect(PutChecksum.compute(.sha256).algorithm == .sha256)
    }
}
