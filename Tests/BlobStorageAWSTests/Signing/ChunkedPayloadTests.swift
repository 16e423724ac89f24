import BlobStorage
import BlobStorageHTTP
import Foundation
import Testing

@testable import BlobStorageAWS

@Suite struct ChunkedPayloadTests {
    private let credentials = AWSCredentials(accessKeyID: "A", secretAccessKey: "S")
    private let url = HTTPURL(.http, host: "h", path: "/k")

    private func pattern(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }

    private func signed(_ body: BlobBody?, _ payload: PayloadSigning) throws -> HTTPRequest {
        var request = HTTPRequest(.put, url, body: body)
        try SigV4Signer(service: "s3").sign(
            &request,
            payload: payload,
            region: "r",
            credentials: credentials,
            at: Date(timeIntervalSince1970: 0)
        )
        return request
    }

    /// Takes frames apart, as a server does: sizes, data, trailers.
    private func unframe(
        _ bytes: [UInt8],
        isSigned: Bool
    ) throws -> (sizes: [Int], data: [UInt8], trailers: [String]) {
        var rest = bytes[...]
        func line() throws -> String {
            let end = try #require(rest.firstIndex(of: 0x0D))
            try #require(rest[end + 1] == 0x0A)
            defer { rest = rest[(end + 2)...] }
            return String(decoding: rest[..<end], as: UTF8.self)
        }
        var sizes: [Int] = []
        var data: [UInt8] = []
        while sizes.last != 0 {
            let head = try line().split(separator: ";", maxSplits: 1)
            let size = try #require(Int(head[0], radix: 16))
            try #require((head.count == 2) == isSigned)
            if isSigned { #expect(head[1].utf8.count == 16 + 64) }
            sizes.append(size)
            data += rest.prefix(size)
            rest = rest.dropFirst(size)
            if size > 0 { #expect(try line().isEmpty) }
        }
        var trailers: [String] = []
        while let trailer = try? line(), !trailer.isEmpty { trailers.append(trailer) }
        #expect(rest.isEmpty)
        return (sizes, data, trailers)
    }

    @Test(
        "frames bodies of any size and chunking",
        arguments: [
            0, 1, 15, 16, 4_095, 65_536, 262_143, 262_144, 262_145, 1_000_003,
        ]
    )
    func sizes(_ count: Int) async throws {
        let bytes = pattern(count)
        for payload in [
            PayloadSigning.chunked(trailer: nil), .chunked(trailer: "x-amz-checksum-crc64nvme"),
            .unsignedChunked(trailer: "x-amz-checksum-crc32c"),
            .unsignedChunked(trailer: "x-amz-checksum-sha256"),
        ] {
            for body in [BlobBody(bytes), BlobBody(Pieces(bytes: bytes), byteCount: Int64(count))] {
                let request = try signed(body, payload)
                let framed = try #require(request.body)
                #expect(framed.isReplayable == body.isReplayable)
                let found = try await framed.collect(upTo: 2 << 20)
                #expect(framed.byteCount == Int64(found.count))
                let parts = try unframe(found, isSigned: payload.signsChunks)
                #expect(parts.data == bytes)
                #expect(parts.sizes.dropLast(2).allSatisfy { $0 == 262_144 })
                #expect(request.headers["x-amz-decoded-content-length"] == "\(count)")
                #expect(request.headers["content-encoding"] == "aws-chunked")
                let checksums = parts.trailers.filter { $0.hasPrefix("x-amz-checksum-") }
                if let name = request.headers["x-amz-trailer"] {
                    let algorithm = try #require(
                        ChecksumAlgorithm(rawValue: String(name.dropFirst("x-amz-checksum-".count)))
                    )
                    #expect(checksums == ["\(name):\(Checksum.of(bytes, algorithm).base64)"])
                    #expect(parts.trailers.count == (payload.signsChunks ? 2 : 1))
                } else {
                    #expect(parts.trailers.isEmpty)
                }
                if framed.isReplayable {
                    #expect(try await framed.collect(upTo: 2 << 20) == found)
                }
            }
        }
    }

    @Test func anEncodingIsKept() throws {
        var request = HTTPRequest(.put, url, headers: ["Content-Encoding": "gzip"])
        request.body = BlobBody([1])
        try SigV4Signer(service: "s3").sign(
            &request,
            payload: .unsignedChunked(trailer: "x-amz-checksum-crc32c"),
            region: "r",
            credentials: credentials,
            at: Date(timeIntervalSince1970: 0)
        )
        #expect(request.headers["content-encoding"] == "aws-chunked,gzip")
        #expect(request.headers["x-amz-content-sha256"] == "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
    }

    @Test func aBodyOfAnotherLengthFails() async throws {
        for declared in [Int64(9), 11, 0, 300_000] {
            let body = BlobBody(Pieces(bytes: pattern(10)), byteCount: declared)
            let framed = try #require(try signed(body, .chunked(trailer: nil)).body)
            let error = try await #require(throws: BlobError.self) {
                for try await _ in framed {}
            }
            #expect(error.kind == .invalidArgument)
        }
    }

    @Test func whatCannotBeFramedIsRefused() throws {
        let unknown = BlobBody(Pieces(bytes: [1]))
        for (body, payload) in [
            (unknown, PayloadSigning.chunked(trailer: nil)),
            (BlobBody([1]), .chunked(trailer: "x-amz-checksum-md5")),
            (BlobBody([1]), .unsignedChunked(trailer: "")),
        ] {
            let error = try #require(throws: BlobError.self) { try signed(body, payload) }
            #expect(error.kind == .invalidArgument)
        }
    }
}

/// Bytes in pieces of growing sizes, empty ones among them.
private struct Pieces: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    var bytes: [UInt8]

    struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<UInt8>
        var size = 0

        mutating func next() async -> [UInt8]? {
            guard !rest.isEmpty else { return nil }
            let piece = rest.prefix(size)
            rest = rest.dropFirst(size)
            size = size * 3 + 1
            return Array(piece)
        }
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(rest: bytes[...])
    }
}
