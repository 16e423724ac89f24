import BlobStorage
import BlobStorageAWS
import BlobStorageCrypto
import BlobStorageHandler
import Foundation
import Testing

@testable import BlobStorageGateway

/// What botocore 1.44.5 and the S3 API reference signed is accepted, and read as it was meant.
@Suite struct ForeignSignatureTests {
    /// The headers that the parameters of a presigned URL stand for.
    private static let headerNames = [
        "Range": "Range", "ContentType": "Content-Type", "ContentLength": "Content-Length",
        "ContentMD5": "Content-MD5", "IfNoneMatch": "If-None-Match", "ACL": "x-amz-acl",
        "ChecksumSHA256": "x-amz-checksum-sha256",
        "ServerSideEncryption": "x-amz-server-side-encryption",
    ]

    private func method(of item: [String: Any]) -> String {
        switch item["op"] as? String {
        case "put_object", "upload_part": "PUT"
        case "complete_multipart_upload": "POST"
        case "head_object": "HEAD"
        case "delete_object": "DELETE"
        default: "GET"
        }
    }

    private func headers(of item: [String: Any]) -> HTTPHeaders {
        var headers = HTTPHeaders()
        for (name, value) in item["params"] as? [String: Any] ?? [:] {
            if let header = Self.headerNames[name] { headers.append(header, "\(value)") }
            if name == "Metadata" {
                for (key, value) in value as? [String: String] ?? [:] {
                    headers.append("x-amz-meta-\(key)", value)
                }
            }
        }
        return headers
    }

    private func accept(
        _ item: [String: Any],
        _ file: [String: Any],
        token: String?,
        region: String
    ) throws {
        let url = try #require(item["url"] as? String)
        let credentials = try GatewayFixture.credentials(file, token: token)
        let authenticator = GatewayFixture.authenticator([credentials], region: region)
        let request: GatewayRequest
        if let sent = item["headers"] as? [String: String] {
            let body = BlobBody([UInt8]((item["body_utf8"] as? String ?? "").utf8))
            let headers = HTTPHeaders(sent.map { HTTPHeaders.Field($0.key, $0.value) })
            let method = try #require(item["method"] as? String)
            request = try GatewayFixture.request(method, url, headers: headers, body: body)
        } else {
            request = try GatewayFixture.request(
                method(of: item),
                url,
                headers: headers(of: item)
            )
        }
        let caller = try authenticator.authenticate(request)
        #expect(caller.accessKeyID == credentials.accessKeyID)
        // The same with another secret is refused, so that it is the signature which counts.
        let other = AWSCredentials(
            accessKeyID: credentials.accessKeyID,
            secretAccessKey: "another",
            sessionToken: token
        )
        let stranger = GatewayFixture.authenticator([other], region: region)
        let error = try refusal { _ = try stranger.authenticate(request) }
        #expect(error.code == "SignatureDoesNotMatch")
        #expect(error.status == 403)
    }

    @Test func allKeysOfBotocoreAreAccepted() throws {
        let file = try GatewayFixture.vector("botocore-s3-keys.json")
        let cases = try #require(file["cases"] as? [[String: Any]])
        #expect(cases.count == 308)
        for item in cases {
            let hasToken = item["session_token"] as? Bool == true
            let token = hasToken ? file["session_token"] as? String : nil
            try accept(item, file, token: token, region: "eu-west-1")
        }
    }

    @Test func allOperationsOfBotocoreAreAccepted() throws {
        let file = try GatewayFixture.vector("botocore-s3-operations.json")
        let cases = try #require(file["cases"] as? [[String: Any]])
        #expect(cases.count == 28)
        for item in cases { try accept(item, file, token: nil, region: "eu-west-1") }
    }

