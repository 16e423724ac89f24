import BlobStorage

extension S3Vendor {
    /// Amazon S3.
    ///
    /// - SeeAlso: limits https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
    /// - SeeAlso: checksums
    ///   https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
    /// - SeeAlso: conditions
    ///   https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
    public static let aws = S3Vendor(name: "aws")

    /// Cloudflare R2: region `auto`, parts of one size.
    ///
    /// Of the checksums it keeps CRC64NVME alone for whole objects, and it has no conditional
    /// delete and no tags.
    ///
    /// - SeeAlso: https://developers.cloudflare.com/r2/api/s3/api/
    /// - SeeAlso: https://developers.cloudflare.com/r2/api/s3/conditional-operations/
    /// - SeeAlso: https://developers.cloudflare.com/r2/platform/limits/ (just under 5 TiB and 5 GiB)
    /// - SeeAlso: https://developers.cloudflare.com/r2/objects/upload-objects/
    public static let cloudflareR2 = S3Vendor(
        name: "cloudflareR2",
        addressing: .path,
        defaultRegion: "auto",
        checksums: [.crc64NVME],
        multipartChecksums: [.crc64NVME],
        acceptsTrailers: false,
        canDeleteIfMatches: false,
        copyCondition: .cloudflare,
        multipartLimits: MultipartLimits(
            minimumPartByteCount: 5 << 20,
            maximumPartByteCount: (5 << 30) - (5 << 20),
            maximumPartCount: 10_000
        ),
        wantsEqualParts: true,
        maximumObjectByteCount: (5 << 40) - (5 << 30),
        maximumPutByteCount: (5 << 30) - (5 << 20),
        canTag: false
    )

    /// Backblaze B2: no additional checksums, no conditional writes, no tags.
    ///
    /// It refuses requests that have headers of checksums, `x-amz-checksum-mode` of a read too.
    ///
    /// - SeeAlso: https://www.backblaze.com/docs/cloud-storage-s3-compatible-api
    /// - SeeAlso: https://github.com/iterate-ch/cyberduck/issues/16107
    /// - SeeAlso: https://github.com/diced/zipline/issues/746
    /// - SeeAlso: https://www.backblaze.com/docs/cloud-storage-large-files (5 MB to 5 GB a part,
    ///   10 TB an object, in powers of ten)
    public static let backblazeB2 = S3Vendor(
        name: "backblazeB2",
        checksums: [],
        multipartChecksums: [],
        defaultChecksum: nil,
        acceptsTrailers: false,
        canPutIfAbsent: false,
        canPutIfMatches: false,
        canCompleteConditionally: false,
        canDeleteIfMatches: false,
        copyCondition: .none,
        multipartLimits: MultipartLimits(
            minimumPartByteCount: 5_000_000,
            maximumPartByteCount: 5_000_000_000,
            maximumPartCount: 10_000
        ),
        maximumObjectByteCount: 10_000_000_000_000,
        maximumPutByteCount: 5_000_000_000,
        canTag: false
    )

    /// Google Cloud Storage through its XML API.
    ///
    /// Its preconditions are `x-goog-if-generation-match`, and multipart uploads take none, so
    /// there are no conditional writes. It is asked for one delete at a time.
    ///
    /// - SeeAlso: https://cloud.google.com/storage/docs/interoperability
    /// - SeeAlso: https://cloud.google.com/storage/docs/multipart-uploads
    /// - SeeAlso: https://cloud.google.com/storage/quotas#objects (5 TiB an object)
    public static let googleCloud = S3Vendor(
        name: "googleCloud",
        defaultRegion: "auto",
        checksums: [],
        multipartChecksums: [],
        defaultChecksum: nil,
        acceptsTrailers: false,
        canPutIfAbsent: false,
        canPutIfMatches: false,
        canCompleteConditionally: false,
        canDeleteIfMatches: false,
        copyCondition: .none,
        maximumObjectByteCount: 5 << 40,
        maximumPutByteCount: 5 << 40,
        maximumDeleteKeyCount: 0,
        canTag: false
    )

