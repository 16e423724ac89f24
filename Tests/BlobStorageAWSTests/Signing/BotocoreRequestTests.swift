import BlobStorage
import BlobStorageCrypto
import BlobStorageHTTP
import Foundation
import Testing

@testable import BlobStorageAWS

/// Random requests that `Tests/Scripts/botocore_requests.py` had botocore sign.
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
        var scheme: String
        var host: String
        var port: Int?
        var path: String
        var query: String?
        var headers: [[String]]
        var bodyHex: String
        var isUnsigned: Bool
        var expires: Int64
        var date: String?
        var contentHash: String?
        var authorization: String?
        var target: String

        func request() throws -> HTTPRequest {
            let scheme = try #require(HTTPURL.Scheme(rawValue: scheme))
            return HTTPRequest(
                try #require(HTTPMethod(rawValue: method)),
                HTTPURL(scheme, host: host, port: port, path: path, query: query),
                headers: HTTPHeaders(headers.map { HTTPHeaders.Field($0[0], $0[1]) })
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
    func randomRequestsAreSignedAsByBotocore() throws {
        let path = try #require(Self.file)
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let decoder = JSONDecoder()
        var signers: [String: SigV4Signer] = [:]
        var counts: [String: Int] = [:]
        for line in data.split(separator: UInt8(ascii: "\n")) {
            let item = try decoder.decode(Signed.self, from: Data(line))
            let signer = signers[item.service] ?? SigV4Signer(service: item.service)
            signers[item.service] = signer
            counts[item.kind, default: 0] += 1
            let isSame =
                item.kind == "query" ? try isPresigned(item, signer) : try isSigned(item, signer)
            // One difference tells enough; ten thousand would bury it.
            try #require(isSame, "\(String(decoding: line, as: UTF8.self))")
        }
        let count = counts.values.reduce(0, +)
        print("botocore requests: \(count) compared, \(counts.sorted { $0.key < $1.key })")
        #expect(count >= 10_000)
        #expect(counts.count == 2)
    }

    private func credentials(_ item: Signed) -> AWSCredentials {
        AWSCredentials(
            accessKeyID: item.accessKeyID,
            secretAccessKey: item.secretAccessKey,
            sessionToken: item.sessionToken
        )
    }

    private func isSigned(_ item: Signed, _ signer: SigV4Signer) throws -> Bool {
        var request = try item.request()
        let body = try #require(Hex.bytes(item.bodyHex.utf8))
        try signer.sign(
            &request,
            payload: item.isUnsigned ? .unsigned : .sha256(SHA256.digest(of: body).hex),
            region: item.region,
            credentials: credentials(item),
            at: Date(timeIntervalSince1970: Double(item.seconds))
        )
        return request.headers["Authorization"] == item.authorization
            && request.headers["x-amz-date"] == item.date
            && request.headers["x-amz-content-sha256"] == item.contentHash
    }

    private func isPresigned(_ item: Signed, _ signer: SigV4Signer) throws -> Bool {
        let url = try signer.presign(
            try item.request(),
            expiresIn: .seconds(item.expires),
            region: item.region,
            credentials: credentials(item),
            at: Date(timeIntervalSince1970: Double(item.seconds))
        )
        return url.target == item.target
    }
}
