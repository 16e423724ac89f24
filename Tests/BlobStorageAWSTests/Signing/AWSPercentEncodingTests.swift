import Foundation
import Testing

@testable import BlobStorageAWS

@Suite struct AWSPercentEncodingTests {
    // RFC 3986, section 2.3.
    private let unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

    @Test func everyByteIsEncodedOrUnreserved() {
        for byte in UInt8.min...UInt8.max {
            var text: [UInt8] = []
            AWSPercentEncoding.append([byte], to: &text)
            let expected =
                unreserved.utf8.contains(byte)
                ? [byte]
                : Array(
                    ("%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)).utf8
                )
            #expect(text == expected)
            #expect(AWSPercentEncoding.decode(text) == [byte])
        }
    }

    @Test func aSlashIsKeptOnDemand() {
        #expect(AWSPercentEncoding.encode("a/b c") == "a%2Fb%20c")
        #expect(AWSPercentEncoding.encode("a/b c", keepingSlash: true) == "a/b%20c")
        #expect(AWSPercentEncoding.encode("é😀") == "%C3%A9%F0%9F%98%80")
    }

    @Test(
        "decodes what is encoded, and nothing else",
        arguments: [
            ("%41%2f%7e", "A/~"), ("%", "%"), ("%4", "%4"), ("%4g", "%4g"), ("%%41", "%A"),
            ("+", "+"),
        ]
    )
    func decoded(_ text: String, _ expected: String) {
        #expect(AWSPercentEncoding.decode(text.utf8) == Array(expected.utf8))
    }
}
