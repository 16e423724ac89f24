import BlobStorage
import BlobStorageHandler
import BlobStorageXML

@testable import BlobStorageGateway

/// Sends requests as they are to a gateway that lets anybody do anything.
struct RawClient: Sendable {
    let gateway: S3Gateway
    /// Whether requests tell how long their bodies are, if that is known.
    var sendsLength = true

    init(_ gateway: S3Gateway) {
        self.gateway = gateway
    }

    init(
        _ store: any BlobStore = InMemoryStore(),
        _ adjust: (inout S3GatewayConfiguration) -> Void = { _ in }
    ) {
        self.init(buckets: FixedBuckets(["bucket": store]), adjust)
    }

    init(
        buckets: any GatewayBuckets,
        _ adjust: (inout S3GatewayConfiguration) -> Void = { _ in }
    ) {
        gateway =
            ServedGateway(buckets) { configuration in
                configuration.anonymousRights = [GatewayRight()]
                adjust(&configuration)
            }
            .gateway
    }

    /// An answer, read to its end.
    struct Answer: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        /// The root of the answer's document.
        var document: XMLNode {
            get throws { try XMLNode.parse(body) }
        }

        /// The code of an error document.
        var code: String? { (try? document)?.child("Code")?.text }
    }

    func send(
        _ method: String,
        _ target: String,
        _ headers: HTTPHeaders = HTTPHeaders(),
        _ body: String = ""
    ) async throws -> Answer {
        try await send(method, target, headers, BlobBody(Array(body.utf8)))
    }

    /// Puts a document with its checksum, which S3 asks for where it sets something for a bucket.
    func putProtected(_ target: String, _ document: String) async throws -> Answer {
        let digest = Checksum.of(Array(document.utf8), .sha256)
        return try await send("PUT", target, ["x-amz-checksum-sha256": digest.base64], document)
    }

    func send(
        _ method: String,
        _ target: String,
        _ headers: HTTPHeaders = HTTPHeaders(),
        _ body: BlobBody
    ) async throws -> Answer {
        var headers = headers
        headers["Host"] = headers["Host"] ?? "s3.example.com"
        if sendsLength, let byteCount = body.byteCount {
            headers["Content-Length"] = headers["Content-Length"] ?? String(byteCount)
        }
        let response = await gateway.respond(
            to: HTTPServerRequest(method: method, target: target, headers: headers, body: body)
        )
        return Answer(
            status: response.status,
            headers: response.headers,
            body: try await response.body.collect(upTo: 64 << 20)
        )
    }
}
