public import BlobStorage
public import BlobStorageAWS

/// What clients have set for a bucket.
///
/// Buckets that keep settings for longer than the program runs write them as they encode.
public struct GatewayBucketSettings: Sendable, Hashable, Codable {
    /// The rules for pages of other origins, which go before those of the configuration.
    public var corsRules: [CORSRule]?
    /// What everybody may read.
    public var policy: BucketPolicy?
    /// When blobs and multipart uploads are removed; ``BucketLifecycle`` does it.
    public var lifecycleRules: [LifecycleRule]?

    /// Creates settings of which nothing is set.
    public init() {}

    /// Whether nothing is set.
    public var isEmpty: Bool { self == Self() }
}
