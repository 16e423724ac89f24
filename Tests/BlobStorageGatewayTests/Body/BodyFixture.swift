import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageHandler
import Foundation
import Testing

@testable import BlobStorageGateway

/// Bytes in pieces of one size, and how many of them were asked for.
struct CutBytes: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let bytes: [UInt8]
    let size: Int
    /// The first piece, where that matters.
    var firstSize: Int?
    let readCount = Locked(0)

    struct Iterator: AsyncIteratorProtocol {
        let cut: CutBytes
        var offset = 0

        mutating func next() async -> [UInt8]? {
            guard offset < cut.bytes.count else { return nil }
            let size = offset == 0 ? cut.firstSize ?? cut.size : cut.size
            let end = Swift.min(cut.bytes.count, offset + size)
            defer { offset = end }
            cut.readCount.withLock { $0 += 1 }
            return [UInt8](cut.bytes[offset..<end])
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(cut: self) }
}

enum BodyFixture {
    static func pattern(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }

    /// A `PUT` that the package's own signer signed, with the framed body in memory.
    static func signedPut(
        _ bytes: [UInt8],
        _ payload: PayloadSigning
    ) async throws -> (headers: HTTPHeaders, body: [UInt8]) {
        var request = HTTPRequest(
            .put,
            HTTPURL(.http, host: "h", path: "/b/k"),
            body: BlobBody(bytes)
        )
        try SigV4Signer(service: "s3").sign(
            &request,
            payload: payload,
            region: "eu-west-1",
            credentials: GatewayFixture.credentials,
            at: GatewayFixture.date
        )
        var headers = request.headers
        headers["Host"] = "h"
        let body = try #require(request.body)
        return (headers, try await body.collect(upTo: 64 << 20))
    }

    static func caller(_ headers: HTTPHeaders, _ body: BlobBody) throws -> Caller {
        let request = try GatewayFixture.request(
            "PUT",
            target: "/b/k",
            headers: headers,
            body: body
        )
        return try GatewayFixture.authenticator().authenticate(request)
    }

    /// A caller without a signature, so that the headers can be any.
    static func stranger(
        _ headers: HTTPHeaders,
        _ body: BlobBody,
        method: String = "PUT",
        target: String = "/b/k"
    ) throws -> Caller {
        var headers = headers
        headers["Host"] = "h"
        let request = try GatewayFixture.request(
            method,
            target: target,
            headers: headers,
            body: body
        )
        return try GatewayFixture.authenticator(anonymousRights: [GatewayRight()])
            .authenticate(request)
    }

    /// What was handed on before the body ended or failed, and the failure's code.
    static func read(_ body: BlobBody) async -> (bytes: [UInt8], code: String?) {
        var bytes: [UInt8] = []
        do {
            for try await chunk in body { bytes += chunk }
            return (bytes, nil)
        } catch {
            return (bytes, (error as? GatewayError)?.code ?? "\(error)")
        }
    }
}
