import BlobStorage
import BlobStorageAWS
import Foundation
import Testing

@testable import BlobStorageGateway

/// The parsers survive what is nearly right; each stops the process if a cut makes a difference.
@Suite struct MutatedInputTests {
    /// A generator of the same numbers for the same seed (SplitMix64).
    private struct Numbers {
        var state: UInt64

        mutating func next(below bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((value ^ (value >> 31)) % UInt64(bound))
        }
    }

    private func mutated(_ bytes: [UInt8], _ numbers: inout Numbers) -> [UInt8] {
        var bytes = bytes
        for _ in 0...numbers.next(below: 4) {
            let index = numbers.next(below: bytes.count + 1)
            switch numbers.next(below: 4) {
            case 0: bytes.insert(UInt8(numbers.next(below: 256)), at: index)
            case 1: bytes.insert(contentsOf: bytes[..<index].suffix(20), at: index)
            case 2: bytes.removeSubrange(index..<min(bytes.count, index + 3))
            default:
                if index < bytes.count { bytes[index] ^= UInt8(1 << numbers.next(below: 8)) }
            }
        }
        return bytes
    }

    @Test func nearlyRightInputsAreReadInOneWay() throws {
        var numbers = Numbers(state: 20_250_615)
        let data = String(repeating: "x", count: 4_096)
        let chunks = "1000;a=b\r\n\(data)\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"
        var form = FormFixture()
        form.file = [UInt8]("\r\n--\(FormFixture.boundary.dropLast())".utf8)
        let query =
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A%2F20250615%2Fr%2Fs3%2Faws4_request"
            + "&X-Amz-Date=20250615T123456Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host%3Brange"
            + "&X-Amz-Signature=\(String(repeating: "0", count: 64))&x-amz-meta-a=1"
        let authorization =
            "AWS4-HMAC-SHA256 Credential=A/20250615/r/s3/aws4_request, SignedHeaders=host;range, "
            + "Signature=\(String(repeating: "0", count: 64))"
        let policy =
            "{\"expiration\": \"2025-06-15T13:34:56Z\", \"conditions\": [{\"key\": \"\\u00fc\"}, "
            + "[\"starts-with\", \"$a\", \"\"], [\"content-length-range\", 0, 10]]}"
        let inputs: [([UInt8], ([UInt8]) -> Void)] = [
            ([UInt8](chunks.utf8), GatewayParsers.chunks),
            ([UInt8]("\(FormFixture.boundary)\n".utf8) + form.bytes, GatewayParsers.form),
            ([UInt8](query.utf8), GatewayParsers.query),
            ([UInt8](authorization.utf8), GatewayParsers.authorization),
            ([UInt8](policy.utf8), GatewayParsers.policy),
        ]
        var count = 0
        for (seed, parse) in inputs {
            parse(seed)
            parse([])
            for _ in 0..<300 {
                parse(mutated(seed, &numbers))
                count += 1
            }
        }
        #expect(count == 1_500)
    }

    @Test func theEndOfAFormWithoutAFileIsItsEnd() {
        let head = "--b\r\nContent-Disposition: form-data; name=key\r\n\r\na\r\n--b--"
        GatewayParsers.form([UInt8]("b\n\(head)".utf8))
        GatewayParsers.form([UInt8]("b\n\(head)and more".utf8))
    }
}
