public import BlobStorageAWS

/// Which table a store keeps its records in, and how it speaks to DynamoDB.
///
///     var configuration = DynamoDBConfiguration(table: "documents", region: "eu-central-1")
///     configuration.maximumAttempts = 5
public struct DynamoDBConfiguration: Sendable {
    /// The table's name.
    public var table: String
    /// The region; `nil` asks the environment and the profile.
    public var region: String?
    /// Where DynamoDB is, as `https://host[:port]`; `nil` is AWS.
    public var endpoint: String?
    /// Whether AWS is reached over IPv6 too.
    public var usesDualStack = false
    /// Whether AWS's FIPS endpoints are used.
    public var usesFIPS = false
    /// Where credentials come from; `nil` is the default chain.
    public var credentials: (any AWSCredentialsProvider)?
    /// The profile of the shared configuration files that the default chain reads.
    public var profile: String?
    /// How often a request is sent at most, the first time included.
    ///
    /// A table that is new, or busier than ever, refuses requests until it has grown.
    public var maximumAttempts = 8
    /// How long a request may take with all its attempts; `nil` sets no limit.
    public var operationTimeout: Duration?
    /// How long ``DynamoDBMetadataStore/prepare()`` waits for the table and its indexes.
    public var prepareTimeout = Duration.seconds(600)
    /// How long a connection may take to stand.
    public var connectTimeout = Duration.seconds(10)
    /// How long a transfer may go without a byte.
    public var idleTimeout = Duration.seconds(30)
    /// A file of certificates, in PEM, to trust in place of the system's.
    public var certificateFile: String?
    /// Whether `HTTPS_PROXY` and its kin are followed.
    public var usesEnvironmentProxy = false

    /// Creates the configuration of a table; the rest are properties to set.
    ///
    /// - Parameters:
    ///   - table: The table's name: 3 to 255 letters, digits, `_`, `-` and `.`.
    ///   - region: The region.
    ///   - endpoint: Where DynamoDB is; `nil` is AWS.
    ///   - credentials: Where credentials come from; `nil` is the default chain.
    public init(
        table: String,
        region: String? = nil,
        endpoint: String? = nil,
        credentials: (any AWSCredentialsProvider)? = nil
    ) {
        self.table = table
        self.region = region
        self.endpoint = endpoint
        self.credentials = credentials
    }
}
