public import BlobStorage
package import BlobStorageAWS
package import BlobStorageHTTP

/// Records of documents in a table of DynamoDB.
///
///     let configuration = DynamoDBConfiguration(table: "documents", region: "eu-central-1")
///     let store = try DynamoDBMetadataStore(configuration)
///     try await store.prepare()
///
/// Reads by id are consistent. Queries are answered from indexes, which lag behind a change by some
/// milliseconds, seldom more.
public struct DynamoDBMetadataStore: Sendable {
    /// What the store was made with.
    public let configuration: DynamoDBConfiguration
    let client: DynamoDBClient
    /// Makes the mark of a change.
    let makeWriteID: @Sendable () -> String
    /// The most bytes of an item.
    let itemByteLimit: Int

    /// Opens a store with what the configuration leaves out looked up in the environment and in the
    /// user's AWS profile: region and endpoint.
    ///
    /// No request is sent.
    ///
    /// - Parameter configuration: The table, and how to reach it.
    /// - Returns: The store.
    /// - Throws: `BlobError` as ``init(_:)`` does, and if a profile can't be read.
    public static func open(
        _ configuration: DynamoDBConfiguration
    ) async throws -> DynamoDBMetadataStore {
        var configuration = configuration
        if configuration.region == nil || configuration.endpoint == nil {
            let profile = try await AWSProfile.load(profile: configuration.profile)
            if configuration.region == nil { configuration.region = profile.region }
            if configuration.endpoint == nil { configuration.endpoint = profile.dynamoDBEndpoint }
        }
        return try DynamoDBMetadataStore(configuration)
    }

    /// Opens a store; no request is sent, and no file is read.
    ///
    /// - Parameter configuration: The table, and how to reach it; on AWS, with the region.
    /// - Throws: `BlobError` of kind `invalidArgument` if the table, the region or the endpoint can't
    ///   be.
    public init(_ configuration: DynamoDBConfiguration) throws {
        var options = HTTPTransportOptions()
        options.certificateAuthorityFile = configuration.certificateFile
        if configuration.usesEnvironmentProxy { options.proxy = .environment }
        try self.init(
            configuration,
            credentials: configuration.credentials
                ?? DefaultCredentialsChain(profile: configuration.profile),
            transport: CurlTransport(options)
        )
    }

    package init(
        _ configuration: DynamoDBConfiguration,
        credentials: (any AWSCredentialsProvider)?,
        transport: any HTTPTransport,
        time: TimeSource = .system,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        makeWriteID: (@Sendable () -> String)? = nil,
        itemByteLimit: Int? = nil
    ) throws {
        try configuration.validate()
        self.configuration = configuration
        client = try DynamoDBClient(
            configuration,
            credentials: credentials,
            transport: transport,
            time: time,
            random: random
        )
        let ids = DocumentIDMaker()
        self.makeWriteID = makeWriteID ?? { ids.next().text }
        self.itemByteLimit = itemByteLimit ?? DocumentItem.maximumByteCount
    }

    var table: String { configuration.table }

    /// Sends a request, and makes a `BlobError` of its failure.
    func send<Request: DynamoDBRequest>(
        _ request: Request,
        _ operation: String
    ) async throws -> Request.Answer {
        do {
            return try await client.send(request)
        } catch let failure as AWSFailure {
            throw failure.error(operation, isChange: Request.isChange)
        }
    }
}

extension DynamoDBMetadataStore: MetadataStore {}
