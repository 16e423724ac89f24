/// One answer of a listing.
public struct BlobPage: Sendable {
    /// The blobs, in the byte order of their keys.
    public var blobs: [ListedBlob]
    /// The beginnings of keys, each up to and with the delimiter, that stand for the blobs behind
    /// them; in byte order, each once over all pages.
    public var commonPrefixes: [String]
    /// What to pass on to get the next page; `nil` on the last one.
    public var continuationToken: String?

    /// Creates a page.
    public init(
        blobs: [ListedBlob],
        commonPrefixes: [String] = [],
        continuationToken: String? = nil
    ) {
        self.blobs = blobs
        self.commonPrefixes = commonPrefixes
        self.continuationToken = continuationToken
    }
}

/// One entry of a listing with a delimiter.
public enum ListEntry: Sendable {
    /// A blob.
    case blob(ListedBlob)
    /// The common beginning of several keys, up to and with the delimiter.
    case commonPrefix(String)

    /// The text that listings are ordered by.
    public var text: String {
        switch self {
        case .blob(let blob): blob.key.text
        case .commonPrefix(let prefix): prefix
        }
    }
}

/// A blob that a bulk delete could not delete.
public struct DeleteFailure: Sendable {
    /// The blob's key.
    public let key: BlobKey
    /// Why it is still there.
    public let error: BlobError

    /// Creates a failure.
    public init(key: BlobKey, error: BlobError) {
        self.key = key
        self.error = error
    }
}
