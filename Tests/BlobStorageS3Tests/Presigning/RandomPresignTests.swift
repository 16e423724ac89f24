import BlobStorage
import BlobStorageAWS
import Foundation
import Testing

@testable import BlobStorageS3

/// Random URLs and forms that `Tests/Scripts/botocore_presigned.py` had botocore presign.
@Suite struct RandomPresignTests {
    private struct Item: Decodable {
        var isForm: Bool
        var bucket: String
        var key: String
        var seconds: Double
        var expires: Int
        var region: String
        var endpoint: String?
        var addressing: String
        var accessKeyID: String
        var secretAccessKey: String
        var sessionToken: String?
        var url: String
        // Of a URL
        var operation: String?
        var headers: [String: String]?
        var overrides: [String: String]?
        var responseExpires: Double?
        var uploadID: String?
        var partNumber: Int?
        var condition: String?
        var byteCount: Int64?
        var versionID: String?
        // Of a form
        var contentType: String?
        var contentTypePrefix: String?
        var success: String?
        var minimum: Int64?
        var maximum: Int64?
        var isPrefix: Bool?
        var fields: [String: String]?
        // Of both
        var metadata: [String: String]?
        var checksum: [String]?
    }

    private static let variable = "BLOB_STORAGE_BOTOCORE_PRESIGNED"
    private static let file = ProcessInfo.processInfo.environment[variable]

    @Test(
        .enabled(
            if: file != nil,
            "SKIPPED: set BLOB_STORAGE_BOTOCORE_PRESIGNED to a file that botocore_presigned.py wrote"
        )
    )
    func randomInputsArePresignedAsByBotocore() async throws {
        let path = try #require(Self.file)
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let decoder = JSONDecoder()
        var counts: [String: Int] = [:]
        for line in data.split(separator: UInt8(ascii: "\n")) {
            let item = try decoder.decode(Item.self, from: Data(line))
            counts[item.operation ?? "form", default: 0] += 1
            let isSame = item.isForm ? try await isSameForm(item) : try await isSameURL(item)
            // One difference tells enough; a thousand would bury it.
            try #require(isSame, "\(String(decoding: line, as: UTF8.self))")
        }
        let count = counts.values.reduce(0, +)
        print("botocore presigned: \(count) compared, \(counts.sorted { $0.key < $1.key })")
        #expect(count >= 1_000)
        #expect(counts.count == 6)
    }

    private func presigner(_ item: Item) throws -> S3Presigner {
        let credentials = AWSCredentials(
            accessKeyID: item.accessKeyID,
            secretAccessKey: item.secretAccessKey,
            sessionToken: item.sessionToken
        )
        let now = Date(timeIntervalSince1970: item.seconds + 0.75)
        return try PresignFixture.presigner(credentials, at: now) { configuration in
            configuration.bucket = item.bucket
            configuration.region = item.region
            configuration.endpoint = item.endpoint
            configuration.vendor = .aws
            // Whether the bucket stands in the host or in the path; dots bring it into the path.
            configuration.addressing = item.addressing == "path" ? .path : .automatic
            if item.endpoint != nil { configuration.vendor = S3Vendor(name: "other") }
        }
    }

    private func checksum(_ item: Item) throws -> Checksum? {
        guard let checksum = item.checksum else { return nil }
        let algorithm = try #require(ChecksumAlgorithm(rawValue: checksum[0]))
        return try Checksum(algorithm, base64: checksum[1])
    }

    private func isSameURL(_ item: Item) async throws -> Bool {
        let operation: PresignedOperation =
            switch item.operation {
            case "get": .get
            case "head": .head
            case "put": .put
            case "delete": .delete
            default: .uploadPart(item.partNumber ?? 0, uploadID: item.uploadID ?? "")
            }
        var options = PresignOptions(
            metadata: BlobMetadata(item.metadata ?? [:]),
            byteCount: item.byteCount,
            checksum: try checksum(item),
            versionID: item.versionID
        )
        if let text = item.condition {
            options.condition = text == "*" ? .ifAbsent : .ifMatches(ETag(text))
        }
        let headers = item.headers ?? [:]
        options.headers = ContentHeaders(
            contentType: headers["contentType"],
            contentEncoding: headers["contentEncoding"],
            contentLanguage: headers["contentLanguage"],
            contentDisposition: headers["contentDisposition"],
            cacheControl: headers["cacheControl"]
        )
        let overrides = item.overrides ?? [:]
        options.responseHeaders = ResponseHeaders(
            disposition: overrides["disposition"].map(ContentDisposition.init(verbatim:)),
            contentType: overrides["contentType"],
            cacheControl: overrides["cacheControl"],
            contentLanguage: overrides["contentLanguage"],
            contentEncoding: overrides["contentEncoding"],
            expires: item.responseExpires.map { Date(timeIntervalSince1970: $0) }
        )
        let request = try await presigner(item).presign(
            operation,
            try BlobKey(item.key),
            expiresIn: .seconds(item.expires),
            options: options
        )
        let end = Date(timeIntervalSince1970: item.seconds + Double(item.expires))
        return request.url == item.url && request.expiresAt == end
    }

    private func isSameForm(_ item: Item) async throws -> Bool {
        let bounds = (item.minimum ?? 0)...(item.maximum ?? 0)
        var conditions = UploadFormConditions(
            key: item.isPrefix == true ? .prefix : .exact,
            byteCounts: bounds,
            metadata: BlobMetadata(item.metadata ?? [:]),
            checksum: try checksum(item)
        )
        if let type = item.contentType { conditions.contentType = .exact(type) }
        if let prefix = item.contentTypePrefix { conditions.contentType = .prefix(prefix) }
        switch item.success {
        case nil: break
        case "200": conditions.success = .ok
        case "201": conditions.success = .created
        case let url?: conditions.success = .redirect(url)
        }
        let form = try await presigner(item).presignForm(
            try BlobKey(item.key),
            expiresIn: .seconds(item.expires),
            conditions: conditions
        )
        return form.url == item.url && form.fields == item.fields && form.byteCounts == bounds
    }
}
