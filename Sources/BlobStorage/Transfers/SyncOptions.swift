/// What a ``BlobSync`` may vary.
public struct SyncOptions: Sendable, Hashable {
    /// Which blobs of the destination are current, and so not copied again.
    @nonexhaustive
    public enum Skip: Sendable, Hashable {
        /// Those of the same size that were not written before the source's.
        ///
        /// This costs no request, and trusts the stores' clocks.
        case sizeAndTime
        /// Those of the same size, headers, metadata and checksum.
        ///
        /// This costs two requests for a blob; where the stores keep different checksums, the
        /// source's bytes are read, and where the destination keeps none, the blob is copied.
        case checksum
        /// None: every blob is copied.
        case nothing
    }

    /// Which blobs are current.
    public var skips: Skip
    /// Whether blobs that the source lacks are deleted from the destination.
    public var deletes: Bool
    /// Whether nothing is written or deleted; the report tells what would have been.
    public var isDryRun: Bool
    /// Whether the first failure of a single blob is thrown, and ends the run.
    public var stopsAtFirstFailure: Bool
    /// The most blobs that are worked on at a time: 1 to 1,000.
    public var concurrency: Int
    /// The checksum that proves a copy where the source keeps none.
    public var checksum: ChecksumAlgorithm
    /// The least time between two reports.
    public var reportInterval: Duration

    /// Creates options.
    public init(
        skips: Skip = .sizeAndTime,
        deletes: Bool = false,
        isDryRun: Bool = false,
        stopsAtFirstFailure: Bool = false,
        concurrency: Int = 8,
        checksum: ChecksumAlgorithm = .crc64NVME,
        reportInterval: Duration = .milliseconds(100)
    ) {
        self.skips = skips
        self.deletes = deletes
        self.isDryRun = isDryRun
        self.stopsAtFirstFailure = stopsAtFirstFailure
        self.concurrency = concurrency
        self.checksum = checksum
        self.reportInterval = reportInterval
    }

    /// Throws unless the options make sense.
    ///
    /// - Throws: ``BlobError`` of kind `invalidArgument`.
    public func validate() throws {
        guard (1...1_000).contains(concurrency) else {
            let message = "the concurrency is \(concurrency); it must be 1 to 1,000"
            throw BlobError(.invalidArgument, operation: "sync", message: message)
        }
    }
}

/// One thing that a sync does, or in a dry run would do.
public enum SyncAction: Sendable, Hashable {
    /// A blob is copied, since the destination lacks it or has another version.
    case copy(ListedBlob)
    /// A blob of the destination is deleted, since the source lacks it.
    case delete(ListedBlob)
}
