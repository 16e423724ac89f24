import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP

/// Sends requests to DynamoDB.
final class DynamoDBClient: Sendable {
    private static let service = AWSJSONClient.Service(
        signingName: "dynamodb",
        displayName: "DynamoDB",
        targetPrefix: "DynamoDB_20120810",
        // DynamoDB cuts a batch at 16 MB, which JSON may write in six times as many bytes.
        answerLimit: 112 << 20
    )

    let configuration: DynamoDBConfiguration
    private let json: AWSJSONClient

    init(
        _ configuration: DynamoDBConfiguration,
        credentials: (any AWSCredentialsProvider)?,
        transport: any HTTPTransport,
        time: TimeSource,
        random: @escaping @Sendable () -> Double
    ) throws {
        let endpoint = try DynamoDBEndpoint(configuration)
        self.configuration = configuration
        json = AWSJSONClient(
            Self.service,
            at: endpoint.url,
            region: endpoint.signingRegion,
            timeouts: HTTPTimeouts(
                connect: configuration.connectTimeout,
                idle: configuration.idleTimeout
            ),
            // DynamoDB answers in milliseconds; AWS's own clients begin with delays this short, too.
            retry: RetryPolicy(
                maximumAttempts: configuration.maximumAttempts,
                baseDelay: .milliseconds(50)
            ),
            credentials: credentials,
            transport: transport,
            time: time,
            random: random,
            check: Self.checkCRC32
        )
    }

    var aws: AWSClient { json.aws }
    var time: TimeSource { json.time }

    /// Sends a request, again if need be.
    ///
    /// Every change has a condition or an effect that makes it safe to send twice.
    ///
    /// - Throws: `AWSFailure`; `CancellationError`; what the credentials throw.
    func send<Request: DynamoDBRequest>(_ request: Request) async throws -> Request.Answer {
        try await json.send(request, within: configuration.operationTimeout)
    }

    /// Waits before something is tried again.
    ///
    /// - Parameter count: How often it failed, from 1.
    /// - Throws: `CancellationError`.
    func backOff(_ count: Int) async throws {
        try await json.backOff(count)
    }

    private static func checkCRC32(_ headers: HTTPHeaders, _ bytes: [UInt8]) throws {
        guard let header = headers["x-amz-crc32"] else { return }
        let found = CRC32.of(bytes)
        guard header.utf8.elementsEqual(String(found).utf8) else {
            let expected = EscapedText(String(decoding: header.utf8.prefix(20), as: UTF8.self))
            throw AWSFailure(
                .badAnswer("DynamoDB's answer has the checksum \(found), not \(expected)")
            )
        }
    }
}
