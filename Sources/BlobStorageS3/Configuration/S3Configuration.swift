public import BlobStorage
public import BlobStorageAWS

/// Which bucket a store keeps its blobs in, and how it speaks to it.
///
///     var configuration = S3Configuration(bucket: "reports", region: "eu-central-1")
///     configuration.storageClass = "STANDARD_IA"
///
/// A prefix is no part of it: `store.prefixed(_:)` makes a store of a part of a bucket.
public struct S3Configuration: Sendable {
    /// Which checksum goes with a write whose caller names none.
    public enum ChecksumChoice: Sendable, Hashable {
        /// The vendor's own choice: CRC64NVME on AWS, none where vendors refuse it.
        case automatic
        /// None; a body that goes wrong on the way may stay unnoticed.
        case none
        /// This one; parts go without it unless theirs can be combined, as SHA-256 can't.
        case algorithm(ChecksumAlgorithm)
    }

    /// The bucket's name.
    public var bucket: String
    /// The region to sign for; `nil` asks the environment, the profile and then the vendor.
    public var region: String?
    /// Where the store is, as `https://host[:port][/path]`; `nil` is AWS.
    public var endpoint: String?
    /// What the store can do; `nil` decides by the endpoint's host.
    public var vendor: S3Vendor?
    /// Where the bucket's name stands in URLs; `nil` is as the vendor wants.
    public var addressing: S3Addressing?
    /// Whether AWS is reached over IPv6 too.
    public var usesDualStack = false
    /// Whether AWS's FIPS endpoints are used.
    public var usesFIPS = false
    /// Whether S3 Transfer Acceleration is used; the bucket must be set up for it.
    public var usesAcceleration = false
    /// Where credentials come from; `nil` is the default chain.
    public var credentials: (any AWSCredentialsProvider)?
    /// Whether requests go unsigned, as to a public bucket; then no credentials are looked for.
    public var isAnonymous = false
    /// The profile of the shared configuration files that the default chain reads.
    public var profile: String?
    /// The least bytes of a part of a large upload; parts grow where 10,000 would not do.
    public var partByteCount: Int64 = S3Configuration.defaultPartByteCount
    /// How many parts of one upload, or ranges of one read, are under way at once; fewer if parts
    /// must be larger than ``partByteCount``.
    public var concurrency = S3Configuration.defaultConcurrency
    /// Whether a read fetches several ranges at once, for one request more; they are read in order,
    /// and wait in memory.
    public var readsInParallel = false
    /// The checksum of a write whose caller names none.
    public var checksum = ChecksumChoice.automatic
    /// How the store encrypts.
    public var encryption = S3Encryption.bucketDefault
    /// The storage class of blobs that are written, such as `STANDARD_IA`; `nil` leaves it to the store.
    public var storageClass: String?
    /// Whether the requester agrees to pay, in a bucket that wants that.
    public var requesterPays = false
    /// How often a request is sent at most, the first time included.
    public var maximumAttempts = 3
    /// How long a request may take with all its attempts; `nil` sets no limit.
    ///
    /// An upload in parts is several requests, and so is a read that takes longer: it goes on with
    /// another one.
    public var operationTimeout: Duration?
    /// How long a connection may take to stand.
    public var connectTimeout = Duration.seconds(10)
    /// How long a transfer may go without a byte, unless its own reader is the one who waits.
    public var idleTimeout = Duration.seconds(30)
    /// A file of certificates, in PEM, to trust in place of the system's.
    public var certificateFile: String?
    /// Whether `HTTPS_PROXY` and its kin are followed.
    public var usesEnvironmentProxy = false

    /// The usual size of a part: 8 MiB.
    public static let defaultPartByteCount: Int64 = 8 << 20
    /// The usual count of parts under way.
    public static let defaultConcurrency = 4
    /// The most parts under way at once.
    public static let maximumConcurrency = 64

    /// Creates the configuration of a bucket; the rest are properties to set.
    ///
    /// - Parameters:
    ///   - bucket: The bucket's name.
    ///   - region: The region to sign for.
    ///   - endpoint: Where the store is; `nil` is AWS.
    ///   - vendor: What the store can do; `nil` decides by the endpoint's host.
    ///   - credentials: Where credentials come from; `nil` is the default chain.
    public init(
        bucket: String,
        region: String? = nil,
        endpoint: String? = nil,
        vendor: S3Vendor? = nil,
        credentials: (any AWSCredentialsProvider)? = nil
    ) {
        self.bucket = bucket
        self.region = region
        self.endpoint = endpoint
        self.vendor = vendor
        self.credentials = credentials
    }
}
