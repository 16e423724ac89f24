import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageS3
import BlobStorageXML
import Foundation
import Testing

/// The 11 real answers of botocore's `tests/unit/response_parsing/xml`, with what botocore reads.
@Suite struct BotocoreAnswerTests {
    private func bytes(_ name: String) throws -> [UInt8] {
        try Array(Vectors.data("xml/botocore-s3/\(name).xml"))
    }

    private func expected(_ name: String) throws -> [String: Any] {
        let data = try Vectors.data("xml/botocore-s3/\(name).json")
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func seconds(_ text: Any?) -> Double? {
        (text as? String).flatMap(AWSDate.parse)?.timeIntervalSince1970
    }

    /// The oldest form of the answer reads the same.
    @Test func listObjects() throws {
        let answer = try S3ListAnswer(bytes("responses/s3-list-objects"))
        let wanted = try #require(
            try expected("responses/s3-list-objects")["Contents"] as? [[String: Any]]
        )
        #expect(answer.entries.count == wanted.count)
        for (entry, want) in zip(answer.entries, wanted) {
            #expect(entry.key.text == want["Key"] as? String)
            #expect(entry.byteCount == want["Size"] as? Int64)
            #expect(entry.etag?.text == want["ETag"] as? String)
            #expect(entry.storageClass == want["StorageClass"] as? String)
            #expect(entry.lastModified?.timeIntervalSince1970 == seconds(want["LastModified"]))
        }
        #expect(answer.continuationToken == nil)
        #expect(try answer.page().blobs.map(\.key) == ["key1", "key2"])
    }

    @Test func listObjectVersions() throws {
        let answer = try S3VersionsAnswer(bytes("responses/s3-list-object-versions"))
        let expected = try expected("responses/s3-list-object-versions")
        for (name, isMarker) in [("Versions", false), ("DeleteMarkers", true)] {
            let wanted = try #require(expected[name] as? [[String: Any]])
            let entries = answer.entries.filter { $0.isDeleteMarker == isMarker }
            #expect(entries.count == wanted.count)
            for (entry, want) in zip(entries, wanted) {
                #expect(entry.key.text == want["Key"] as? String)
                #expect(entry.versionID == want["VersionId"] as? String)
                #expect(entry.isLatest == want["IsLatest"] as? Bool)
                #expect(entry.etag?.text == want["ETag"] as? String)
                #expect(entry.byteCount == want["Size"] as? Int64 ?? 0)
                #expect(entry.lastModified?.timeIntervalSince1970 == seconds(want["LastModified"]))
            }
        }
        #expect(answer.nextMarker == nil)
    }

    @Test func listMultipartUploads() throws {
        let empty = try S3UploadsAnswer(bytes("responses/s3-list-multipart-uploads"))
        #expect(empty.uploads.isEmpty)
        #expect(empty.commonPrefixes == ["foo/", "foobar/"])
        #expect(empty.nextMarker == nil)
        let name = "responses/s3-list-multipart-uploads#2"
        let answer = try S3UploadsAnswer(bytes(name))
        let expected = try expected(name)
        let wanted = try #require(expected["Uploads"] as? [[String: Any]])
        #expect(answer.uploads.count == wanted.count)
        for (upload, want) in zip(answer.uploads, wanted) {
            #expect(upload.upload.key.text == want["Key"] as? String)
            #expect(upload.upload.id == want["UploadId"] as? String)
            #expect(upload.created.timeIntervalSince1970 == seconds(want["Initiated"]))
        }
        #expect(answer.nextMarker?.key == expected["NextKeyMarker"] as? String)
        #expect(answer.nextMarker?.uploadID == expected["NextUploadIdMarker"] as? String)
    }

    @Test func bucketLocation() throws {
        #expect(
            try S3LocationAnswer(bytes("responses/s3-get-bucket-location")).region == "eu-west-1"
        )
        let empty = "<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>"
        #expect(try S3LocationAnswer(Array(empty.utf8)).region == "us-east-1")
    }

    @Test(
        "reads error documents",
        arguments: [("s3-create-bucket", 409), ("s3-list-objects", 403)]
    )
    func errors(name: String, status: Int) throws {
        let answer = S3ErrorDocument.read(
            try bytes("errors/\(name)"),
            head: S3AnswerHead(status: status)
        )
        let wanted = try #require(try expected("errors/\(name)")["Error"] as? [String: Any])
        #expect(answer.code == wanted["Code"] as? String)
        #expect(answer.message == wanted["Message"] as? String)
        #expect(answer.details["BucketName"] == wanted["BucketName"] as? String)
        #expect(answer.requestID?.isEmpty == false)
    }

    /// Answers of operations that the store doesn't use are refused as anything else would be.
    @Test(
        "refuses other documents",
        arguments: [
            ("s3-get-bucket-acl", "AccessControlPolicy"),
            ("s3-get-bucket-logging", "BucketLoggingStatus"),
            ("s3-list-buckets", "ListAllMyBucketsResult"), ("s3-get-bucket-policy", "document"),
        ]
    )
    func others(name: String, found: String) throws {
        let failure = try #require(throws: AWSFailure.self) {
            try S3ListAnswer(bytes("responses/\(name)"))
        }
        guard case .badAnswer(let message) = failure.cause else {
            Issue.record("\(failure.cause)")
            return
        }
        #expect(message.contains(found))
    }
}
