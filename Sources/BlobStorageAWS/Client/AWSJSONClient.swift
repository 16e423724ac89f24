internal import BlobStorage
internal import BlobStorageCrypto
package import BlobStorageHTTP
internal import Foundation

/// Sends requests to a service that speaks AWS's JSON 1.0 over POST.
///
/// - SeeAlso: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
package final class AWSJSONClient: Sendable {
    /// The service that is asked.
    package struct Service: Sendable {
        /// The name to sign for, such as `dynamodb`.
        package var signingName: String
        /// The name to tell people, such as `DynamoDB`.
        package var displayName: String
        /// What stands before an operation's name in `X-Amz-Target`, such as `DynamoDB_20120810`.
        package var targetPrefix: String
        /// The most bytes of an answer.
        package var answerLimit: Int

        package init(
            signingName: String,
            displayName: String,
            targetPrefix: String,
            answerLimit: Int
        ) {
            self.signingName = signingName
            self.displayName = displayName
            self.targetPrefix = targetPrefix
            self.answerLimit = answerLimit
        }
    }

    /// Looks at the bytes of an answer before they are read; throws an `AWSFailure` for wrong ones.
    package typealias AnswerCheck = @Sendable (HTTPHeaders, [UInt8]) throws -> Void

    package let aws: AWSClient
    package let time: TimeSource
    private let service: Service
    private let url: HTTPURL
    private let region: String
    private let timeouts: HTTPTimeouts
    private let retry: RetryPolicy
    private let transport: any HTTPTransport
    private let random: @Sendable () -> Double
    private let check: AnswerCheck

    /// Creates a client, which closes the transport at its end.
    package init(
        _ service: Service,
        at url: HTTPURL,
        region: String,
        timeouts: HTTPTimeouts,
        retry: RetryPolicy,
        credentials: (any AWSCredentialsProvider)?,
        transport: any HTTPTransport,
        time: TimeSource,
        random: @escaping @Sendable () -> Double,
        check: @escaping AnswerCheck = { _, _ in }
    ) {
        self.service = service
        self.url = url
        self.region = region
        self.timeouts = timeouts
        self.retry = retry
        self.transport = transport
        self.time = time
        self.random = random
        self.check = check
        aws = AWSClient(
            service: service.signingName,
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

    /// Sends a request, again if need be: one that may be done twice.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - timeout: The time for all attempts; `nil` for no limit.
    /// - Returns: The answer.
    /// - Throws: `AWSFailure`; `CancellationError`; what the credentials throw.
    package func send<Request: AWSJSONRequest>(
        _ request: Request,
        within timeout: Duration? = nil
    ) async throws -> Request.Answer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = try Array(encoder.encode(request))
        let http = HTTPRequest(
            .post,
            url,
            headers: [
                "Content-Type": "application/x-amz-json-1.0",
                "X-Amz-Target": "\(service.targetPrefix).\(Request.operation)",
            ],
            body: BlobBody(body),
            timeouts: timeouts
        )
        let call = AWSRequest(
            Request.operation,
            http,
            payload: .sha256(SHA256.digest(of: body).hex),
            region: region,
            deadline: timeout.map { time.uptime() + $0 }
        )
        return try await aws.perform(call) { try await self.read($0, answering: Request.self) }
    }

    /// Waits before something is tried again.
    ///
    /// - Parameter count: How often it failed, from 1.
    /// - Throws: `CancellationError`.
    package func backOff(_ count: Int) async throws {
        try await time.sleep(retry.delay(beforeRetry: count, serverDelay: nil, random: random()))
    }

    private func read<Request: AWSJSONRequest>(
        _ response: HTTPResponse,
        answering: Request.Type
    ) async throws -> Request.Answer {
        var bytes: [UInt8]
        do {
            bytes = try await response.body.collect(upTo: service.answerLimit)
        } catch let error as BlobError {
            throw bad("can't be read: \(error.message)")
        }
        try check(response.headers, bytes)
        if bytes.isEmpty, Request.mayHaveEmptyAnswer { bytes = Array("{}".utf8) }
        do {
            return try JSONDecoder().decode(Request.Answer.self, from: Data(bytes))
        } catch {
            throw bad("is not what it should be")
        }
    }

    private func bad(_ what: String) -> AWSFailure {
        AWSFailure(.badAnswer("\(service.displayName)'s answer \(what)"))
    }
}
