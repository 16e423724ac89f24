import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageS3
import Testing

@Suite struct S3ConfigurationTests {
    private func configuration(_ text: String) throws -> S3Configuration {
        try S3Configuration(StoreURL(text))
    }

    @Test func everyParameterIsRead() throws {
        let text =
            "s3://bucket/a/b?region=eu-central-1&endpoint=http://localhost:9000&profile=work"
            + "&vendor=minio&addressing=virtual&accelerate=false&dualstack=false&fips=false"
            + "&part-size=16M&concurrency=3&checksum=sha256&encryption=kms&kms-key=alias/k"
            + "&storage-class=STANDARD_IA&requester-pays=true&attempts=5&timeout=90&anonymous=true"
            + "&ca-file=/etc/ca.pem"
        let url = try StoreURL(text)
        #expect(Set(url.parameters.keys) == S3Configuration.urlParameters)
        let read = try S3Configuration(url)
        #expect(read.bucket == "bucket")
        #expect(S3Configuration.keyPrefix(url) == "a/b/")
        #expect(read.region == "eu-central-1")
        #expect(read.endpoint == "http://localhost:9000")
        #expect(read.profile == "work")
        #expect(read.vendor == .minio)
        #expect(read.addressing == .virtualHosted)
        #expect(read.partByteCount == 16 << 20)
        #expect(read.concurrency == 3)
        #expect(read.checksum == .algorithm(.sha256))
        #expect(read.encryption == .kms(keyID: "alias/k"))
        #expect(read.storageClass == "STANDARD_IA")
        #expect(read.requesterPays)
        #expect(read.isAnonymous)
        #expect(read.maximumAttempts == 5)
        #expect(read.operationTimeout == .seconds(90))
        #expect(read.certificateFile == "/etc/ca.pem")
        #expect(try read.resolvedEndpoint().host == "bucket.localhost")
    }

