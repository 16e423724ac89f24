public import BlobStorage

/// What a store must be able to do for a conformance case to apply to it.
public struct ConformanceRequirements: Sendable, Hashable {
    /// What the store's capabilities must have.
    public var features: Set<Capabilities.Feature>
    /// What the store's capabilities must not have: such cases tell how a store refuses.
    public var absentFeatures: Set<Capabilities.Feature>
    /// The checksums that the store must keep.
    public var checksums: Set<ChecksumAlgorithm>
    /// Whether the store must be a `MultipartBlobStore`.
    public var isMultipart: Bool
    /// The size in bytes of the largest blob that the case writes.
    public var blobByteCount: Int64

    /// Creates requirements; without arguments every store meets them.
    public init(
        features: Set<Capabilities.Feature> = [],
        absentFeatures: Set<Capabilities.Feature> = [],
        checksums: Set<ChecksumAlgorithm> = [],
        isMultipart: Bool = false,
        blobByteCount: Int64 = 0
    ) {
        self.features = features
        self.absentFeatures = absentFeatures
        self.checksums = checksums
        self.isMultipart = isMultipart
        self.blobByteCount = blobByteCount
    }

    /// Whether a store meets the requirements.
    public func areMet(by store: any BlobStore) -> Bool {
        let capabilities = store.capabilities
        return features.isSubset(of: capabilities.features)
            && absentFeatures.isDisjoint(with: capabilities.features)
            && checksums.isSubset(of: capabilities.checksums)
            && (!isMultipart || checksums.isSubset(of: capabilities.multipartChecksums))
            && (!isMultipart || store is any MultipartBlobStore)
            && (!features.contains(.tags) || store is any TaggedBlobStore)
            && capabilities.maximumBlobByteCount.map { $0 >= blobByteCount } ?? true
    }
}

extension ConformanceRequirements {
    /// Nothing: the case only reads what the fixture wrote.
    static let reading = ConformanceRequirements()

    /// The store is read-only.
    static let readOnly = ConformanceRequirements(absentFeatures: [.write])

    /// The store writes, and can do more.
    static func writing(
        _ features: Capabilities.Feature...,
        checksum: ChecksumAlgorithm? = nil
    ) -> ConformanceRequirements {
        ConformanceRequirements(
            features: Set(features).union([.write]),
            checksums: checksum.map { [$0] } ?? []
        )
    }

    /// The store writes, in parts too, and can do more.
    static func multipart(
        _ features: Capabilities.Feature...,
        checksum: ChecksumAlgorithm? = nil
    ) -> ConformanceRequirements {
        ConformanceRequirements(
            features: Set(features).union([.write]),
            checksums: checksum.map { [$0] } ?? [],
            isMultipart: true
        )
    }
}
