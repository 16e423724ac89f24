import BlobStorage
import BlobStorageS3

/// What the servers of the tests can do, as far as `doctor()` and the conformance kit found out.
extension S3Vendor {
    /// Ceph 16: no additional checksums, no conditions on writes and on copies' sources.
    static let cephPacific = S3Vendor.lacking("ceph 16") { $0.checksCopySources = false }

    /// OpenStack Swift's s3api: its create-only is not atomic, and it deletes slowly.
    static let openStackSwift = S3Vendor.lacking("swift") { vendor in
        vendor.multipartLimits.maximumPartCount = 1_000
        vendor.maximumDeleteKeyCount = 100
    }

    /// localstack 4.12: its tokens lose their place among keys that are encoded.
    static let localstack: S3Vendor = {
        var vendor = S3Vendor.aws
        vendor.name = "localstack"
        vendor.addressing = .path
        vendor.multipartChecksums = [.crc64NVME]
        vendor.canDeleteIfMatches = false
        vendor.copyCondition = .none
        vendor.encodesListings = false
        vendor.encodesUploadListings = false
        vendor.canHaveNULInKeys = false
        return vendor
    }()

    /// moto 5.2, which judges nothing.
    static let moto = S3Vendor.lacking("moto") { $0.checksCopySources = false }

    private static func lacking(
        _ name: String,
        _ adjust: (inout S3Vendor) -> Void
    ) -> S3Vendor {
        var vendor = S3Vendor.custom
        vendor.name = name
        adjust(&vendor)
        return vendor
    }
}
