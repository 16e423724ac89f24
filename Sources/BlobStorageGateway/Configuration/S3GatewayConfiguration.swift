public import BlobStorageAWS

/// What a gateway serves, to whom, and how it is addressed.
public struct S3GatewayConfiguration: Sendable {
    /// The buckets and their stores.
    public var buckets: any GatewayBuckets
    /// Who may send requests, and do what; of two keys with one id the first alone counts.
    public var accessKeys: [GatewayAccessKey]
    /// The region that requests must be signed for.
    public var region = "us-east-1"
    /// What the gateway's paths begin with, such as `/files`, where an application mounts it below its
    /// own root, with or without a slash at either end; signatures cover it.
    public var basePath = ""
    /// The host names below which a bucket's name stands in front, as in
    /// `photos.s3.example.com` for `s3.example.com`; without the port.
    public var virtualHosts: [String] = []
    /// What anybody may do without a signature.
    public var anonymousRights: [GatewayRight] = []
    /// The rules for pages of other origins, by bucket; a rule of the empty name is for every bucket.
    public var cors: [String: [CORSRule]] = [:]
    /// Whether blobs are served from an origin that nothing else lives on.
    ///
    /// Unless it is so, types that can run scripts in a browser (HTML, SVG, XML, …) are served as
    /// attachments: a page that somebody uploads would act with the application's own cookies.
    public var isSeparateOrigin = false
    /// Whether what the stores write to encrypts what it keeps, as an encrypted disk does.
    ///
    /// The gateway encrypts nothing. Where it is so, writes that ask for encryption with the server's own
    /// keys (`x-amz-server-side-encryption: AES256`) are taken, and answers say so, as S3's do; else
    /// such writes are refused.
    public var isEncryptedAtRest = false
    /// Whether a ``BucketLifecycle`` over the buckets runs again and again.
    ///
    /// The gateway itself removes nothing by age. Unless it is so, lifecycle rules are refused.
    public var isLifecycleEnforced = false
    /// Called with what went wrong where a client is told no more than that something did, for the log
    /// of the program; it must not block.
    ///
    /// The id is the one in the answer's `x-amz-request-id`. The error is what a store, or the buckets,
    /// threw: it may name folders and hosts, and never a secret. It is called
    ///
    /// - for each answer of status 500 or more but 501, which tells by itself what is not there;
    /// - for a body, or a document that took long, that fails when its answer has begun, but for a
    ///   file's, which the server sends by itself;
    /// - for settings of a bucket that can't be read, so that nothing is allowed by them;
    /// - for the first of the blobs that a DeleteObjects could not delete for such a reason.
    ///
    /// A request whose client went away is not told of, where the server cancels its task, as
    /// `HTTPServer` does.
    public var onFailure: (@Sendable (_ requestID: String, _ error: any Error) -> Void)?

    /// Creates a configuration.
    ///
    /// - Parameters:
    ///   - buckets: The buckets and their stores.
    ///   - accessKeys: Who may send requests, and do what.
    public init(buckets: any GatewayBuckets, accessKeys: [GatewayAccessKey]) {
        self.buckets = buckets
        self.accessKeys = accessKeys
    }
}
