import BlobStorage
import BlobStorageHTTP
import BlobStorageS3
import Testing

@Suite struct S3EndpointTests {
    private func endpoint(_ region: String, _ bucket: String) throws -> S3Endpoint {
        try S3EndpointParameters(region: region, bucket: bucket).resolve()
    }

    /// Domains from botocore's `partitions.json`.
    @Test(
        "finds the domain of every partition",
        arguments: [
            ("eu-central-1", "s3.eu-central-1.amazonaws.com"),
            ("cn-northwest-1", "s3.cn-northwest-1.amazonaws.com.cn"),
            ("us-gov-east-1", "s3.us-gov-east-1.amazonaws.com"),
            ("us-iso-east-1", "s3.us-iso-east-1.c2s.ic.gov"),
            ("us-isob-east-1", "s3.us-isob-east-1.sc2s.sgov.gov"),
            ("eu-isoe-west-1", "s3.eu-isoe-west-1.cloud.adc-e.uk"),
            ("us-isof-south-1", "s3.us-isof-south-1.csp.hci.ic.gov"),
            ("eusc-de-east-1", "s3.eusc-de-east-1.amazonaws.eu"),
            ("xx-nowhere-1", "s3.xx-nowhere-1.amazonaws.com"),
        ]
    )
    func partitions(region: String, host: String) throws {
        #expect(try endpoint(region, "bucket").host == "bucket." + host)
    }

    @Test func dualStackIsRefusedWhereThereIsNone() {
        let parameters = S3EndpointParameters(
            region: "us-iso-east-1",
            bucket: "bucket",
            usesDualStack: true
        )
        #expect(throws: BlobError.self) { try parameters.resolve() }
    }

    /// Keys and paths as botocore sends them (`botocore-s3-keys.json`).
    @Test(
        "encodes a key once and normalizes nothing",
        arguments: [
            ("a b", "/a%20b"), ("ü", "/%C3%BC"), ("a+b", "/a%2Bb"), ("a//b", "/a//b"),
            ("../x", "/../x"), ("/", "//"), ("a%20b", "/a%2520b"), ("~-._", "/~-._"),
            ("a?b#c", "/a%3Fb%23c"), ("\u{0}\n", "/%00%0A"),
        ]
    )
    func keys(key: BlobKey, path: String) throws {
        #expect(try endpoint("eu-west-1", "bucket").url(for: key).path == path)
        let pathStyle = try S3EndpointParameters(
            region: "eu-west-1",
            bucket: "bucket",
            customEndpoint: S3EndpointURL("http://127.0.0.1:9000/base/")
        ).resolve()
        #expect(pathStyle.url(for: key).text == "http://127.0.0.1:9000/base/bucket" + path)
    }

    @Test func bucketURLHasNoSlashAtItsEndInPathStyle() throws {
        let hosted = try endpoint("eu-west-1", "bucket")
        #expect(hosted.bucketURL(query: "uploads").target == "/?uploads")
        let dotted = try endpoint("eu-west-1", "my.bucket")
        #expect(dotted.isPathStyle)
        #expect(dotted.bucketURL(query: "uploads").target == "/my.bucket?uploads")
    }

    @Test(
        "refuses virtual-hosted addressing where it can't work",
        arguments: [
            ("my.bucket", "https://example.com"), ("bucket", "http://127.0.0.1"),
            ("bucket", "http://[::1]:80"), ("Bucket_1", "http://example.com"),
        ]
    )
    func forcedVirtualHost(bucket: String, custom: String) throws {
        let parameters = S3EndpointParameters(
            region: "us-east-1",
            bucket: bucket,
            customEndpoint: try S3EndpointURL(custom),
            addressing: .virtualHosted
        )
        let error = #expect(throws: BlobError.self) { try parameters.resolve() }
        #expect(error?.kind == .invalidArgument)
    }

    @Test(
        "refuses regions that are no DNS label",
        arguments: [
            "us east", "../", "a\r\nb", "", "-a", "us-east-1/", "eu.west", "ü", "a\u{0}",
            String(repeating: "a", count: 64),
        ]
    )
    func regions(region: String) {
        let error = #expect(throws: BlobError.self) { try endpoint(region, "bucket") }
        #expect(error?.kind == .invalidArgument)
        #expect(error?.description.utf8.allSatisfy { $0 >= 0x20 } ?? false)
    }

    @Test func queryIsEncodedInOrder() {
        let query = S3PathEncoding.query([
            ("list-type", "2"), ("prefix", "a b/ü+&="), ("uploads", nil),
        ])
        #expect(query == "list-type=2&prefix=a%20b%2F%C3%BC%2B%26%3D&uploads")
    }
}
