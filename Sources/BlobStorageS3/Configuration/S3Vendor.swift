public import BlobStorage

/// What a vendor's S3 can do, and how it wants to be spoken to.
///
/// The profiles tell what the vendors document; `doctor()` finds out what an endpoint really does.
/// Every field can be changed:
///
///     var vendor = S3Vendor.ceph
///     vendor.checksums = []
public struct S3Vendor: Sendable, Hashable {
    /// How a condition on a copy's destination is told to the vendor.
    public enum CopyCondition: String, Sendable, Hashable, CaseIterable {
        /// Not at all.
        case none
        /// With `If-Match` and `If-None-Match`, as AWS has it.
        case standard
        /// With `cf-copy-destination-if-match` and `cf-copy-destination-if-none-match`.
        case cloudflare
    }

    /// The name, for messages; without an endpoint, and for buckets to be made in a region, it must
    /// be that of ``aws``.
    public var name: String
    /// Where the bucket's name stands in URLs, unless the configuration says otherwise.
    public var addressing: S3Addressing
    /// The region to sign for if none is configured; `nil` if one must be.
    public var defaultRegion: String?
    /// The checksums of whole objects that the vendor computes, checks and keeps.
    public var checksums: Set<ChecksumAlgorithm>
    /// The checksums that the vendor keeps for the whole of a multipart upload.
    public var multipartChecksums: Set<ChecksumAlgorithm>
    /// The checksum to send if the caller names none; `nil` sends none.
    public var defaultChecksum: ChecksumAlgorithm?
    /// Whether a checksum in a presigned request is checked only if another header announces it.
    public var wantsChecksumsAnnounced: Bool
    /// Whether a checksum may follow the body (`aws-chunked` with a trailer).
    public var acceptsTrailers: Bool
    /// Whether `put` may have `If-None-Match: *`.
    public var canPutIfAbsent: Bool
    /// Whether `put` may have `If-Match`.
    public var canPutIfMatches: Bool
    /// Whether completing a multipart upload may have the conditions that `put` may have.
    public var canCompleteConditionally: Bool
    /// Whether `delete` may have `If-Match`.
    public var canDeleteIfMatches: Bool
    /// How a copy's destination may have a condition.
    public var copyCondition: CopyCondition
    /// Whether the conditions on a copy's source hold; if not, they are looked at before the copy, and
    /// a source that is replaced in between is copied all the same.
    public var checksCopySources: Bool
    /// Whether a copy that replaces the attributes keeps the checksum.
    public var keepsChecksumOfReplacingCopies: Bool
    /// How large, and how many, parts may be.
    public var multipartLimits: MultipartLimits
    /// Whether all parts but the last must have the same size.
    public var wantsEqualParts: Bool
    /// The largest object in bytes.
    public var maximumObjectByteCount: Int64
    /// The most bytes of one `PutObject`, or of one `CopyObject`.
    public var maximumPutByteCount: Int64
    /// Whether listings may be asked for with `encoding-type=url`.
    public var encodesListings: Bool
    /// Whether listings of uploads may, too.
    public var encodesUploadListings: Bool
    /// Whether keys may have the character NUL.
    public var canHaveNULInKeys: Bool
    /// Whether an upload can be completed with some of its parts alone.
    public var canLeaveOutParts: Bool
    /// The most keys of one bulk delete; 0 if there is none.
    public var maximumDeleteKeyCount: Int
    /// Whether blobs have tags.
    public var canTag: Bool
    /// Whether a copy keeps or replaces tags as it is told; if not, they are set after it.
    public var copiesTags: Bool

    /// Creates a profile; everything left out is as on AWS.
    public init(
        name: String,
        addressing: S3Addressing = .automatic,
        defaultRegion: String? = nil,
        checksums: Set<ChecksumAlgorithm> = Set(ChecksumAlgorithm.allCases),
        multipartChecksums: Set<ChecksumAlgorithm> = [.crc64NVME, .crc32C, .crc32],
        defaultChecksum: ChecksumAlgorithm? = .crc64NVME,
        wantsChecksumsAnnounced: Bool = false,
        acceptsTrailers: Bool = true,
        canPutIfAbsent: Bool = true,
        canPutIfMatches: Bool = true,
        canCompleteConditionally: Bool = true,
        canDeleteIfMatches: Bool = true,
        copyCondition: CopyCondition = .standard,
        checksCopySources: Bool = true,
        keepsChecksumOfReplacingCopies: Bool = true,
        multipartLimits: MultipartLimits = .s3,
        wantsEqualParts: Bool = false,
        maximumObjectByteCount: Int64 = 50_000 << 30,
        maximumPutByteCount: Int64 = 5 << 30,
        encodesListings: Bool = true,
        encodesUploadListings: Bool = true,
        canHaveNULInKeys: Bool = true,
        canLeaveOutParts: Bool = true,
        maximumDeleteKeyCount: Int = 1_000,
        canTag: Bool = true,
        copiesTags: Bool = true
    ) {
        self.name = name
        self.addressing = addressing
        self.defaultRegion = defaultRegion
        self.checksums = checksums
        self.multipartChecksums = multipartChecksums
        self.defaultChecksum = defaultChecksum
        self.wantsChecksumsAnnounced = wantsChecksumsAnnounced
        self.acceptsTrailers = acceptsTrailers
        self.canPutIfAbsent = canPutIfAbsent
        self.canPutIfMatches = canPutIfMatches
        self.canCompleteConditionally = canCompleteConditionally
        self.canDeleteIfMatches = canDeleteIfMatches
        self.copyCondition = copyCondition
        self.checksCopySources = checksCopySources
        self.keepsChecksumOfReplacingCopies = keepsChecksumOfReplacingCopies
        self.multipartLimits = multipartLimits
        self.wantsEqualParts = wantsEqualParts
        self.maximumObjectByteCount = maximumObjectByteCount
        self.maximumPutByteCount = maximumPutByteCount
        self.encodesListings = encodesListings
        self.encodesUploadListings = encodesUploadListings
        self.canHaveNULInKeys = canHaveNULInKeys
        self.canLeaveOutParts = canLeaveOutParts
        self.maximumDeleteKeyCount = maximumDeleteKeyCount
        self.canTag = canTag
        self.copiesTags = copiesTags
    }

    /// What a store on this vendor can do, as far as the profile knows.
    public var capabilities: Capabilities {
        var features: Set<Capabilities.Feature> = [.write, .unknownLength]
        if canPutIfAbsent, canCompleteConditionally { features.insert(.putIfAbsent) }
        if canPutIfMatches, canCompleteConditionally { features.insert(.putIfMatches) }
        if canDeleteIfMatches { features.insert(.deleteIfMatches) }
        if copyCondition != .none, canCompleteConditionally { features.insert(.conditionalCopy) }
        if canHaveNULInKeys { features.insert(.nulInKeys) }
        if keepsChecksumOfReplacingCopies { features.insert(.checksumOfReplacingCopy) }
        if canLeaveOutParts { features.insert(.subsetOfParts) }
        if canTag { features.insert(.tags) }
        return Capabilities(
            features: features,
            checksums: checksums,
            multipartChecksums: multipartChecksums,
            maximumBlobByteCount: maximumObjectByteCount
        )
    }
}
