public import BlobStorage
package import BlobStorageHTTP
public import BlobStorageHandler

/// Takes events that are pushed over HTTP: by radosgw, MinIO, SNS, or EventBridge's destinations.
///
///     let receiver = try S3EventReceiver(token: token, processor: processor)
///     let server = HTTPServer(handler: receiver)
///
/// The sender proves that it may by a token that both know, in one of three places:
///
/// - `Authorization: Bearer TOKEN`, as MinIO and EventBridge send it;
/// - `Authorization: Basic …` with the token as password, as SNS sends it for an address with a
///   user name and a password;
/// - `?token=TOKEN` in the address, for radosgw. It may then turn up in the logs of proxies.
///
/// | Status | When |
/// | --- | --- |
/// | 200 | All events are handled, or taken in; see ``S3EventReceiverOptions/answersEarly`` |
/// | 400 | The document can't be made out; sending it again will not help |
/// | 401 | There is no token, or another one |
/// | 403 | SNS asks about a topic that is not one of ``S3EventReceiverOptions/confirmedTopics`` |
/// | 405 | The method is not `POST` |
/// | 413 | The document is too large |
/// | 502 | SNS did not take the answer to its question |
/// | 503 | An event failed, or the processor takes in no more; to be sent again |
public struct S3EventReceiver: HTTPHandler {
    private let token: SharedToken
    private let options: S3EventReceiverOptions
    private let processor: BlobEventProcessor
    private let confirmation: SNSConfirmation
    private let decoder: S3EventDecoder

    /// Creates a receiver.
    ///
    /// - Parameters:
    ///   - token: What the sender has to know: at least 16 bytes of visible ASCII.
    ///   - options: When it answers, and what it takes.
    ///   - processor: What handles the events.
    /// - Throws: `BlobError` of kind `invalidArgument` if the token is too short, or could not stand
    ///   in a header.
    public init(
        token: String,
        options: S3EventReceiverOptions = S3EventReceiverOptions(),
        processor: BlobEventProcessor
    ) throws {
        try self.init(
            token: token,
            options: options,
            processor: processor,
            transport: CurlTransport(HTTPTransportOptions())
        )
    }

    package init(
        token: String,
        options: S3EventReceiverOptions,
        processor: BlobEventProcessor,
        transport: any HTTPTransport
    ) throws {
        self.token = try SharedToken(token)
        self.options = options
        self.processor = processor
        confirmation = SNSConfirmation(topics: options.confirmedTopics, transport: transport)
        decoder = S3EventDecoder(maximumByteCount: options.maximumByteCount)
    }

    /// Answers one push.
    public func respond(to request: HTTPServerRequest) async -> HTTPServerResponse {
        guard token.isGiven(in: request) else {
            // SNS sends its password only when it is asked for.
            let asks: HTTPHeaders = ["WWW-Authenticate": "Basic realm=\"events\""]
            return Self.answer(401, "the token is missing, or it is another one", asks)
        }
        guard request.method.utf8.elementsEqual("POST".utf8) else {
            return Self.answer(405, "events are sent by POST", ["Allow": "POST"])
        }
        do {
            let bytes = try await request.body.collect(upTo: options.maximumByteCount)
            return try await take(try decoder.decode(bytes))
        } catch let error as BlobError {
            return Self.answer(Self.status(error), error.message)
        } catch {
            return Self.answer(503, "the events could not be taken in")
        }
    }

    private func take(_ message: S3EventMessage) async throws -> HTTPServerResponse {
        switch message {
        case .events(let events):
            if options.answersEarly {
                for event in events { try await processor.accept(event) }
                return Self.answer(200, "taken in: \(events.count)")
            }
            let failedCount = try await processor.process(events).count { !$0.isSettled }
            return failedCount == 0
                ? Self.answer(200, "handled: \(events.count)")
                : Self.answer(503, "failed: \(failedCount) of \(events.count)")
        case .test, .unsubscribed:
            return Self.answer(200, "noted")
        case .subscription(let subscription):
            return try await confirmation.confirm(subscription)
                ? Self.answer(200, "confirmed")
                : Self.answer(403, "the topic is not one whose messages are wanted")
        }
    }

    private static func status(_ error: BlobError) -> Int {
        switch error.kind {
        case .tooLarge: 413
        case .invalidArgument: 400
        case .unavailable: 502
        default: 503
        }
    }

    private static func answer(
        _ status: Int,
        _ text: String,
        _ headers: HTTPHeaders = [:]
    ) -> HTTPServerResponse {
        var headers = headers
        headers["Content-Type"] = "text/plain; charset=utf-8"
        return HTTPServerResponse(
            status: status,
            headers: headers,
            body: BlobBody(Array("\(text)\n".utf8))
        )
    }
}

/// Shows no token, nor what was made of one.
extension S3EventReceiver: CustomStringConvertible, CustomReflectable {
    /// The name of the type.
    public var description: String { "S3EventReceiver" }

    /// Shows the options alone to `dump`.
    public var customMirror: Mirror { Mirror(self, children: ["options": options]) }
}

/// What an ``S3EventReceiver`` may vary.
public struct S3EventReceiverOptions: Sendable, Hashable {
    /// Whether the answer is given when all events are taken in, not when they are handled.
    ///
    /// The sender waits less; but what was taken in and not handled is lost if the process ends.
    /// radosgw lets the client that uploads wait for the answer, unless the topic is persistent.
    public var answersEarly: Bool
    /// The most bytes of a document.
    public var maximumByteCount: Int
    /// The topics of SNS, by their ARNs, whose question about the subscription is answered with yes.
    public var confirmedTopics: Set<String>

    /// Creates options.
    public init(
        answersEarly: Bool = false,
        maximumByteCount: Int = S3EventDecoder.defaultMaximumByteCount,
        confirmedTopics: Set<String> = []
    ) {
        self.answersEarly = answersEarly
        self.maximumByteCount = maximumByteCount
        self.confirmedTopics = confirmedTopics
    }
}
