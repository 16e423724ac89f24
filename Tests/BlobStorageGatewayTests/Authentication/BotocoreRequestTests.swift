import BlobStorage
import BlobStorageAWS
import BlobStorageCrypto
import BlobStorageHandler
import Foundation
import Testing

@testable import BlobStorageGateway

/// The random requests of `Tests/Scripts/botocore_requests.py`, from the side that verifies.
@Suite struct BotocoreRequestTests {
    private struct Signed: Decodable {
        var kind: String
        var service: String
        var region: String
        var seconds: Int
        var accessKeyID: String
        var secretAccessKey: String
        var sessionToken: String?
        var method: String
        var headers: [[String]]
        var host: String
        var port: Int?
        var scheme: String
        var path: String
        var query: String?
        var bodyHex: String
        var date: String?
        var contentHash: String?
        var authorization: String?
        var target: String

        /// What a server receives.
        func request() throws -> GatewayRequest {
            var sent = HTTPHeaders(headers.map { HTTPHeaders.Field($0[0], $0[1]) })
            let isStandardPort = port == nil || port == (scheme == "https" ? 443 : 80)
            sent["Host"] = isStandardPort ? host : "\(host):\(port ?? 0)"
            if let authorization { sent["Authorization"] = authorization }
            if let date { sent["x-amz-date"] = date }
            if let contentHash { sent["x-amz-content-sha256"] = contentHash }
            if kind != "query", let sessionToken { sent["x-amz-security-token"] = sessionToken }
            let headerTarget = path + (query.map { "?\($0)" } ?? "")
            return try GatewayFixture.request(
                method,
                target: kind == "query" ? target : headerTarget,
                headers: sent
            )
        }

        var credentials: AWSCredentials {
            AWSCredentials(
                accessKeyID: accessKeyID,
                secretAccessKey: secretAccessKey,
                sessionToken: sessionToken
            )
        }
    }

    private static let variable = "BLOB_STORAGE_BOTOCORE_REQUESTS"
    private static let file = ProcessInfo.processInfo.environment[variable]

    @Test(
        .enabled(
            if: file != nil,
            "SKIPPED: set BLOB_STORAGE_BOTOCORE_REQUESTS to a file that botocore_requests.py wrote"
        )
    )
    func randomRequestsOfBotocoreAreAccepted() throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: try #require(Self.file)))
        var accepted = 0
        var doubled = 0
        for line in data.split(separator: UInt8(ascii: "\n")) {
            let item = try JSONDecoder().decode(Signed.self, from: Data(line))
            guard item.service == "s3" else { continue }
            // Fields that are there twice are refused on purpose.
            let names = item.headers.map { $0[0].lowercased() }
            if Set(names).count < names.count {
                doubled += 1
                continue
            }
            let verifier = SignatureVerifier(
                [GatewayAccessKey(item.credentials)],
                region: item.region
            )
            let request = try item.request()
            let claim =
                try item.kind == "query"
                ? SignatureClaim(query: request.parameters)
                : SignatureClaim(
                    authorization: item.authorization ?? "",
                    headers: request.headers
                )
            let verified = try? verifier.verify(
                claim,
                request,
                payloadHash: item.contentHash ?? "UNSIGNED-PAYLOAD",
                at: Date(timeIntervalSince1970: Double(item.seconds))
            )
            // One difference tells enough.
            try #require(verified != nil, "\(String(decoding: line, as: UTF8.self))")
            accepted += 1
        }
        print("botocore requests: \(accepted) verified, \(doubled) with doubled fields left out")
        #expect(accepted >= 400)
    }
}
