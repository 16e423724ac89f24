import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageS3
import Foundation
import Testing

/// Answers as the S3 API reference shows them.
@Suite struct S3AnswerTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func message(_ read: () throws -> Void) throws -> String {
        let failure = try #require(throws: AWSFailure.self) { try read() }
        guard case .badAnswer(let message) = failure.cause else {
            Issue.record("\(failure.cause)")
            return ""
        }
        return message
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
    @Test func listParts() throws {
        let answer = try S3PartsAnswer(
            bytes(
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <ListPartsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
                  <Bucket>example-bucket</Bucket><Key>example-object</Key>
                  <UploadId>XXBsb2FkIElEIGZvciBlbHZpbmcncyVcdS1tb3ZpZS5tMnRzEEEwbG9hZA</UploadId>
                  <PartNumberMarker>1</PartNumberMarker>
                  <NextPartNumberMarker>3</NextPartNumberMarker>
                  <MaxParts>2</MaxParts><IsTruncated>true</IsTruncated>
                  <Part><PartNumber>2</PartNumber>
                    <LastModified>2010-11-10T20:48:34.000Z</LastModified>
                    <ETag>"7778aef83f66abc1fa1e8477f296d394"</ETag><Size>10485760</Size></Part>
                  <Part><PartNumber>3</PartNumber>
                    <LastModified>2010-11-10T20:48:33.000Z</LastModified>
                    <ETag>"aaaa18db4cc2f85cedef654fccc4a4x8"</ETag><Size>10485760</Size></Part>
                </ListPartsResult>
                """
            )
        )
        #expect(answer.parts.map(\.number) == [2, 3])
        #expect(answer.parts.map(\.byteCount) == [10_485_760, 10_485_760])
        #expect(answer.parts.first?.etag == "\"7778aef83f66abc1fa1e8477f296d394\"")
        #expect(answer.nextMarker == 3)
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html
    @Test func cors() throws {
        let answer = try S3CORSAnswer(
            bytes(
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <CORSConfiguration>
                     <CORSRule>
                       <AllowedOrigin>http://www.example.com</AllowedOrigin>
                       <AllowedMethod>GET</AllowedMethod>
                       <MaxAgeSeconds>3000</MaxAgeSeconds>
                       <ExposeHeader>x-amz-server-side-encryption</ExposeHeader>
                     </CORSRule>
                     <CORSRule><ID>x</ID><AllowedOrigin> * </AllowedOrigin>
                       <AllowedMethod>PUT</AllowedMethod><AllowedMethod>POST</AllowedMethod>
                       <AllowedHeader>*</AllowedHeader></CORSRule>
                </CORSConfiguration>
                """
            )
        )
        #expect(
            answer.rules == [
                CORSRule(
                    origins: ["http://www.example.com"],
                    methods: ["GET"],
                    allowedHeaders: [],
                    exposedHeaders: ["x-amz-server-side-encryption"],
                    maximumAgeSeconds: 3_000
                ),
                CORSRule(
                    origins: ["*"],
                    methods: ["POST", "PUT"],
                    exposedHeaders: [],
                    maximumAgeSeconds: nil
                ),
            ]
        )
        let wrong = try message {
            _ = try S3CORSAnswer(
                bytes(
                    "<CORSConfiguration><CORSRule><MaxAgeSeconds>x</MaxAgeSeconds></CORSRule>"
                        + "</CORSConfiguration>"
                )
            )
        }
        #expect(wrong.contains("<MaxAgeSeconds> in <CORSRule> is \"x\""))
    }

    @Test func multipartAnswers() throws {
        let created = try S3CreateUploadAnswer(
            bytes(
                "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key>"
                    + "<UploadId>VXBsb2Fk</UploadId></InitiateMultipartUploadResult>"
            )
        )
        #expect(created.uploadID == "VXBsb2Fk")
        let completed = try S3CompleteAnswer(
            bytes(
                "<CompleteMultipartUploadResult><ETag>\"e-3\"</ETag>"
                    + "<ChecksumCRC64NVME>rosUhgp5mIg=</ChecksumCRC64NVME>"
                    + "<ChecksumType>FULL_OBJECT</ChecksumType></CompleteMultipartUploadResult>"
            )
        )
        #expect(completed.checksum?.description == "crc64nvme:rosUhgp5mIg=")
        let copied = try S3CopyAnswer(
            bytes(
                "<CopyPartResult><LastModified>2011-04-11T20:34:56.000Z</LastModified>"
                    + "<ETag>\"9b2cf535f27731c974343645a3985328\"</ETag></CopyPartResult>"
            ),
            isPart: true
        )
        #expect(copied.lastModified?.timeIntervalSince1970 == 1_302_554_096)
    }

    @Test func tags() throws {
        let answer = try S3TaggingAnswer(
            bytes("<Tagging><TagSet><Tag><Key>a</Key><Value/></Tag></TagSet></Tagging>")
        )
        #expect(answer.tags == ["a": ""])
    }

    @Test func missingFieldsAreNamed() throws {
        #expect(
            try message { _ = try S3CreateUploadAnswer(bytes("<InitiateMultipartUploadResult/>")) }
                .contains("<UploadId>")
        )
        #expect(
            try message { _ = try S3PartsAnswer(bytes("<ListPartsResult/>")) }
                .contains("<IsTruncated>")
        )
        #expect(try message { _ = try S3TaggingAnswer(bytes("<Tagging/>")) }.contains("<TagSet>"))
        #expect(
            try message { _ = try S3CopyAnswer(bytes("<CopyPartResult/>"), isPart: false) }
                .contains("<CopyObjectResult>")
        )
        #expect(
            try message {
                _ = try S3DeleteAnswer(
                    bytes("<DeleteResult><Error><Code>x</Code></Error></DeleteResult>")
                )
            }.contains("<Key>")
        )
    }

    @Test func aTruncatedListOfVersionsOrUploadsNeedsAMarker() throws {
        #expect(throws: AWSFailure.self) {
            try S3VersionsAnswer(
                bytes("<ListVersionsResult><IsTruncated>true</IsTruncated></ListVersionsResult>")
            )
        }
        #expect(throws: AWSFailure.self) {
            try S3UploadsAnswer(
                bytes(
                    "<ListMultipartUploadsResult><IsTruncated>true</IsTruncated>"
                        + "<NextKeyMarker/></ListMultipartUploadsResult>"
                )
            )
        }
    }
}
