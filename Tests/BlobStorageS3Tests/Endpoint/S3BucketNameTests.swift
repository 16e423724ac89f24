import BlobStorage
import BlobStorageS3
import Testing

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
@Suite struct S3BucketNameTests {
    @Test(
        "takes what AWS documents as valid",
        arguments: [
            "amzn-docexample", "log-delivery-march-2020", "my-hosted-content", "example.com",
            "www.example.com", "my.example.s3.bucket", "abc", "1a1",
            String(repeating: "a", count: 63),
        ]
    )
    func valid(name: String) throws {
        try S3BucketName.validate(name, .aws)
        try S3BucketName.validate(name, .lenient)
    }

    @Test(
        "refuses what AWS documents as invalid",
        arguments: [
            "ab", "", "Bucket", "doc_example_bucket", "doc-example-bucket-", "-bucket", ".bucket",
            "bucket.", "a..b", "192.168.5.4", "xn--bucket", "sthree-bucket", "sthree-configurator",
            "amzn-s3-demo-bucket", "bucket-s3alias", "bucket--ol-s3", "bucket.mrap",
            "bucket--x-s3", "bucket--table-s3", "bücket", "buck et", "bucket/", "bucket\r\n",
            String(repeating: "a", count: 64),
        ]
    )
    func invalid(name: String) throws {
        let error = try #require(throws: BlobError.self) { try S3BucketName.validate(name, .aws) }
        #expect([.invalidArgument, .unsupported].contains(error.kind))
        #expect(error.description.utf8.allSatisfy { $0 >= 0x20 })
    }

    @Test(
        "lets other stores have old names",
        arguments: ["Bucket", "doc_example_bucket", "a..b", "192.168.5.4", "xn--bucket", "-bucket"]
    )
    func lenient(name: String) throws {
        try S3BucketName.validate(name, .lenient)
    }

    @Test(
        "refuses on every store what can't stand in a path",
        arguments: ["ab", "...", "a/b", "a b", "a\u{0}b", "bücket", "a%b", "a?b", "a#b"]
    )
    func neverLenient(name: String) {
        #expect(throws: BlobError.self) { try S3BucketName.validate(name, .lenient) }
    }

    @Test(
        "names the feature that a bucket asks for",
        arguments: [
            ("arn:aws:s3:us-west-2:123456789012:accesspoint:mine", "access points"),
            ("arn:aws:s3::123456789012:accesspoint:x.mrap", "multi-Region"),
            ("arn:aws:s3-outposts:us-west-2:123456789012:outpost:op-1:accesspoint:a", "Outposts"),
            ("arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/mine", "Object Lambda"),
            ("mine--use1-az4--x-s3", "S3 Express"), ("arn:", "ARN"),
        ]
    )
    func features(name: String, feature: String) throws {
        for rules in [S3BucketName.Rules.aws, .lenient] {
            let error = try #require(throws: BlobError.self) {
                try S3BucketName.validate(name, rules)
            }
            #expect(error.kind == .unsupported)
            #expect(error.message.contains(feature))
        }
    }
}
