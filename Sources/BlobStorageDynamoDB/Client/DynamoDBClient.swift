import BlobStorage
import BlobStorageAWS
import BlobStorageCrypto
import BlobStorageHTTP
import Foundation

/// Sends requests to DynamoDB: JSON 1.0 over POST.
///
/// - SeeAlso: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
final class DynamoDBClient: Sendable {
    /// The most bytes of an answer: DynamoDB cuts a batch at 16 MB, which JSON may write in six times
    /// as many.
    private static let answerLimit = 112 << 20

    let configuration: DynamoDBConfiguration
    let time: TimeSource
    let aws: AWSClient
    private let retry: RetryPolicy
    private let endpoint: DynamoDBEndpoint
    private let transport: any HTTPTransport
    private let random: @Sendable () -> Double

    init(
        _ configuration: DynamoDBConfiguration,
        credentials: (any AWSCredentialsProvider)?,
        transport: any HTTPTransport,
        time: TimeSource,
        random: @escaping @Sendable () -> Double
    ) throws {
        endpoint = try DynamoDBEndpoint(configuration)
        self.configuration = configuration
        self.transport = transport
        self.time = time
        self.random = random
        // DynamoDB answers in milliseconds; AWS's own clients begin with delays this short, too.
        retry = RetryPolicy(
            maximumAttempts: configuration.maximumAttempts,
            baseDelay: .milliseconds(50)
        )
        aws = AWSClient(
            service: "dynamodb",
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

    /// Sends a request, again if need be.
    ///
    /// Every change has a condition or an effect that makes it safe to send twice.
    ///
    /// - Throws: `AWSFailure`; `CancellationError`; what the credentials throw.
    func send<Request: DynamoDBRequest>(_ request: Request) async throws -> Request.Answer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = try Array(encoder.encode(request))
        let http = HTTPRequest(
            .post,
            endpoint.url,
            headers: [
                "Content-Type": "application/x-amz-json-1.0",
                "X-Amz-Target": "DynamoDB_20120810.\(Request.operation)",
            ],
            body: BlobBody(body),
            timeouts: HTTPTimeouts(
                connect: configuration.connectTimeout,
                idle: configuration.idleTimeout
            )
        )
        let call = AWSRequest(
            Request.operation,
            http,
            payload: .sha256(SHA256.digest(of: body).hex),
            region: endpoint.signingRegion,
            deadline: configuration.operationTimeout.map { time.uptime() + $0 }
        )
        return try await aws.perform(call) { try await Self.read($0, as: Request.Answer.self) }
    }

    /// Waits before something is tried again.
    ///
    /// - Parameter count: How often it failed, from 1.
    /// - Throws: `CancellationError`.
    func backOff(_ count: Int) async throws {
        try await time.sleep(retry.delay(beforeRetry: count, serverDelay: nil, random: random()))
    }

    private static func read<Answer: Decodable>(
        _ response: HTTPResponse,
        as: Answer.Type
    ) async throws -> Answer {
        let bytes: [UInt8]
        do {
            bytes = try await response.body.collect(upTo: answerLimit)
        } catch let error as BlobError {
            throw AWSFailure(.badAnswer("DynamoDB's answer can't be read: \(error.message)"))
        }
        if let header = response.headers["x-amz-crc32"] {
            let found = CRC32.of(bytes)
            guard header.utf8.elementsEqual(String(found).utf8) else {
                let expected = EscapedText(String(decoding: header.utf8.prefix(20), as: UTF8.self))
                throw AWSFailure(
                    .badAnswer("DynamoDB's answer has the checksum \(found), not \(expected)")
                )
            }
        }
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(bytes))
        } catch {
            throw AWSFailure(.badAnswer("DynamoDB's answer is not what it should be"))
        }
    }
}
