import BlobStorage
import BlobStorageAWS
import BlobStorageHandler
import Foundation
import Testing

@testable import BlobStorageGateway

@Suite struct ChunkedDecoderTests {
    private static let payloads: [PayloadSigning] = [
        .chunked(trailer: nil), .chunked(trailer: "x-amz-checksum-crc64nvme"),
        .unsignedChunked(trailer: "x-amz-checksum-crc32c"),
        .unsignedChunked(trailer: "x-amz-checksum-sha256"),
    ]

    private func cut(_ bytes: [UInt8], size: Int, first: Int? = nil) -> BlobBody {
        BlobBody(
            CutBytes(bytes: bytes, size: size, firstSize: first),
            byteCount: Int64(bytes.count)
        )
    }

    @Test("reads what the signer framed, cut in two at every byte", arguments: payloads)
    func everySplit(_ payload: PayloadSigning) async throws {
        let bytes = BodyFixture.pattern(300)
        let (headers, framed) = try await BodyFixture.signedPut(bytes, payload)
        for first in 1..<framed.count {
            let body = cut(framed, size: framed.count, first: first)
            let caller = try BodyFixture.caller(headers, body)
            #expect(caller.body.byteCount == 300)
            let found = await BodyFixture.read(caller.body)
            #expect(found.code == nil)
            try #require(found.bytes == bytes, "cut at \(first)")
        }
    }

    @Test("reads what the signer framed, in pieces of any size", arguments: payloads)
    func anyPieces(_ payload: PayloadSigning) async throws {
        for count in [0, 1, 262_143, 262_144, 600_000] {
            let bytes = BodyFixture.pattern(count)
            let (headers, framed) = try await BodyFixture.signedPut(bytes, payload)
            for size in [7, 1_000, 65_536, 262_144, 1 << 20] {
                let caller = try BodyFixture.caller(headers, cut(framed, size: size))
                let found = await BodyFixture.read(caller.body)
                #expect(found.code == nil, "\(count) bytes by \(size)")
                try #require(found.bytes == bytes)
            }
        }
    }

    @Test("refuses every flipped byte", arguments: payloads)
    func everyFlip(_ payload: PayloadSigning) async throws {
        let bytes = BodyFixture.pattern(100)
        let (headers, framed) = try await BodyFixture.signedPut(bytes, payload)
        for index in framed.indices {
            var changed = framed
            changed[index] ^= 0x01
            let caller = try BodyFixture.caller(headers, cut(changed, size: 64))
            let found = await BodyFixture.read(caller.body)
            try #require(found.code != nil, "byte \(index)")
            // A signed chunk is not handed on before it is verified.
            if payload != .unsignedChunked(trailer: "x-amz-checksum-crc32c"),
                payload != .unsignedChunked(trailer: "x-amz-checksum-sha256")
            {
                #expect(found.bytes.isEmpty || found.bytes == bytes)
            }
        }
    }

    @Test("refuses every shorter body", arguments: payloads)
    func everyCut(_ payload: PayloadSigning) async throws {
        let (headers, framed) = try await BodyFixture.signedPut(
            BodyFixture.pattern(100),
            payload
        )
        for count in 0..<framed.count {
            let body = cut([UInt8](framed[..<count]), size: 64)
            let found = await BodyFixture.read(try BodyFixture.caller(headers, body).body)
            #expect(found.code == "IncompleteBody", "\(count) bytes")
        }
        let longer = framed + [0x0A]
        let found = await BodyFixture.read(
            try BodyFixture.caller(headers, cut(longer, size: 64)).body
        )
        #expect(found.code == "InvalidRequest")
    }

    /// Reads chunks that nobody signed, with a length that says `count`.
    private func read(_ text: String, count: Int64, size: Int = 5) async throws -> String {
        let body = cut([UInt8](text.utf8), size: size)
        let caller = try BodyFixture.stranger(
            [
                "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                "x-amz-decoded-content-length": "\(count)",
                "x-amz-trailer": "x-amz-checksum-crc32",
            ],
            body
        )
        let found = await BodyFixture.read(caller.body)
        return found.code ?? String(decoding: found.bytes, as: UTF8.self)
    }

    /// The CRC-32 of `123456789`, from the catalogue of CRCs: cbf43926.
    private static let crc = "x-amz-checksum-crc32:y/Q5Jg==\r\n"

