import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import Foundation
import Testing

@testable import BlobStorageS3

/// What botocore 1.44.5 presigned: `sigv4/botocore-s3-presigned.json`.
@Suite struct PresignVectorTests {
    private struct File: Decodable {
        var presigned_urls: [Item]
        var presigned_posts: [Form]
    }

    private struct Client: Decodable {
        var token: String?
        var style: String?
        var endpoint: String?
    }

    private struct Item: Decodable {
        var op: String
        var client: Client
        var params: Parameters
        var expires: Int
        var url: String
    }

    private struct Parameters: Decodable {
        var Bucket: String
        var Key: String?
        var ResponseContentDisposition: String?
        var ResponseContentType: String?
        var VersionId: String?
        var Range: String?
        var ContentType: String?
        var ContentLength: Int64?
        var ContentMD5: String?
        var Metadata: [String: String]?
        var IfNoneMatch: String?
        var ChecksumSHA256: String?
        var ServerSideEncryption: String?
        var ACL: String?
        var UploadId: String?
        var PartNumber: Int?
        var Prefix: String?
    }

    private struct Form: Decodable {
        var client: Client
        var key: String
        var expires: Int
        var url: String
        var fields: [String: String]
        var policy_document: String
    }

    private func file() throws -> File {
        try Vectors.decode(File.self, "sigv4/botocore-s3-presigned.json")
    }

    private func presigner(_ client: Client, _ parameters: Parameters?) throws -> S3Presigner {
        let credentials = AWSCredentials(
            accessKeyID: PresignFixture.credentials.accessKeyID,
            secretAccessKey: PresignFixture.credentials.secretAccessKey,
            sessionToken: client.token
        )
        return try PresignFixture.presigner(credentials) { configuration in
            configuration.bucket = parameters?.Bucket ?? "examplebucket"
            configuration.endpoint = client.endpoint
            // The configuration's own way to sign encrypted writes.
            if parameters?.ServerSideEncryption == "AES256" { configuration.encryption = .s3 }
            configuration.addressing = client.style == "path" ? .path : .automatic
            if client.style == "auto" {
                // botocore's way to the global endpoint.
                configuration.endpoint = "https://s3.amazonaws.com"
                configuration.addressing = .virtualHosted
            }
        }
    }

    /// What the public API presigns; `nil` for what it has no word for.
    private func operation(_ item: Item) -> PresignedOperation? {
        switch item.op {
        case _ where item.params.Range != nil || item.params.ContentMD5 != nil: nil
        case _ where item.params.ACL != nil: nil
        case "get_object": .get
        case "head_object": .head
        case "put_object": .put
        case "delete_object": .delete
        case "upload_part":
            .uploadPart(item.params.PartNumber ?? 0, uploadID: item.params.UploadId ?? "")
        default: nil
        }
    }

    private func options(_ parameters: Parameters) throws -> PresignOptions {
        PresignOptions(
            headers: ContentHeaders(contentType: parameters.ContentType),
            metadata: BlobMetadata(parameters.Metadata ?? [:]),
            byteCount: parameters.ContentLength,
            checksum: try parameters.ChecksumSHA256.map { try Checksum(.sha256, base64: $0) },
            condition: parameters.IfNoneMatch == nil ? .none : .ifAbsent,
            responseHeaders: ResponseHeaders(
                disposition: parameters.ResponseContentDisposition
                    .map(ContentDisposition.init(verbatim:)),
                contentType: parameters.ResponseContentType
            ),
            versionID: parameters.VersionId
        )
    }

