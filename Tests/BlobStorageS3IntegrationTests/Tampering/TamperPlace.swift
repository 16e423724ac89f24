import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageS3
import Foundation

/// One bucket on one server, and requests that are signed for it.
struct TamperPlace: Sendable {
    static let region = "us-east-1"

    let host = "127.0.0.1"
    let port: Int
    let bucket: String
    let credentials: AWSCredentials
    /// Another key of the server, which has no rights here.
    let other: AWSCredentials
    var date: Date

    var authority: String { "\(host):\(port)" }

    /// The path of a key, whose text is encoded already.
    func path(_ key: String) -> String { "/\(bucket)/\(key)" }

    /// A message with a presigned URL, which has the headers that are bound.
    func presigned(
        _ method: HTTPMethod,
        _ key: String,
        query: String? = nil,
        headers: HTTPHeaders = HTTPHeaders(),
        body: [UInt8] = [],
        as signer: AWSCredentials? = nil,
        seconds: Int = 900,
        age: Double = 0
    ) throws -> WireMessage {
        let url = HTTPURL(.http, host: host, port: port, path: path(key), query: query)
        let signed = try SigV4Signer(service: "s3").presign(
            HTTPRequest(method, url, headers: headers),
            expiresIn: .seconds(seconds),
            region: Self.region,
            credentials: signer ?? credentials,
            at: date.addingTimeInterval(-age)
        )
        return message(method, signed.target, headers, body)
    }

    /// A message whose signature is in a header.
    func signed(
        _ method: HTTPMethod,
        _ key: String,
        headers: HTTPHeaders = HTTPHeaders(),
        body: [UInt8] = [],
        payload: PayloadSigning? = nil,
        as signer: AWSCredentials? = nil,
        age: Double = 0
    ) async throws -> WireMessage {
        let url = HTTPURL(.http, host: host, port: port, path: path(key))
        var request = HTTPRequest(method, url, headers: headers, body: BlobBody(body))
        try SigV4Signer(service: "s3").sign(
            &request,
            payload: payload ?? .sha256(Checksum.of(body, .sha256).hex),
            region: Self.region,
            credentials: signer ?? credentials,
            at: date.addingTimeInterval(-age)
        )
        let sent = try await request.body?.collect(upTo: 1 << 20) ?? []
        return message(method, url.target, request.headers, sent)
    }

    private func message(
        _ method: HTTPMethod,
        _ target: String,
        _ headers: HTTPHeaders,
        _ body: [UInt8]
    ) -> WireMessage {
        let fields = headers.fields.map { ($0.name, $0.value) }
        var message = WireMessage(method.rawValue, target, [("Host", authority)] + fields, body)
        if !body.isEmpty || method == .put { message["Content-Length"] = String(body.count) }
        return message
    }
}

/// A request that somebody has changed, or spelled in another way.
struct TamperCase: Sendable {
    let name: String
    let message: WireMessage
    /// Whether it means what was signed, so that it must be accepted.
    var isSame = false
}

/// Cases about one signed request.
struct TamperFamily: Sendable {
    let name: String
    let original: WireMessage
    private(set) var cases: [TamperCase] = []

    init(_ name: String, _ original: WireMessage) {
        self.name = name
        self.original = original
        cases.append(TamperCase(name: "\(name): as it is", message: original, isSame: true))
    }

    /// A change that must be refused.
    mutating func refuse(_ name: String, _ change: (inout WireMessage) -> Void) {
        add(name, original.changed(change))
    }

    mutating func add(_ name: String, _ message: WireMessage) {
        cases.append(TamperCase(name: "\(self.name): \(name)", message: message))
    }

    /// Another spelling of the same.
    mutating func accept(_ name: String, _ change: (inout WireMessage) -> Void) {
        let message = original.changed(change)
        cases.append(TamperCase(name: "\(self.name): \(name)", message: message, isSame: true))
    }
}