    @Test func allPresignedURLsOfBotocoreAreAccepted() throws {
        let file = try GatewayFixture.vector("botocore-s3-presigned.json")
        let cases = try #require(file["presigned_urls"] as? [[String: Any]])
        #expect(cases.count == 25)
        for item in cases {
            let url = try #require(item["url"] as? String)
            // One client is of another region: the scope in the URL tells.
            let scope = try #require(url.split(separator: "X-Amz-Credential=").last)
            let parts = scope.split(separator: "%2F")
            let token = (item["client"] as? [String: Any])?["token"] as? String
            try accept(item, file, token: token, region: String(parts[2]))
        }
    }

    @Test func theExamplesOfTheReferenceAreAccepted() throws {
        let file = try GatewayFixture.vector("s3-docs-examples.json")
        let cases = try #require(file["cases"] as? [[String: Any]])
        let date = try #require(AWSDate.parse("20130524T000000Z"))
        let authenticator = GatewayFixture.authenticator(
            [try GatewayFixture.credentials(file)],
            region: "us-east-1",
            at: date
        )
        #expect(cases.count == 7)
        for item in cases {
            let signed = try #require(item["headers_signed"] as? [String: String])
            var headers = HTTPHeaders(signed.map { HTTPHeaders.Field($0.key, $0.value) })
            if item["kind"] as? String != "presigned" {
                let signature = try #require(item["signature"] as? String)
                let names = signed.keys.sorted().joined(separator: ";")
                headers["Authorization"] =
                    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/"
                    + "aws4_request,SignedHeaders=\(names),Signature=\(signature)"
            }
            let request = try GatewayFixture.request(
                try #require(item["method"] as? String),
                try #require(item["url"] as? String),
                headers: headers
            )
            #expect(try authenticator.authenticate(request).accessKeyID != nil)
        }
    }

    @Test func theFormsOfBotocoreAreAccepted() throws {
        let file = try GatewayFixture.vector("botocore-s3-presigned.json")
        let posts = try #require(file["presigned_posts"] as? [[String: Any]])
        #expect(posts.count == 5)
        for post in posts {
            var fields = FormFields()
            for (name, value) in try #require(post["fields"] as? [String: String]) {
                let isNew = fields.append(name.lowercased(), value)
                #expect(isNew)
            }
            let token = fields["x-amz-security-token"]
            let authenticator = GatewayFixture.authenticator(
                [try GatewayFixture.credentials(file, token: token)]
            )
            #expect(try authenticator.authenticate(form: fields).accessKeyID == "AKIDEXAMPLE")
            let policy = try PolicyDocument(base64: fields["policy"] ?? "")
            // What whoever sends the form adds.
            if let type = policy.conditions.first(where: { $0.name == "content-type" }) {
                let value = type.test == .equals ? type.value : "image/png"
                let isNew = fields.append(type.name, value)
                #expect(isNew)
            }
            try policy.check(fields, bucket: "examplebucket", at: GatewayFixture.date)
        }
    }

    @Test func thePolicyOfTheReferenceIsVerified() throws {
        let file = try GatewayFixture.vector("s3-docs-examples.json")
        let post = try #require(file["post_policy"] as? [String: Any])
        let date = try #require(post["date"] as? String)
        let region = try #require(post["region"] as? String)
        var fields = FormFields()
        let id = try GatewayFixture.credentials(file).accessKeyID
        let pairs = [
            ("policy", try #require(post["policy_base64"] as? String)),
            ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
            ("x-amz-credential", "\(id)/\(date)/\(region)/s3/aws4_request"),
            ("x-amz-date", "\(date)T000000Z"),
            ("x-amz-signature", try #require(post["signature"] as? String)),
        ]
        for (name, value) in pairs {
            let isNew = fields.append(name, value)
            #expect(isNew)
        }
        let authenticator = GatewayFixture.authenticator(
            [try GatewayFixture.credentials(file)],
            region: region,
            at: try #require(AWSDate.parse("\(date)T000000Z"))
        )
        #expect(try authenticator.authenticate(form: fields).accessKeyID == id)
    }
}
