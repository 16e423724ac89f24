import BlobStorage
import BlobStorageHTTP
import Foundation
import Testing

@testable import BlobStorageAWS

/// The worked examples of the S3 API reference.
@Suite struct S3ExampleTests {
    struct File: Decodable {
        struct Chunk: Decodable {
            var length: Int
            var stringToSign: String
            var signature: String
        }

        struct Trailer: Decodable {
            var canonical: String
            var stringToSign: String
            var signature: String
        }

        struct Case: Decodable {
            var name: String
            var kind: String
            var method: String
            var url: String
            var headersSigned: [String: String]
            var payloadHash: String
            var canonicalRequest: String
            var stringToSign: String
            var signature: String
            var chunks: [Chunk]?
            var trailer: Trailer?
        }

        struct Policy: Decodable {
            var date: String
            var region: String
            var policyBase64: String
            var signature: String
        }

        var accessKeyId: String
        var secretAccessKey: String
        var cases: [Case]
        var postPolicy: Policy

        var credentials: AWSCredentials {
            AWSCredentials(accessKeyID: accessKeyId, secretAccessKey: secretAccessKey)
        }
    }

    private let file: File
    private let date: Date
    private let signer = SigV4Signer(service: "s3")

    init() throws {
        file = try SigningVectors.load("s3-docs-examples.json", as: File.self)
        date = try SigningVectors.date("20130524T000000Z")
    }

    private func request(_ item: File.Case, without added: [String] = []) throws -> HTTPRequest {
        let method = try #require(HTTPMethod(rawValue: item.method))
        var request = HTTPRequest(method, try HTTPURL(vector: item.url))
        for (name, value) in item.headersSigned where !added.contains(name) {
            request.headers.append(name, value)
        }
        return request
    }

    @Test func headersAreSignedAsInTheReference() throws {
        let cases = file.cases.filter { $0.kind == "header" && $0.chunks == nil }
        #expect(cases.count == 4)
        for item in cases {
            var request = try request(
                item,
                without: ["x-amz-date", "x-amz-content-sha256", "host"]
            )
            var stages = SigningStages()
            try signer.sign(
                &request,
                payload: .sha256(item.payloadHash),
                region: "us-east-1",
                credentials: file.credentials,
                at: date
            ) { stages.take($0) }
            #expect(stages.canonicalRequest == item.canonicalRequest)
            #expect(stages.stringToSign == item.stringToSign)
            let scope = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"
            let names = item.headersSigned.keys.sorted().joined(separator: ";")
            #expect(
                request.headers["authorization"]
                    == "AWS4-HMAC-SHA256 Credential=\(scope), SignedHeaders=\(names), "
                    + "Signature=\(item.signature)"
            )
        }
    }

    @Test func aURLIsPresignedAsInTheReference() throws {
        let item = try #require(file.cases.first { $0.kind == "presigned" })
        var request = try request(item, without: ["host"])
        request.url.query = nil
        var stages = SigningStages()
        let url = try signer.presign(
            request,
            payload: .unsigned,
            expiresIn: .seconds(86_400),
            region: "us-east-1",
            credentials: file.credentials,
            at: date
        ) { stages.take($0) }
        #expect(stages.canonicalRequest == item.canonicalRequest)
        #expect(stages.stringToSign == item.stringToSign)
        #expect(url.text == item.url)
    }

    @Test func chunksAreSignedAsInTheReference() throws {
        let cases = file.cases.filter { $0.chunks != nil }
        #expect(cases.count == 2)
        for item in cases {
            let isTrailing = item.trailer != nil
            var request = try request(
                item,
                without: [
                    "x-amz-date", "x-amz-content-sha256", "host", "content-encoding",
                    "x-amz-trailer",
                    "x-amz-decoded-content-length",
                ]
            )
            let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 66_560)
            request.body = BlobBody(bytes)
            var stages = SigningStages()
            try signer.sign(
                &request,
                payload: .chunked(trailer: isTrailing ? "x-amz-checksum-crc32c" : nil),
                region: "us-east-1",
                credentials: file.credentials,
                at: date
            ) { stages.take($0) }
            #expect(stages.canonicalRequest == item.canonicalRequest)
            #expect(stages.stringToSign == item.stringToSign)
            #expect(request.headers["authorization"]?.hasSuffix(item.signature) == true)
            #expect(request.body?.byteCount != nil)

            let scope = SigningScope(at: date, region: "us-east-1", service: "s3")
            let key = SigningKey(secretAccessKey: file.secretAccessKey, scope: scope)
            var chunkSigner = ChunkSigner(
                key: key,
                scope: scope,
                seed: key.signature(of: Array(item.stringToSign.utf8))
            )
            for chunk in try #require(item.chunks) {
                let signature = bytes[..<chunk.length].withUnsafeBytes {
                    chunkSigner.signature(ofChunk: $0)
                }
                #expect(String(decoding: signature, as: UTF8.self) == chunk.signature)
                #expect(
                    String(decoding: chunkSigner.stringToSign, as: UTF8.self) == chunk.stringToSign
                )
            }
            if let trailer = item.trailer {
                let signature = chunkSigner.signature(ofTrailers: Array(trailer.canonical.utf8))
                #expect(String(decoding: signature, as: UTF8.self) == trailer.signature)
                #expect(
                    String(decoding: chunkSigner.stringToSign, as: UTF8.self)
                        == trailer.stringToSign
                )
            }
        }
    }

    @Test func theChunkedBodyIsFramedAsInTheReference() async throws {
        for item in file.cases where item.chunks != nil {
            let chunks = try #require(item.chunks)
            let scope = SigningScope(at: date, region: "us-east-1", service: "s3")
            let key = SigningKey(secretAccessKey: file.secretAccessKey, scope: scope)
            let framing = ChunkFraming(
                chunkByteCount: 65_536,
                decodedByteCount: 66_560,
                isSigned: true,
                trailer: item.trailer.map { _ in
                    ChunkFraming.Trailer(name: "x-amz-checksum-crc32c", algorithm: .crc32C)
                }
            )
            let body = framing.body(
                of: BlobBody([UInt8](repeating: UInt8(ascii: "a"), count: 66_560)),
                signer: ChunkSigner(
                    key: key,
                    scope: scope,
                    seed: key.signature(of: Array(item.stringToSign.utf8))
                )
            )
            var expected = ""
            for chunk in chunks {
                let size = String(chunk.length, radix: 16)
                expected += "\(size);chunk-signature=\(chunk.signature)\r\n"
                expected += String(repeating: "a", count: chunk.length)
                if chunk.length > 0 { expected += "\r\n" }
            }
            if let trailer = item.trailer {
                expected += "\(trailer.canonical.dropLast())\r\n"
                expected += "x-amz-trailer-signature:\(trailer.signature)\r\n"
            }
            expected += "\r\n"
            let found = try await body.collect(upTo: 1 << 20)
            #expect(String(decoding: found, as: UTF8.self) == expected)
            #expect(body.byteCount == Int64(found.count))
            // The reference tells the length of the form without a trailer.
            if item.trailer == nil { #expect(body.byteCount == 66_824) }
        }
    }

    @Test func aPolicyIsSignedAsInTheReference() throws {
        let policy = file.postPolicy
        let signature = signer.sign(
            policyBase64: policy.policyBase64,
            region: policy.region,
            credentials: file.credentials,
            at: try SigningVectors.date("\(policy.date)T000000Z")
        )
        #expect(signature == policy.signature)
    }
}
