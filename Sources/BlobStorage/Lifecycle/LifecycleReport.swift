/// What lifecycle rules have removed from a store.
public struct LifecycleReport: Sendable {
    /// The most failures that are kept; more are only counted.
    public static let failureLimit = 100

    /// A blob or multipart upload that was due and could not be removed; the next run tries again.
    public struct Failure: Sendable {
        /// The key of the blob or upload.
        public let key: BlobKey
        /// Why.
        public let error: any Error

        /// Creates a failure.
        public init(key: BlobKey, error: any Error) {
            self.key = key
            self.error = error
        }
    }

    /// How many blobs were removed.
    public internal(set) var blobCount = 0
    /// How many bytes they had together.
    public internal(set) var byteCount: Int64 = 0
    /// How many multipart uploads were aborted.
    public internal(set) var uploadCount = 0
    /// How many blobs and uploads were due and could not be removed.
    public internal(set) var failureCount = 0
    /// Why they could not; the first ``failureLimit`` of them.
    public internal(set) var failures: [Failure] = []

    /// Whether nothing was due.
    public var isEmpty: Bool { blobCount == 0 && uploadCount == 0 && failureCount == 0 }

    mutating func add(_ failure: Failure) {
        failureCount += 1
        if failures.count < Self.failureLimit { failures.append(failure) }
    }
}

extension LifecycleReport: CustomStringConvertible {
    /// The counts in one line.
    public var description: String {
        var text = "removed \(blobCount) blobs of \(byteCount) bytes, "
        text += "\(uploadCount) multipart uploads"
        if failureCount > 0 { text += "; \(failureCount) failures" }
        return text
    }
}
