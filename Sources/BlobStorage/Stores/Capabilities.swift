/// What a store can do beyond the least that every store does.
///
/// The conformance kit selects its cases by these, so a capability that is claimed is a promise
/// that is tested.
public struct Capabilities: Sendable, Hashable {
    /// One thing that not every store can do.
    @nonexhaustive
    public enum Feature: String, Sendable, Hashable, CaseIterable {
        /// Blobs can be written and deleted.
        case write
        /// `put` with `.ifAbsent`, decided atomically.
        case putIfAbsent
        /// `put` with `.ifMatches`, decided atomically.
        case putIfMatches
        /// `delete` with `ifMatches`, decided atomically.
        case deleteIfMatches
        /// `copy` with a condition on the destination, decided atomically.
        case conditionalCopy
        /// A body of unknown length needs no more memory than one of known length.
        case unknownLength
        /// Keys may have the character NUL.
        case nulInKeys
        /// A multipart upload can be completed with some of its parts alone.
        case subsetOfParts
        /// A copy that replaces the attributes keeps the checksum.
        case checksumOfReplacingCopy
        /// Blobs have tags: the store is a ``TaggedBlobStore``, and its writes take tags.
        case tags
    }

    /// What the store can do.
    public var features: Set<Feature>
    /// The checksums that the store computes, checks and keeps.
    public var checksums: Set<ChecksumAlgorithm>
    /// Those of them that the store keeps for a blob made of parts, too.
    public var multipartChecksums: Set<ChecksumAlgorithm>
    /// The largest blob in bytes; `nil` if the store sets no limit of its own.
    public var maximumBlobByteCount: Int64?
    /// The longest key in bytes; less than ``BlobKey/maximumByteCount`` where a prefix takes some.
    public var maximumKeyByteCount: Int

    /// Creates capabilities.
    ///
    /// - Parameters:
    ///   - features: What the store can do.
    ///   - checksums: The checksums that the store computes, checks and keeps.
    ///   - multipartChecksums: Those that it keeps for a blob made of parts; `nil` is all of them.
    ///   - maximumBlobByteCount: The largest blob in bytes; `nil` for no limit.
    ///   - maximumKeyByteCount: The longest key in bytes.
    public init(
        features: Set<Feature> = Set(Feature.allCases),
        checksums: Set<ChecksumAlgorithm> = Set(ChecksumAlgorithm.allCases),
        multipartChecksums: Set<ChecksumAlgorithm>? = nil,
        maximumBlobByteCount: Int64? = nil,
        maximumKeyByteCount: Int = BlobKey.maximumByteCount
    ) {
        self.features = features
        self.checksums = checksums
        self.multipartChecksums = multipartChecksums ?? checksums
        self.maximumBlobByteCount = maximumBlobByteCount
        self.maximumKeyByteCount = maximumKeyByteCount
    }
}