    @Test(
        "reads sizes, extensions and trailers as they are written",
        arguments: [
            ("9\r\n123456789\r\n0\r\n\(crc)\r\n", "123456789"),
            ("4\r\n1234\r\n5\r\n56789\r\n0\r\n\(crc)\r\n", "123456789"),
            ("0009\r\n123456789\r\n000\r\n\(crc)\r\n", "123456789"),
            ("9;a=b;c\r\n123456789\r\n0\r\n\(crc)\r\n", "123456789"),
            ("9\r\n123456789\r\n0\r\nX-Amz-Checksum-CRC32: y/Q5Jg== \r\n\r\n", "123456789"),
            ("9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", "BadDigest"),
            ("9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5\r\n\r\n", "InvalidRequest"),
            ("9\r\n123456789\r\n0\r\n\r\n", "MalformedTrailerError"),
            ("9\r\n123456789\r\n0\r\n\(crc)\(crc)\r\n", "MalformedTrailerError"),
            ("9\r\n123456789\r\n0\r\nother: 1\r\n\(crc)\r\n", "MalformedTrailerError"),
            ("9\r\n123456789\r\n0\r\nnothing\r\n\r\n", "MalformedTrailerError"),
            ("9\r\n123456789\r\n0\r\n\(crc)", "IncompleteBody"),
            ("9\n123456789\r\n0\r\n\(crc)\r\n", "InvalidRequest"),
            ("9\r\n1234567890\r\n0\r\n\(crc)\r\n", "InvalidRequest"),
            ("9\r\n12345678\r\n0\r\n\(crc)\r\n", "InvalidRequest"),
            ("8\r\n12345678\r\n0\r\n\(crc)\r\n", "IncompleteBody"),
            ("a\r\n1234567890\r\n0\r\n\(crc)\r\n", "IncompleteBody"),
            ("\r\n\r\n", "InvalidRequest"), ("g\r\n", "InvalidRequest"),
            ("-1\r\n", "InvalidRequest"), ("+9\r\n", "InvalidRequest"),
            ("0x9\r\n", "InvalidRequest"), (" 9\r\n", "InvalidRequest"),
            ("fffffffffffffff\r\n", "IncompleteBody"),
            ("ffffffffffffffff\r\n", "InvalidRequest"),
            ("10000000000000009\r\n123456789\r\n", "InvalidRequest"),
            ("9\r\n123456789\r\n0\r\n\(crc)\r\n0\r\n", "InvalidRequest"),
        ]
    )
    func frames(_ text: String, _ expected: String) async throws {
        for size in [1, 5, 4_096] {
            #expect(try await read(text, count: 9, size: size) == expected)
        }
    }

    @Test func aLineHasABound() async throws {
        let text = "9;\(String(repeating: "a", count: 1_100))\r\n"
        #expect(try await read(text, count: 9) == "InvalidRequest")
    }

    @Test func aSignedChunkHasABound() throws {
        let scope = SigningScope(at: GatewayFixture.date, region: "r", service: "s3")
        let key = SigningKey(secretAccessKey: "s", scope: scope)
        var decoder = ChunkedDecoder(
            signer: ChunkSigner(key: key, scope: scope, seed: key.signature(of: [])),
            decodedByteCount: 100_000_000,
            trailerName: nil
        )
        let signature = String(repeating: "0", count: 64)
        let head = [UInt8]("1000001;chunk-signature=\(signature)\r\n".utf8)
        let error = try refusal { _ = try decoder.decode(head) }
        #expect(error.message.contains("16777217"))
    }

    @Test func nothingMoreIsReadThanNeededAfterAnError() async throws {
        let source = CutBytes(
            bytes: [UInt8]("zz\r\n".utf8) + BodyFixture.pattern(100_000),
            size: 10
        )
        let caller = try BodyFixture.stranger(
            [
                "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                "x-amz-decoded-content-length": "99", "x-amz-trailer": "x-amz-checksum-crc32",
            ],
            BlobBody(source)
        )
        #expect(await BodyFixture.read(caller.body).code == "InvalidRequest")
        #expect(source.readCount.withLock { $0 } == 1)
    }

    @Test(
        "refuses lengths that are none",
        arguments: [nil, "", "-1", "+1", "1e3", "9223372036854775808", "1 ", "0x1"]
    )
    func decodedLengths(_ text: String?) throws {
        var headers: HTTPHeaders = [
            "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            "x-amz-trailer": "x-amz-checksum-crc32",
        ]
        headers["x-amz-decoded-content-length"] = text
        let error = try refusal { _ = try BodyFixture.stranger(headers, BlobBody([])) }
        #expect(error.status == 411)
        #expect(error.code == "MissingContentLength")
    }

    @Test func signedChunksNeedASignedRequest() throws {
        let error = try refusal {
            _ = try BodyFixture.stranger(
                [
                    "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                    "x-amz-decoded-content-length": "1",
                ],
                BlobBody([])
            )
        }
        #expect(error.code == "InvalidRequest")
    }

    @Test func theEncodingOfTheFramesIsLeftOut() async throws {
        for (sent, kept) in [
            ("aws-chunked", nil), ("aws-chunked,gzip", "gzip"), ("gzip, AWS-chunked", "gzip"),
            ("gzip", "gzip"),
        ] {
            let caller = try BodyFixture.stranger(
                [
                    "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                    "x-amz-decoded-content-length": "0", "Content-Encoding": sent,
                    "x-amz-trailer": "x-amz-checksum-crc32",
                ],
                BlobBody([])
            )
            #expect(caller.headers["Content-Encoding"] == kept)
        }
    }
}
