public import BlobStorage
package import BlobStorageAWS
package import BlobStorageHTTP

/// Blobs in a bucket of S3, or of anything that speaks its protocol.
///
///     let store = try S3Store(S3Configuration(bucket: "reports", region: "eu-central-1"))
///     try await store.put("a/b.txt", "text")
///
/// Credentials come from where AWS's own tools have them, unless the configuration names others.
/// A store may be used by many tasks at once; its connections are closed when the last reference to
/// it is gone.
public struct S3Store: Sendable {
    /// What the store was made with.
    public let configuration: S3Configuration
    /// What the vendor can do.
    public private(set) var vendor: S3Vendor
    let client: S3Client
    /// The tags of blobs that are written.
    var writeTags = BlobTags()
    /// The version that reads ask for; `nil` is the latest.
    var readVersion: String?

    /// Opens a store with what the configuration leaves out looked up in the environment and in the
    /// user's AWS profile: region and endpoint.
    ///
    /// No request is sent.
    ///
    /// - Parameter configuration: The bucket, and how to speak to it.
    /// - Returns: The store.
    /// - Throws: `BlobError` as ``init(_:)`` does, and if a profile can't be read.
    /// - SeeAlso: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
    public static func open(_ configuration: S3Configuration) async throws -> S3Store {
        try S3Store(try await S3Settings.load(configuration))
    }

    /// Opens a store; no request is sent, and no file is read.
    ///
    /// - Parameter configuration: The bucket, and how to speak to it; on AWS, with the region.
    /// - Throws: `BlobError` of kind `invalidArgument` if the bucket, the region or the endpoint
    ///   can't be, `unsupported` for a feature that the vendor lacks.
    public init(_ configuration: S3Configuration) throws {
        try self.init(S3Settings(configuration))
    }

    private init(_ settings: S3Settings) throws {
        try self.init(
            settings.configuration,
            credentials: settings.credentials,
            transport: settings.transport
        )
    }

    package init(
        _ configuration: S3Configuration,
        credentials: (any AWSCredentialsProvider)?,
        transport: any HTTPTransport,
        time: TimeSource = .system,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) throws {
        try configuration.validate()
        self.configuration = configuration
        vendor = try configuration.resolvedVendor()
        client = try S3Client(
            configuration,
            try configuration.resolvedEndpoint(),
            credentials: credentials,
            transport: transport,
            time: time,
            random: random
        )
    }
}

extension S3Store: BlobStore {
    /// What the vendor's profile says.
    public var capabilities: Capabilities { vendor.capabilities }
}

extension S3Store {
    /// The same store with a profile that claims something else.
    func claiming(_ vendor: S3Vendor) -> S3Store {
        var store = self
        store.vendor = vendor
        return store
    }

    /// Sends a call, and makes a `BlobError` of its failure.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - operation: The operation to name in an error.
    ///   - isUpload: Whether the call is about a multipart upload.
    ///   - interpret: Makes the result of an answer.
    /// - Returns: What `interpret` returned.
    /// - Throws: `BlobError`; `CancellationError`; what the body, the credentials or `interpret` throws.
    func perform<Result: Sendable>(
        _ call: S3Call,
        _ operation: String,
        isUpload: Bool = false,
        _ interpret: @Sendable (HTTPResponse) async throws -> Result
    ) async throws -> Result {
        do {
            return try await client.send(call, interpret)
        } catch let failure as AWSFailure {
            throw S3FailureContext(operation, key: call.key, isUpload: isUpload).error(failure)
        }
    }
}
