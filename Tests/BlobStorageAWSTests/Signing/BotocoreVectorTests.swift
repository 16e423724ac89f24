import BlobStorage
import BlobStorageCrypto
import BlobStorageHTTP
import Foundation
import Testing

@testable import BlobStorageAWS

/// Requests that botocore 1.44.5 signed: awkward keys, whole operations, presigned URLs and forms.
@Suite struct BotocoreVectorTests {
    struct Operation: Decodable {
        var op: String
        var kind: String?
        var method: String?
        var url: String
        var headers: [String: String]?
        var expires: Int64?
        var sessionToken: Bool?
        var bodyUtf8: String?
        var client: Client?
        var params: Parameters?
    }

    struct Client: Decodable {
        var token: String?
    }

    /// The parameters that botocore turns into signed headers.
    struct Parameters: Decodable {
        var headers: [String: String] = [:]

        private static let names = [
            "Range": "Range", "ContentType": "Content-Type", "ContentLength": "Content-Length",
            "ContentMD5": "Content-MD5", "IfNoneMatch": "If-None-Match", "ACL": "x-amz-acl",
            "ChecksumSHA256": "x-amz-checksum-sha256",
            "ServerSideEncryption": "x-amz-server-side-encryption",
        ]

        private struct Key: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Key.self)
            for key in values.allKeys {
                if let name = Self.names.first(where: {
                    $0.key.lowercased() == key.stringValue.lowercased()
                }) {
                    let number = try? values.decode(Int.self, forKey: key)
                    headers[name.value] =
                        try number.map(String.init) ?? values.decode(String.self, forKey: key)
                } else if key.stringValue.lowercased() == "metadata" {
                    for (name, value) in try values.decode([String: String].self, forKey: key) {
                        headers["x-amz-meta-\(name)"] = value
                    }
                }
            }
        }
    }

    struct File: Decodable {
        var accessKeyId: String
        var secretAccessKey: String
        var sessionToken: String?
        var timestamp: String
        var region: String
        var cases: [Operation]?
        var presignedUrls: [Operation]?
        var presignedPosts: [Post]?

        func credentials(token: String?) -> AWSCredentials {
            AWSCredentials(
                accessKeyID: accessKeyId,
                secretAccessKey: secretAccessKey,
                sessionToken: token
            )
        }
    }

    struct Post: Decodable {
        var fields: [String: String]
    }

    private func signHeaders(_ item: Operation, _ file: File, _ signer: SigV4Signer) throws {
        let expected = try #require(item.headers)
        let authorization = try #require(expected["authorization"])
        let signedNames = try signedHeaderNames(authorization)
        let methodName = try #require(item.method)
        let method = try #require(HTTPMethod(rawValue: methodName))
        var request = HTTPRequest(method, try HTTPURL(vector: item.url))
        let added = ["authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"]
        // `Content-Length` is the transport's; whatever else is not signed stays, to be left out.
        for (name, value) in expected where !added.contains(name) {
            if name != "content-length" || signedNames.contains(name) {
                request.headers.append(name, value)
            }
        }
        let hash = expected["x-amz-content-sha256"]
        let body = Array((item.bodyUtf8 ?? "").utf8)
        try signer.sign(
            &request,
            payload: .sha256(hash ?? SHA256.digest(of: body).hex),
            region: file.region,
            credentials: file.credentials(
                token: item.sessionToken == true ? file.sessionToken : nil
            ),
            at: try SigningVectors.date(file.timestamp)
        )
        let comment = Comment(rawValue: "\(item.op) \(item.url)")
        #expect(request.headers["authorization"] == authorization, comment)
        for name in added {
            #expect(request.headers[name] == expected[name], comment)
        }
    }

    private func presign(_ item: Operation, _ file: File, token: String?) throws {
        var url = try HTTPURL(vector: item.url)
        url.query = url.queryWithoutSignature
        let method: HTTPMethod =
            switch item.op {
            case "put_object", "upload_part": .put
            case "complete_multipart_upload": .post
            case "head_object": .head
            case "delete_object": .delete
            default: .get
            }
        var request = HTTPRequest(method, url)
        for (name, value) in item.params?.headers ?? [:] { request.headers.append(name, value) }
        let found = try SigV4Signer(service: "s3").presign(
            request,
            expiresIn: .seconds(try #require(item.expires)),
            region: file.region,
            credentials: file.credentials(token: token),
            at: try SigningVectors.date(file.timestamp)
        )
        #expect(found.target == (try HTTPURL(vector: item.url)).target)
    }

    @Test func allKeysAreSignedAsByBotocore() throws {
        let file = try SigningVectors.load("botocore-s3-keys.json", as: File.self)
        let cases = try #require(file.cases)
        #expect(cases.count == 308)
        let signer = SigV4Signer(service: "s3")
        for item in cases {
            if item.kind == "presigned" {
                try presign(item, file, token: item.sessionToken == true ? file.sessionToken : nil)
            } else {
                try signHeaders(item, file, signer)
            }
        }
    }

    @Test func allOperationsAreSignedAsByBotocore() throws {
        let file = try SigningVectors.load("botocore-s3-operations.json", as: File.self)
        let cases = try #require(file.cases)
        #expect(cases.count == 28)
        let signer = SigV4Signer(service: "s3")
        for item in cases { try signHeaders(item, file, signer) }
    }

    @Test func dynamoDBIsSignedAsByBotocore() throws {
        let file = try SigningVectors.load("botocore-dynamodb-operations.json", as: File.self)
        let cases = try #require(file.cases)
        #expect(cases.count == 7)
        let signer = SigV4Signer(service: "dynamodb")
        for item in cases { try signHeaders(item, file, signer) }
    }

    @Test func allURLsArePresignedAsByBotocore() throws {
        let file = try SigningVectors.load("botocore-s3-presigned.json", as: File.self)
        let urls = try #require(file.presignedUrls)
        #expect(urls.count == 25)
        for item in urls {
            if item.url.contains("//examplebucket.s3.amazonaws.com/") {
                // A client of another region: the scope in the URL tells.
                var other = file
                let scope = try #require(item.url.split(separator: "%2F").dropFirst(2).first)
                other.region = String(scope)
                try presign(item, other, token: item.client?.token)
            } else {
                try presign(item, file, token: item.client?.token)
            }
        }
    }

    @Test func allFormsAreSignedAsByBotocore() throws {
        let file = try SigningVectors.load("botocore-s3-presigned.json", as: File.self)
        let posts = try #require(file.presignedPosts)
        #expect(posts.count == 5)
        for post in posts {
            let signature = SigV4Signer(service: "s3").sign(
                policyBase64: try #require(post.fields["policy"]),
                region: file.region,
                credentials: file.credentials(token: nil),
                at: try SigningVectors.date(file.timestamp)
            )
            #expect(signature == post.fields["x-amz-signature"])
        }
    }
}