    /// Ceph's radosgw, release 20 and later.
    ///
    /// Its CRC32 and CRC32C of a blob made of parts are over the parts' own, its conditional deletes let
    /// several at once succeed, it refuses to complete an upload without all of its parts, and keys
    /// with NUL. A copy that replaces the attributes drops the tags, and no copy replaces tags alone;
    /// the lengths of tags are counted in bytes.
    ///
    /// - SeeAlso: https://docs.ceph.com/en/latest/radosgw/s3/
    /// - SeeAlso: conditional put and delete https://github.com/ceph/ceph/pull/63348
    /// - SeeAlso: https://docs.ceph.com/en/latest/radosgw/config-ref/ (`rgw_max_put_size` 5 GiB,
    ///   `rgw_multipart_part_upload_limit` 10,000, `rgw_multipart_min_part_size` 5 MiB,
    ///   `rgw_delete_multi_obj_max_num` 1,000)
    public static let ceph = S3Vendor(
        name: "ceph",
        addressing: .path,
        defaultRegion: "us-east-1",
        multipartChecksums: [.crc64NVME],
        wantsChecksumsAnnounced: true,
        canDeleteIfMatches: false,
        copyCondition: .none,
        keepsChecksumOfReplacingCopies: false,
        encodesUploadListings: false,
        canHaveNULInKeys: false,
        canLeaveOutParts: false,
        copiesTags: false
    )

    /// MinIO.
    ///
    /// - SeeAlso: https://min.io/docs/minio/linux/operations/concepts/thresholds.html
    /// - SeeAlso: https://github.com/minio/minio/issues/19442
    public static let minio = S3Vendor(
        name: "minio",
        addressing: .path,
        defaultRegion: "us-east-1",
        canDeleteIfMatches: false,
        copyCondition: .none,
        maximumObjectByteCount: 5 << 40,
        maximumPutByteCount: 5 << 40
    )

    /// The package's own `S3Gateway`, over a store that can all that `LocalDiskStore` can.
    public static let gateway = S3Vendor(
        name: "gateway",
        addressing: .path,
        defaultRegion: "us-east-1",
        multipartChecksums: Set(ChecksumAlgorithm.allCases)
    )

    /// A store that nothing is known about: what every S3 has, and no more.
    ///
    /// No checksum is sent, since many stores refuse headers or trailers that they don't know, and
    /// no conditional write is claimed, since many ignore the header. `doctor()` finds out more.
    public static let custom = S3Vendor(
        name: "custom",
        addressing: .path,
        defaultRegion: "us-east-1",
        checksums: [],
        multipartChecksums: [],
        defaultChecksum: nil,
        acceptsTrailers: false,
        canPutIfAbsent: false,
        canPutIfMatches: false,
        canCompleteConditionally: false,
        canDeleteIfMatches: false,
        copyCondition: .none,
        keepsChecksumOfReplacingCopies: false,
        maximumObjectByteCount: 5 << 40,
        encodesUploadListings: false,
        canHaveNULInKeys: false,
        canLeaveOutParts: false,
        canTag: false
    )

    /// All profiles by the names that addresses use.
    package static let named: [String: S3Vendor] = [
        "aws": .aws, "r2": .cloudflareR2, "b2": .backblazeB2, "gcs": .googleCloud,
        "ceph": .ceph, "minio": .minio, "gateway": .gateway, "custom": .custom,
    ]

    /// The profile that an endpoint's host stands for.
    ///
    /// - Parameter host: The host of a custom endpoint; `nil` for none.
    /// - Returns: ``aws`` without a custom endpoint, ``custom`` for a host that nobody knows.
    package static func guess(host: String?) -> S3Vendor {
        guard let host else { return .aws }
        let domains: [(String, S3Vendor)] = [
            ("amazonaws.com", .aws), ("amazonaws.com.cn", .aws), ("amazonaws.eu", .aws),
            ("r2.cloudflarestorage.com", .cloudflareR2), ("backblazeb2.com", .backblazeB2),
            ("storage.googleapis.com", .googleCloud),
        ]
        let known = domains.first { domain, _ in
            UTF8Order.equal(host, domain) || S3BucketName.hasSuffix(host, "." + domain)
        }
        return known?.1 ?? .custom
    }
}
