import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import Foundation
import Testing

@testable import BlobStorageS3

/// What botocore 1.44.5 presigned: `sigv4/botocore-s3-presigned.json`.
@Suite struct PresignVectorTests {
    private struct File: Decodable {
        var presignedUrls: [Item]
        var presignedPosts: [Form]
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
        var bucket: String
        var key: String?
        var responseContentDisposition: String?
        var responseContentType: String?
        var versionId: String?
        var range: String?
        var contentType: String?
        var contentLength: Int64?
        var contentMD5: String?
        var metadata: [String: String]?
        var ifNoneMatch: String?
        var checksumSHA256: String?
        var serverSideEncryption: String?
        var aCL: String?
        var uploadId: String?
        var partNumber: Int?
        var prefix: String?
    }

    private struct Form: Decodable {
        var client: Client
        var key: String
        var expires: Int
        var url: String
        var fields: [String: String]
        var policyDocument: String
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    private func file() throws -> File {
        let decoder = JSONDecoder()
        // botocore's names begin with a capital, the file's own have underscores.
        decoder.keyDecodingStrategy = .custom { path in
            let words = (path.last?.stringValue ?? "").split(separator: "_")
            let name = words.enumerated().map { index, word in
                let first = word.prefix(1)
                return (index == 0 ? first.lowercased() : first.uppercased()) + word.dropFirst()
            }
            return Name(name.joined())
        }
        let data = try Vectors.data("sigv4/botocore-s3-presigned.json")
        return try decoder.decode(File.self, from: data)
    }

    private func presigner(_ client: Client, _ parameters: Parameters?) throws -> S3Presigner {
        let credentials = AWSCredentials(
            accessKeyID: PresignFixture.credentials.accessKeyID,
            secretAccessKey: PresignFixture.credentials.secretAccessKey,
            sessionToken: client.token
        )
        return try PresignFixture.presigner(credentials) { configuration in
            configuration.bucket = parameters?.bucket ?? "examplebucket"
            configuration.endpoint = client.endpoint
            // The configuration's own way to sign encrypted writes.
            if parameters?.serverSideEncryption == "AES256" { configuration.encryption = .s3 }
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
        case _ where item.params.range != nil || item.params.contentMD5 != nil: nil
        case _ where item.params.aCL != nil: nil
        case "get_object": .get
        case "head_object": .head
        case "put_object": .put
        case "delete_object": .delete
        case "upload_part":
            .uploadPart(item.params.partNumber ?? 0, uploadID: item.params.uploadId ?? "")
        default: nil
        }
    }

    private func options(_ parameters: Parameters) throws -> PresignOptions {
        PresignOptions(
            headers: ContentHeaders(contentType: parameters.contentType),
            metadata: BlobMetadata(parameters.metadata ?? [:]),
            byteCount: parameters.contentLength,
            checksum: try parameters.checksumSHA256.map { try Checksum(.sha256, base64: $0) },
            condition: parameters.ifNoneMatch == nil ? .none : .ifAbsent,
            responseHeaders: ResponseHeaders(
                disposition: parameters.responseContentDisposition
                    .map(ContentDisposition.init(verbatim:)),
                contentType: parameters.responseContentType
            ),
            versionID: parameters.versionId
        )
    }

    @Test func allURLsOfThePublicAPIAreThoseOfBotocore() async throws {
        let items = try file().presignedUrls
        var count = 0
        for item in items {
            guard let operation = operation(item) else { continue }
            count += 1
            let key = try BlobKey(try #require(item.params.key))
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
        let items = try file().presignedUrls.filter { operation($0) == nil }
        #expect(items.count == 5)
        for item in items {
            let presigner = try presigner(item.client, item.params)
            let parameters = item.params
            let key = try parameters.key.map { try BlobKey($0) }
            var call = S3Call(item.op, item.op.hasPrefix("put") ? .put : .get, key)
            let headers = [
                ("range", parameters.range), ("content-type", parameters.contentType),
                ("content-length", parameters.contentLength.map(String.init)),
                ("content-md5", parameters.contentMD5),
                ("if-none-match", parameters.ifNoneMatch),
                ("x-amz-acl", parameters.aCL),
                ("x-amz-server-side-encryption", parameters.serverSideEncryption),
                ("x-amz-meta-owner", parameters.metadata?["owner"]),
            ]
            for case (let name, let value?) in headers { call.headers.append(name, value) }
            if item.op == "complete_multipart_upload" {
                call = S3Call(item.op, .post, key, query: [("uploadId", parameters.uploadId)])
            } else if item.op == "list_objects_v2" {
                call.query = [
                    ("list-type", "2"), ("prefix", parameters.prefix), ("max-keys", "5"),
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
        let forms = try file().presignedPosts
        #expect(forms.count == 5)
        for form in forms {
            let mark = UploadFormConditions.fileNameMark
            let isPrefix = form.key.hasSuffix(mark)
            var conditions = UploadFormConditions(key: isPrefix ? .prefix : .exact)
            if form.policyDocument.contains("image/") {
                conditions.contentType = .prefix("image/")
            }
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
            let wanted = try Policy(Data(form.policyDocument.utf8))
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
