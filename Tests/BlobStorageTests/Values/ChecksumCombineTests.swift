import Testing

@testable import BlobStorage

@Suite struct ChecksumCombineTests {
    private struct File: Decodable {
        struct Multipart: Decodable {
            var data: String
            var partSizes: [Int]
            var fullObjectCRC32: String
            var fullObjectCRC32C: String
            var fullObjectCRC64NVME: String
            var partCRC64NVME: [String]

            enum CodingKeys: String, CodingKey {
                case data
                case partSizes = "part_sizes"
                case fullObjectCRC32 = "full_object_crc32"
                case fullObjectCRC32C = "full_object_crc32c"
                case fullObjectCRC64NVME = "full_object_crc64nvme"
                case partCRC64NVME = "part_crc64nvme"
            }
        }

        var multipart: [Multipart]
    }

    @Test func partsMakeTheWholesChecksum() throws {
        let file = try Vectors.load("checksums.json", as: File.self)
        #expect(file.multipart.count == 4)
        for vector in file.multipart {
            #expect(vector.data.hasSuffix("of \"1 MiB of (i*131+i//251)&255\""))
            let expected: [ChecksumAlgorithm: String] = [
                .crc32: vector.fullObjectCRC32,
                .crc32C: vector.fullObjectCRC32C, .crc64NVME: vector.fullObjectCRC64NVME,
            ]
            for (algorithm, base64) in expected {
                var whole = Checksum.of([], algorithm)
                var start = 0
                for (size, published) in zip(vector.partSizes, vector.partCRC64NVME) {
                    let part = Checksum.of(
                        (start..<start + size).map { UInt8(($0 * 131 + $0 / 251) & 255) },
                        algorithm
                    )
                    if algorithm == .crc64NVME { #expect(part.base64 == published) }
                    whole = try #require(whole.appending(part, byteCount: Int64(size)))
                    start += size
                }
                #expect(whole.base64 == base64)
            }
        }
    }

    @Test(
        "combines pieces at every cut",
        arguments: [ChecksumAlgorithm.crc32, .crc32C, .crc64NVME]
    )
    func cuts(_ algorithm: ChecksumAlgorithm) throws {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 77) }
        let whole = Checksum.of(bytes, algorithm)
        for cut in 0...bytes.count {
            let first = Checksum.of(Array(bytes[..<cut]), algorithm)
            let second = Checksum.of(Array(bytes[cut...]), algorithm)
            #expect(first.appending(second, byteCount: Int64(bytes.count - cut)) == whole)
        }
    }

    @Test func someChecksumsDoNotCombine() {
        #expect(Checksum.of([1], .sha256).appending(.of([2], .sha256), byteCount: 1) == nil)
        #expect(Checksum.of([1], .sha1).appending(.of([2], .sha1), byteCount: 1) == nil)
        #expect(Checksum.of([1], .crc32C).appending(.of([2], .crc64NVME), byteCount: 1) == nil)
    }
}
