public import BlobStorage

/// What a sweep did, or what one that is a dry run would do.
public struct SweepReport: Sendable {
    /// The most removals, and the most failures, that are named one by one.
    public static let maximumNamedCount = 1_000

    /// Something that was removed.
    @nonexhaustive
    public enum Removal: Sendable, Hashable {
        /// A reservation whose time was up, with what was uploaded.
        case reservation(DocumentID)
        /// A document that was deleted, or refused, before.
        case document(DocumentID)
        /// A blob that no record knows of.
        case blob(BlobKey, byteCount: Int64)
        /// A multipart upload that no record names.
        case multipartUpload(MultipartUpload)
    }

    /// Something that could not be removed; the next sweep tries again.
    public struct Failure: Sendable {
        /// What could not be removed.
        public let removal: Removal
        /// Why.
        public let error: BlobError

        /// Creates a failure.
        public init(_ removal: Removal, _ error: BlobError) {
            self.removal = removal
            self.error = error
        }
    }

    /// Whether it was a dry run.
    public var isDryRun: Bool
    /// How many reservations were removed whose time was up.
    public var reservationCount = 0
    /// How many documents were removed that had been deleted or refused.
    public var documentCount = 0
    /// How many blobs were removed that no record knew of.
    public var blobCount = 0
    /// How many bytes those blobs had.
    public var blobByteCount: Int64 = 0
    /// How many multipart uploads were removed that no record named.
    public var multipartUploadCount = 0
    /// How many removals failed.
    public var failureCount = 0
    /// How many blobs under the service's prefixes were left alone, since their names are none that
    /// the service makes.
    public var foreignBlobCount = 0
    /// The first removals, one by one.
    public var removals: [Removal] = []
    /// The first failures, one by one.
    public var failures: [Failure] = []

    /// Creates the report of a sweep that did nothing.
    ///
    /// - Parameter isDryRun: Whether it is a dry run.
    public init(isDryRun: Bool = false) {
        self.isDryRun = isDryRun
    }

    /// How many things were removed.
    public var removalCount: Int {
        reservationCount + documentCount + blobCount + multipartUploadCount
    }
}

extension SweepReport: CustomStringConvertible {
    /// The counts in one line.
    public var description: String {
        var text = isDryRun ? "would remove " : "removed "
        text += "\(reservationCount) reservations, \(documentCount) documents, "
        text += "\(blobCount) orphaned blobs of \(blobByteCount) bytes, "
        text += "\(multipartUploadCount) multipart uploads"
        if failureCount > 0 { text += "; \(failureCount) failures" }
        if foreignBlobCount > 0 { text += "; \(foreignBlobCount) foreign blobs" }
        return text
    }
}