    @Test func defaultsAreTheVendors() throws {
        let plain = try configuration("s3://bucket")
        #expect(plain.region == nil)
        #expect(try plain.resolvedVendor() == .aws)
        #expect(
            try plain.resolvedEndpoint(region: "us-west-2").host
                == "bucket.s3.us-west-2.amazonaws.com"
        )
        let r2 = try configuration("s3://bucket?endpoint=https://a.r2.cloudflarestorage.com")
        #expect(try r2.resolvedVendor() == .cloudflareR2)
        let endpoint = try r2.resolvedEndpoint()
        #expect(endpoint.signingRegion == "auto")
        #expect(endpoint.bucketURL().text == "https://a.r2.cloudflarestorage.com/bucket")
    }

    @Test(
        "finds the vendor by the endpoint's host",
        arguments: [
            (nil, "aws"), ("s3.eu-west-1.amazonaws.com", "aws"),
            ("a.r2.cloudflarestorage.com", "cloudflareR2"),
            ("s3.us-west-004.backblazeb2.com", "backblazeB2"),
            ("storage.googleapis.com", "googleCloud"), ("localhost", "custom"),
            ("evilbackblazeb2.com", "custom"),
        ] as [(String?, String)]
    )
    func vendors(host: String?, name: String) {
        #expect(S3Vendor.guess(host: host).name == name)
    }

    @Test(
        "refuses what can't be",
        arguments: [
            "s3:bucket", "s3://?region=eu-west-1", "s3://bucket:80", "s3://Bucket", "s3://ab",
            "s3://bucket?region=us%20east", "s3://bucket?region=..%2F", "s3://bucket?region=",
            "s3://bucket?endpoint=file:///tmp", "s3://bucket?endpoint=http://a:b@host",
            "s3://bucket?vendor=azure", "s3://bucket?vendor=minio", "s3://bucket?addressing=host",
            "s3://bucket?fips=yes",
            "s3://bucket?part-size=1K", "s3://bucket?part-size=", "s3://bucket?part-size=8MB",
            "s3://bucket?part-size=-8M", "s3://bucket?part-size=99999999999999999G",
            "s3://bucket?concurrency=0", "s3://bucket?concurrency=65", "s3://bucket?attempts=0",
            "s3://bucket?attempts=1000000000000000000000", "s3://bucket?timeout=0",
            "s3://bucket?checksum=md5", "s3://bucket?encryption=customer",
            "s3://bucket?kms-key=k", "s3://bucket?encryption=s3&kms-key=k",
            "s3://bucket?storage-class=A%20B", "s3://bucket?profile=",
            "s3://bucket?endpoint=http://host&region=eu-west-1&fips=true",
            "s3://bucket?endpoint=http://host&dualstack=true",
            "s3://bucket--x-s3?region=us-east-1",
            "s3://bucket?endpoint=http://host&vendor=b2&checksum=crc32c",
        ]
    )
    func refused(text: String) throws {
        let error = try #require(throws: BlobError.self) { try configuration(text) }
        #expect([.invalidArgument, .unsupported].contains(error.kind))
    }

    @Test("refuses limits that allow no part", arguments: [(10, 5, 10), (5, 10, 0), (5, 10, -1)])
    func impossibleLimits(minimum: Int64, maximum: Int64, count: Int) throws {
        var configuration = S3Configuration(
            bucket: "bucket",
            endpoint: "http://localhost",
            vendor: .custom
        )
        configuration.vendor?.multipartLimits = MultipartLimits(
            minimumPartByteCount: minimum,
            maximumPartByteCount: maximum,
            maximumPartCount: count
        )
        configuration.partByteCount = 5
        let error = try #require(throws: BlobError.self) { _ = try S3Store(configuration) }
        #expect(error.kind == .invalidArgument)
    }

    @Test func otherStoresMayHaveOldBucketNames() throws {
        let old = try configuration("s3://Old_Bucket?endpoint=http://host:8080")
        #expect(try old.resolvedEndpoint().bucketURL().text == "http://host:8080/Old_Bucket")
    }

    @Test func customerKeyNeverShows() throws {
        let bytes = [UInt8](repeating: 0x41, count: 32)
        let key = try S3CustomerKey(bytes)
        var dumped = ""
        dump(key, to: &dumped)
        dump(S3Encryption.customerKey(key), to: &dumped)
        var configuration = S3Configuration(bucket: "bucket", region: "eu-west-1")
        configuration.encryption = .customerKey(key)
        dump(configuration, to: &dumped)
        for text in [dumped, "\(key)", String(reflecting: key), "\(configuration)"] {
            #expect(!text.contains("65") && !text.contains("AAAA") && !text.contains("QUFB"))
        }
        #expect(throws: BlobError.self) { try S3CustomerKey(Array(bytes.dropLast())) }
        configuration.endpoint = "http://host"
        #expect(throws: BlobError.self) { try configuration.validate() }
        configuration.endpoint = "https://host"
        try configuration.validate()
    }

    /// Key and MD5 as botocore sends them (`botocore-s3-operations.json`).
    @Test func encryptionBecomesHeaders() throws {
        var configuration = S3Configuration(bucket: "bucket", region: "eu-west-1")
        configuration.requesterPays = true
        configuration.storageClass = "STANDARD_IA"
        configuration.encryption = .customerKey(
            try S3CustomerKey(Array(String(repeating: "0", count: 32).utf8))
        )
        let headers = try S3ServiceHeaders(configuration)
        let prefix = "x-amz-server-side-encryption-customer-"
        #expect(
            headers.access.map(\.name)
                == [prefix + "algorithm", prefix + "key", prefix + "key-md5"]
        )
        #expect(
            headers.access.map(\.value) == [
                "AES256", "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=",
                "zZ5FnqcIqUjVwvWmyog4zw==",
            ]
        )
        #expect(headers.write == headers.access + [.init("x-amz-storage-class", "STANDARD_IA")])
        #expect(headers.copySource.count == 3)
        #expect(headers.all == [.init("x-amz-request-payer", "requester")])
        configuration.encryption = .kms(keyID: nil)
        #expect(
            try S3ServiceHeaders(configuration).write.first
                == .init("x-amz-server-side-encryption", "aws:kms")
        )
        #expect(try S3ServiceHeaders(configuration).access.isEmpty)
    }

    @Test func checksumIsTheCallersThenTheConfigurationsThenTheVendors() {
        var configuration = S3Configuration(bucket: "bucket")
        #expect(configuration.checksumAlgorithm(asked: nil, vendor: .aws) == .crc64NVME)
        #expect(configuration.checksumAlgorithm(asked: nil, vendor: .backblazeB2) == nil)
        configuration.checksum = .none
        #expect(configuration.checksumAlgorithm(asked: nil, vendor: .aws) == nil)
        #expect(configuration.checksumAlgorithm(asked: .sha256, vendor: .aws) == .sha256)
    }

    @Test func profilesClaimNoMoreThanTheyCan() {
        #expect(S3Vendor.aws.capabilities.features == Set(Capabilities.Feature.allCases))
        #expect(S3Vendor.custom.capabilities.features == [.write, .unknownLength])
        #expect(!S3Vendor.cloudflareR2.capabilities.features.contains(.deleteIfMatches))
        for vendor in S3Vendor.named.values {
            #expect(vendor.defaultChecksum.map { vendor.checksums.contains($0) } ?? true)
            #expect(vendor.multipartChecksums.isSubset(of: vendor.checksums))
            #expect(vendor.multipartLimits.minimumPartByteCount <= 8 << 20)
        }
    }
}
