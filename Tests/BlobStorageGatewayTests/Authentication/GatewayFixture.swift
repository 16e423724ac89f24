import BlobStorage
import BlobStorageAWS
import BlobStorageCrypto
import BlobStorageHTTP
import BlobStorageHandler
import Foundation
import Testing

@testable import BlobStorageGateway

/// Requests and gateways' parts for tests, at a fixed time.
enum GatewayFixture {
    static let credentials = AWSCredentials(
        accessKeyID: "AKIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    )
    /// 2025-06-15T12:34:56Z, the time of botocore's vectors.
    static let date = Date(timeIntervalSince1970: 1_749_990_896)

    static func time(_ date: Date = date) -> TimeSource {
        TimeSource(now: { date }, uptime: { .zero }, sleep: { _ in })
    }

    static func authenticator(
        _ credentials: [AWSCredentials] = [credentials],
        region: String = "eu-west-1",
        anonymousRights: [GatewayRight] = [],
        at date: Date = date
    ) -> Authenticator {
        var configuration = S3GatewayConfiguration(
            buckets: FixedBuckets([:]),
            accessKeys: credentials.map { GatewayAccessKey($0) }
        )
        configuration.region = region
        configuration.anonymousRights = anonymousRights
        return Authenticator(configuration, time: time(date))
    }

    /// Sends a presigned request with parameters of its own to a gateway whose bucket `b` is a store.
    static func sendPresigned(
        _ method: HTTPMethod,
        _ path: String,
        _ query: String,
        to store: any BlobStore,
        _ body: String = ""
    ) async throws -> RawClient.Answer {
        var configuration = S3GatewayConfiguration(
            buckets: FixedBuckets(["b": store]),
            accessKeys: [GatewayAccessKey(credentials)]
        )
        configuration.region = "eu-west-1"
        let gateway = S3Gateway(configuration, time: time())
        let url = try SigV4Signer(service: "s3").presign(
            HTTPRequest(method, HTTPURL(.http, host: "h", path: path, query: query)),
            expiresIn: .seconds(900),
            region: "eu-west-1",
            credentials: credentials,
            at: date
        )
        return try await RawClient(gateway)
            .send(method.rawValue, url.target, ["Host": "h"], body)
    }

    /// A request as a server hands it on; `Host` comes from the URL.
    static func request(
        _ method: String,
        _ url: String,
        headers: HTTPHeaders = HTTPHeaders(),
        body: BlobBody = BlobBody([])
    ) throws -> GatewayRequest {
        let rest = try #require(url.split(separator: "://", maxSplits: 1).last)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        var target = String(rest[end...])
        if target.first != "/" { target = "/\(target)" }
        var headers = headers
        if headers["host"] == nil { headers["Host"] = host(String(rest[..<end]), url) }
        return try request(method, target: target, headers: headers, body: body)
    }

    static func request(
        _ method: String,
        target: String,
        headers: HTTPHeaders,
        body: BlobBody = BlobBody([])
    ) throws -> GatewayRequest {
        let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        let query = mark.map { String(target[target.utf8.index(after: $0)...]) }
        return GatewayRequest(
            method: method,
            path: String(target[..<(mark ?? target.endIndex)]),
            query: query,
            parameters: try QueryParameters(query),
            headers: headers,
            bucket: "examplebucket",
            key: "k",
            body: body
        )
    }

    /// Clients leave out the port that the scheme has anyway.
    private static func host(_ authority: String, _ url: String) -> String {
        let standard = url.hasPrefix("https:") ? ":443" : ":80"
        return authority.hasSuffix(standard)
            ? String(authority.dropLast(standard.count)) : authority
    }

    /// The vectors of signing, which stand beside the signer's tests.
    static func vector(_ name: String) throws -> [String: Any] {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appending(path: "BlobStorageAWSTests/Vectors/sigv4/\(name)")
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
        return try #require(object as? [String: Any])
    }

    static func credentials(_ vector: [String: Any], token: String? = nil) throws -> AWSCredentials
    {
        AWSCredentials(
            accessKeyID: try #require(vector["access_key_id"] as? String),
            secretAccessKey: try #require(vector["secret_access_key"] as? String),
            sessionToken: token
        )
    }
}

/// What a call refuses with.
func refusal(_ body: () throws -> Void) throws -> GatewayError {
    try #require(throws: GatewayError.self) { try body() }
}
