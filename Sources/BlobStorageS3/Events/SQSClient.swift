import BlobStorage
import BlobStorageAWS
import BlobStorageCrypto
import BlobStorageHTTP
import Foundation

/// Sends requests to SQS: JSON 1.0 over POST.
///
/// - SeeAlso: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
final class SQSClient: Sendable {
    /// The most bytes of an answer: 1 MiB of messages, which JSON may write in six times as many.
    private static let answerLimit = 8 << 20
    /// How much longer than a poll's wait a transfer may go without a byte.
    private static let idleMargin = Duration.seconds(15)

    let configuration: SQSConfiguration
    let time: TimeSource
    private let aws: AWSClient
    private let retry: RetryPolicy
    private let url: HTTPURL
    private let region: String
    private let transport: any HTTPTransport
    private let random: @Sendable () -> Double

    init(
        _ configuration: SQSConfiguration,
        credentials: (any AWSCredentialsProvider)?,
        transport: any HTTPTransport,
        time: TimeSource,
        random: @escaping @Sendable () -> Double
    ) throws {
        url = try configuration.endpoint()
        region = configuration.signingRegion
        self.configuration = configuration
        self.transport = transport
        self.time = time
        self.random = random
        retry = RetryPolicy(maximumAttempts: configuration.maximumAttempts)
        aws = AWSClient(
            service: "sqs",
            transport: transport,
            credentials: credentials,
            retry: retry,
            time: time,
            random: random
        )
    }

    deinit {
        transport.close()
    }

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
        try await time.sleep(retry.delay(beforeRetry: count, serverDelay: nil, random: random()))
    }

    /// Sends a request, again if need be; all of them may be done twice.
    ///
    /// - Throws: `BlobError`; `CancellationError`; what the credentials throw.
    private func send<Request: SQSRequest>(_ request: Request) async throws -> Request.Answer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = try Array(encoder.encode(request))
        let http = HTTPRequest(
            .post,
            url,
            headers: [
                "Content-Type": "application/x-amz-json-1.0",
                "X-Amz-Target": "AmazonSQS.\(Request.operation)",
            ],
            body: BlobBody(body),
            timeouts: HTTPTimeouts(
                connect: configuration.connectTimeout,
                idle: configuration.waitTime + Self.idleMargin
            )
        )
        let call = AWSRequest(
            Request.operation,
            http,
            payload: .sha256(SHA256.digest(of: body).hex),
            region: region
        )
        do {
            return try await aws.perform(call) { response in
                let bytes: [UInt8]
                do {
                    bytes = try await response.body.collect(upTo: Self.answerLimit)
                } catch let error as BlobError {
                    throw AWSFailure(.badAnswer("SQS's answer can't be read: \(error.message)"))
                }
                return try Self.decode(bytes, as: Request.Answer.self)
            }
        } catch let failure as AWSFailure {
            throw SQSFailure.error(failure, Request.operation)
        }
    }

    private static func decode<Answer: Decodable>(
        _ bytes: [UInt8],
        as: Answer.Type
    ) throws -> Answer {
        // A request that answers nothing may do so without a body.
        if bytes.isEmpty, let empty = SQSEmptyAnswer() as? Answer { return empty }
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(bytes))
        } catch {
            throw AWSFailure(.badAnswer("SQS's answer is not what it should be"))
        }
    }
}
