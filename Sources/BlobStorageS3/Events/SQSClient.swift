import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP

/// Sends requests to SQS.
final class SQSClient: Sendable {
    private static let service = AWSJSONClient.Service(
        signingName: "sqs",
        displayName: "SQS",
        targetPrefix: "AmazonSQS",
        // 1 MiB of messages, which JSON may write in six times as many bytes.
        answerLimit: 8 << 20
    )
    /// How much longer than a poll's wait a transfer may go without a byte.
    private static let idleMargin = Duration.seconds(15)

    let configuration: SQSConfiguration
    private let json: AWSJSONClient

    init(
        _ configuration: SQSConfiguration,
        credentials: (any AWSCredentialsProvider)?,
        transport: any HTTPTransport,
        time: TimeSource,
        random: @escaping @Sendable () -> Double
    ) throws {
        self.configuration = configuration
        json = AWSJSONClient(
            Self.service,
            at: try configuration.endpoint(),
            region: configuration.signingRegion,
            timeouts: HTTPTimeouts(
                connect: configuration.connectTimeout,
                idle: configuration.waitTime + Self.idleMargin
            ),
            retry: RetryPolicy(maximumAttempts: configuration.maximumAttempts),
            credentials: credentials,
            transport: transport,
            time: time,
            random: random
        )
    }

    var time: TimeSource { json.time }

    /// Receives some messages, and waits for them as long as the configuration says.
    func receive() async throws -> [SQSMessage] {
        let request = ReceiveMessageRequest(
            queueURL: configuration.queueURL,
            waitSeconds: configuration.waitTime.components.seconds,
            visibilitySeconds: configuration.visibilityTimeout.components.seconds
        )
        return try await send(request).messages ?? []
    }

    /// Deletes a message.
    func delete(_ message: SQSMessage) async throws {
        _ = try await send(
            DeleteMessageRequest(queueURL: configuration.queueURL, receipt: message.receipt)
        )
    }

    /// Hides a message for a time from now; zero shows it to others at once.
    func hide(_ message: SQSMessage, for time: Duration) async throws {
        _ = try await send(
            ChangeMessageVisibilityRequest(
                queueURL: configuration.queueURL,
                receipt: message.receipt,
                visibilitySeconds: time.components.seconds
            )
        )
    }

    /// Waits before something is tried again.
    ///
    /// - Parameter count: How often it failed, from 1.
    /// - Throws: `CancellationError`.
    func backOff(_ count: Int) async throws {
        try await json.backOff(count)
    }

    /// Sends a request, again if need be; all of them may be done twice.
    ///
    /// - Throws: `BlobError`; `CancellationError`; what the credentials throw.
    private func send<Request: AWSJSONRequest>(_ request: Request) async throws -> Request.Answer {
        do {
            return try await json.send(request)
        } catch let failure as AWSFailure {
            throw AWSFailureWords.sqs.error(failure, Request.operation)
        }
    }
}
