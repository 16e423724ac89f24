import BlobStorage
import BlobStorageHandler
import Foundation
import Testing

@testable import BlobStorageGateway

@Suite struct BodyVerificationTests {
    private static let digits = [UInt8]("123456789".utf8)
    /// The checksums of `123456789`: the CRCs from the catalogue of CRCs (cbf43926, e3069283,
    /// ae8b14860a799888), the digests as `openssl dgst` prints them.
    private static let checksums = [
        ("x-amz-checksum-crc32", "y/Q5Jg=="), ("x-amz-checksum-crc32c", "4waSgw=="),
        ("x-amz-checksum-crc64nvme", "rosUhgp5mIg="),
        ("x-amz-checksum-sha1", "98O8HYCOBHMq32eZZczDTKeuNEE="),
        ("x-amz-checksum-sha256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
        ("Content-MD5", "JfnnlDI7RTiF9RgfG2JNCw=="),
    ]
    private static let sha256 = "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"

    private func body(_ bytes: [UInt8] = digits, declared: Int64? = 9) -> BlobBody {
        BlobBody(CutBytes(bytes: bytes, size: 4), byteCount: declared)
    }

    private func read(_ headers: HTTPHeaders, _ body: BlobBody) async throws -> String {
        let found = await BodyFixture.read(try BodyFixture.stranger(headers, body).body)
        return found.code ?? String(decoding: found.bytes, as: UTF8.self)
    }

    @Test("verifies each checksum of a header", arguments: checksums)
    func headers(_ name: String, _ value: String) async throws {
        #expect(try await read([name: value], body()) == "123456789")
        var other = Self.digits
        other[8] ^= 1
        #expect(try await read([name: value], body(other)) == "BadDigest")
    }

    @Test("refuses what is no checksum before a byte is read", arguments: checksums)
    func malformed(_ name: String, _ value: String) throws {
        for text in ["", "=", String(value.dropLast()), value + "A", "\(value)\(value)", "*"] {
            let source = CutBytes(bytes: Self.digits, size: 4)
            let error = try refusal {
                _ = try BodyFixture.stranger([name: text], BlobBody(source, byteCount: 9))
            }
            #expect(error.code == (name == "Content-MD5" ? "InvalidDigest" : "InvalidRequest"))
            #expect(source.readCount.withLock { $0 } == 0)
        }
    }

    @Test func theHashOfTheSignatureIsVerified() async throws {
        let headers: HTTPHeaders = ["x-amz-content-sha256": Self.sha256]
        #expect(try await read(headers, body()) == "123456789")
        var other = Self.digits
        other[0] ^= 1
        #expect(try await read(headers, body(other)) == "XAmzContentSHA256Mismatch")
    }

    @Test func theLengthIsVerified() async throws {
        for declared in [Int64(0), 8, 10, 1 << 40] {
            #expect(try await read([:], body(declared: declared)) == "IncompleteBody")
        }
        let error = try refusal { _ = try BodyFixture.stranger([:], body(declared: nil)) }
        #expect(error.status == 411)
    }

    @Test func theLastBytesAreHandedOnOnlyWhenAllIsVerified() async throws {
        let body = try BodyFixture.stranger(["x-amz-checksum-crc32": "AAAAAA=="], body()).body
        let found = await BodyFixture.read(body)
        #expect(found.code == "BadDigest")
        #expect(found.bytes == [UInt8]("12345678".utf8))
    }

    @Test func checksumsThatContradictEachOtherAreRefused() throws {
        let crc32 = ("x-amz-checksum-crc32", "y/Q5Jg==")
        let headers: [HTTPHeaders] = [
            ["x-amz-checksum-crc32": crc32.1, "x-amz-checksum-crc32c": "4waSgw=="],
            ["x-amz-checksum-crc32": crc32.1, "X-Amz-Checksum-CRC32": crc32.1],
            ["x-amz-checksum-crc32": crc32.1, "x-amz-sdk-checksum-algorithm": "SHA256"],
            ["x-amz-sdk-checksum-algorithm": "CRC32"],
            ["x-amz-checksum-md6": "AAAA"],
            ["x-amz-trailer": "x-amz-checksum-crc32"],
            ["Content-MD5": "JfnnlDI7RTiF9RgfG2JNCw==", "content-md5": "JfnnlDI7RTiF9RgfG2JNCw=="],
        ]
        for fields in headers {
            let error = try refusal { _ = try BodyFixture.stranger(fields, body()) }
            #expect(error.code == "InvalidRequest")
        }
        for trailer in [nil, "", "x-amz-checksum-md5", "x-amz-meta-a", "x-amz-checksum-crc32,a"] {
            var fields: HTTPHeaders = [
                "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                "x-amz-decoded-content-length": "9",
            ]
            fields["x-amz-trailer"] = trailer
            let error = try refusal { _ = try BodyFixture.stranger(fields, body()) }
            #expect(error.code == "InvalidRequest")
        }
    }

    @Test func theAlgorithmMayBeNamed() async throws {
        let headers: HTTPHeaders = [
            "x-amz-checksum-crc32": "y/Q5Jg==", "x-amz-sdk-checksum-algorithm": "CRC32",
        ]
        #expect(try await read(headers, body()) == "123456789")
    }

    @Test func theChecksumOfAWholeUploadIsNotTheBodys() async throws {
        let fields: HTTPHeaders = ["x-amz-checksum-crc64nvme": "AAAAAAAAAAA="]
        let complete = try BodyFixture.stranger(
            fields,
            body(),
            method: "POST",
            target: "/b/k?uploadId=1"
        )
        #expect(await BodyFixture.read(complete.body).code == nil)
        #expect(complete.checksum == nil)
    }

    @Test func whatAStoreKeepsIsLeftToIt() async throws {
        let value = "rosUhgp5mIg="
        let caller = try BodyFixture.stranger(["x-amz-checksum-crc64nvme": value], body())
        let expected = try Checksum(.crc64NVME, base64: value)
        #expect(caller.checksum == .known(expected))
        let kept = caller.upload(keeping: [.crc64NVME])
        #expect(kept.checksum == .expect(expected))
        #expect(await BodyFixture.read(kept.body).code == nil)
        let other = caller.upload(keeping: [.sha256])
        #expect(other.checksum == nil)
        // An MD5 is verified and never kept: no store knows it.
        let md5 = try BodyFixture.stranger(["Content-MD5": "JfnnlDI7RTiF9RgfG2JNCw=="], body())
        #expect(md5.checksum == nil)
        #expect(md5.upload(keeping: Set(ChecksumAlgorithm.allCases)).checksum == nil)
    }

    @Test func aStoreKeepsNothingOfAWrongBody() async throws {
        let store = InMemoryStore()
        for (name, value) in Self.checksums {
            let caller = try BodyFixture.stranger([name: value], body([UInt8]("123456780".utf8)))
            let upload = caller.upload(keeping: store.capabilities.checksums)
            await #expect(throws: (any Error).self) {
                _ = try await store.put(
                    "k",
                    upload.body,
                    options: PutOptions(checksum: upload.checksum)
                )
            }
            #expect(try await store.exists("k") == false)
        }
    }
}
