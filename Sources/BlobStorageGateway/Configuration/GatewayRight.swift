internal import BlobStorage

/// A right to do something with some blobs.
public struct GatewayRight: Sendable, Hashable {
    /// A kind of access.
    public enum Access: Sendable, Hashable, CaseIterable {
        /// Get and head blobs.
        case read
        /// Put, copy to, and delete blobs, and everything about multipart uploads.
        case write
        /// List blobs; the listing's prefix must begin with the right's.
        case list
    }

    /// The bucket that the right is for; `nil` is every one, and the right to list and create buckets
    /// as far as `access` says.
    public var bucket: String?
    /// What the keys begin with that the right is for; all do with an empty one.
    public var prefix: String
    /// What may be done.
    public var access: Set<Access>

    /// Creates a right.
    ///
    /// - Parameters:
    ///   - access: What may be done.
    ///   - bucket: The bucket; `nil` is every one.
    ///   - prefix: What the keys begin with, compared by bytes.
    public init(
        _ access: Set<Access> = Set(Access.allCases),
        bucket: String? = nil,
        prefix: String = ""
    ) {
        self.access = access
        self.bucket = bucket
        self.prefix = prefix
    }
}
