/// What a sync has done so far and, once ``isFinished``, in all.
public struct SyncReport: Sendable {
    /// The most failures that are kept; more are only counted.
    public static let failureLimit = 100

    /// A count of blobs and of their bytes.
    public struct Tally: Sendable, Hashable {
        /// How many blobs.
        public var blobCount: Int
        /// How many bytes they have together.
        public var byteCount: Int64

        /// Creates a tally.
        public init(blobCount: Int = 0, byteCount: Int64 = 0) {
            self.blobCount = blobCount
            self.byteCount = byteCount
        }

        /// Adds blobs; a byte count that would pass the bounds of `Int64` stays at the bound.
        ///
        /// - Parameters:
        ///   - byteCount: How many bytes they have together.
        ///   - blobCount: How many blobs they are.
        public mutating func add(_ byteCount: Int64, blobCount: Int = 1) {
            self.blobCount += blobCount
            self.byteCount = self.byteCount.addingWithinBounds(byteCount)
        }
    }

    /// A blob that could not be copied or deleted.
    public struct Failure: Sendable {
        /// The blob's key.
        public let key: BlobKey
        /// Why.
        public let error: any Error

        /// Creates a failure.
        public init(key: BlobKey, error: any Error) {
            self.key = key
            self.error = error
        }
    }

    /// The blobs that were copied whole.
    public internal(set) var copied = Tally()
    /// The blobs that were current.
    public internal(set) var skipped = Tally()
    /// The blobs that were deleted from the destination.
    public internal(set) var deleted = Tally()
    /// The blobs that could not be copied or deleted.
    public internal(set) var failed = Tally()
    /// Why they could not; the first ``failureLimit`` of them.
    public internal(set) var failures: [Failure] = []

    /// How far a ``Backfill`` has come, for one that goes on from there
    /// (``BackfillOptions/startAfter``): all keys up to this one are dealt with, and none of them has
    /// failed.
    ///
    /// It is `nil` before the first, and in a sync.
    public internal(set) var marker: String?

    /// The source's blobs that are dealt with, copied or not; the bytes grow as they pass.
    public internal(set) var done = Tally()
    /// The source's blobs as far as they are known.
    public internal(set) var total = Tally()
    /// Whether ``total`` covers the whole source.
    public internal(set) var isTotalKnown = false

    /// The bytes that passed, those of copies that failed among them.
    public internal(set) var transferredByteCount: Int64 = 0
    /// How long the run has taken.
    public internal(set) var elapsed = Duration.zero
    /// The bytes that passed in a second, over the last ten seconds or so.
    public internal(set) var bytesPerSecond: Double = 0
    /// How long the rest will take if it goes on so; `nil` if that can't be told yet.
    public internal(set) var timeLeft: Duration?
    /// Whether this is the last report.
    public internal(set) var isFinished = false
}

extension SyncReport: CustomStringConvertible {
    /// The counts in one line.
    public var description: String {
        let counts = [
            ("copied", copied), ("skipped", skipped), ("deleted", deleted), ("failed", failed),
        ]
        return counts.map { name, tally in
            "\(name) \(tally.blobCount) (\(tally.byteCount) bytes)"
        }
        .joined(separator: ", ")
    }
}