    @Test func allURLsOfThePublicAPIAreThoseOfBotocore() async throws {
        let items = try file().presigned_urls
        var count = 0
        for item in items {
            guard let operation = operation(item) else { continue }
            count += 1
            let key = try BlobKey(try #require(item.params.Key))
            let request = try await presigner(item.client, item.params).presign(
                operation,
                key,
                expiresIn: .seconds(item.expires),
                options: try options(item.params)
            )
            #expect(PresignFixture.plain(request.url) == PresignFixture.plain(item.url))
            #expect(request.method == operation.method)
            let end = PresignFixture.now.addingTimeInterval(Double(item.expires))
            #expect(request.expiresAt == end)
        }
        #expect(count == 20)
        #expect(items.count == 25)
    }

    /// The five that the public API has no word for: a range, an MD5, an ACL, a completion, a list.
    @Test func theOthersAreSignedAsByBotocore() async throws {
        let items = try file().presigned_urls.filter { operation($0) == nil }
        #expect(items.count == 5)
        for item in items {
            let presigner = try presigner(item.client, item.params)
            let parameters = item.params
            let key = try parameters.Key.map { try BlobKey($0) }
            var call = S3Call(item.op, item.op.hasPrefix("put") ? .put : .get, key)
            let headers = [
                ("range", parameters.Range), ("content-type", parameters.ContentType),
                ("content-length", parameters.ContentLength.map(String.init)),
                ("content-md5", parameters.ContentMD5),
                ("if-none-match", parameters.IfNoneMatch),
                ("x-amz-acl", parameters.ACL),
                ("x-amz-server-side-encryption", parameters.ServerSideEncryption),
                ("x-amz-meta-owner", parameters.Metadata?["owner"]),
            ]
            for case (let name, let value?) in headers { call.headers.append(name, value) }
            if item.op == "complete_multipart_upload" {
                call = S3Call(item.op, .post, key, query: [("uploadId", parameters.UploadId)])
            } else if item.op == "list_objects_v2" {
                call.query = [
                    ("list-type", "2"), ("prefix", parameters.Prefix), ("max-keys", "5"),
                    ("encoding-type", "url"),
                ]
            }
            let credentials = PresignFixture.credentials
            let request = try presigner.engine.sign(
                call,
                try SigningTime(PresignFixture.now, .seconds(item.expires), credentials, "k"),
                presigner.place.endpoint,
                credentials,
                notEnforced: []
            )
            #expect(request.url == item.url)
        }
    }

    /// botocore sets no bounds on the size, so the policies differ in that alone.
    @Test func allFormsAreThoseOfBotocoreWithBounds() async throws {
        let forms = try file().presigned_posts
        #expect(forms.count == 5)
        for form in forms {
            let mark = UploadFormConditions.fileNameMark
            let isPrefix = form.key.hasSuffix(mark)
            var conditions = UploadFormConditions(key: isPrefix ? .prefix : .exact)
            if form.policy_document.contains("image/") { conditions.contentType = .prefix("image/") }
            if let value = form.fields["x-amz-meta-a"] { conditions.metadata = ["a": value] }
            if form.fields["success_action_status"] == "201" { conditions.success = .created }
            let key = isPrefix ? String(form.key.dropLast(mark.count)) : form.key
            let found = try await presigner(form.client, nil).presignForm(
                try BlobKey(key),
                expiresIn: .seconds(form.expires),
                conditions: conditions
            )
            #expect(found.url == form.url)
            for name in found.fields.keys where !["policy", "x-amz-signature"].contains(name) {
                #expect(found.fields[name] == form.fields[name], "\(name)")
            }
            let policy = try Policy(base64: try #require(found.fields["policy"]))
            let wanted = try Policy(Data(form.policy_document.utf8))
            #expect(policy.expiration == wanted.expiration)
            let range = #"["content-length-range",1,5368709120]"#
            #expect(policy.conditions.contains(range))
            // An ACL, and a type that is compared by `eq` without a field, we have no word for.
            let ours = policy.conditions.filter { !$0.contains("content-length-range") }
            let theirs = wanted.conditions.filter {
                !$0.contains("content-length-range") && !$0.contains("acl")
                    && !$0.contains("text\\/plain")
            }
            #expect(Set(ours) == Set(theirs))
        }
    }

    /// A policy whose conditions are texts that can be compared.
    private struct Policy {
        let expiration: String
        let conditions: [String]

        init(base64: String) throws {
            try self.init(try #require(Data(base64Encoded: base64)))
        }

        init(_ json: Data) throws {
            let parsed = try JSONSerialization.jsonObject(with: json)
            let object = try #require(parsed as? [String: Any])
            expiration = try #require(object["expiration"] as? String)
            conditions = try #require(object["conditions"] as? [Any]).map { condition in
                String(
                    decoding: try JSONSerialization.data(withJSONObject: condition),
                    as: UTF8.self
                )
            }
        }
    }
}
