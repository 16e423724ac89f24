public import BlobStorage
package import BlobStorageAWS
package import BlobStorageHTTP

/// Polls a queue of SQS for events, and deletes a message when all its events are done.
///
///     let queue = try SQSEventQueue(configuration)
///     try await withThrowingDiscardingTaskGroup { group in
///         group.addTask { await processor.run() }
///         group.addTask { try await queue.run(processor) }
///     }
///
/// A message whose events are not all done, since one failed or the process ended, stays in the queue
/// and comes again after its visibility timeout. Events that it brings a second time are skipped, if
/// the processor still knows of them, and handled twice if not.
///
/// What the credentials must allow: `sqs:ReceiveMessage`, `sqs:DeleteMessage`,
/// `sqs:ChangeMessageVisibility`.
public struct SQSEventQueue: Sendable {
    /// What the queue was made with.
    public let configuration: SQSConfiguration
    let client: SQSClient

    /// Opens a queue; no request is sent, and no file is read.
    ///
    /// - Parameter configuration: The queue, and how to poll it.
    /// - Throws: `BlobError` of kind `invalidArgument` if something set can't be.
    public init(_ configuration: SQSConfiguration) throws {
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
        _ configuration: SQSConfiguration,
        credentials: (any AWSCredentialsProvider)?,
        transport: any HTTPTransport,
        time: TimeSource = .system,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) throws {
        try configuration.validate()
        self.configuration = configuration
        client = try SQSClient(
            configuration,
            credentials: credentials,
            transport: transport,
            time: time,
            random: random
        )
    }

    /// Something that went wrong while the queue was polled, and did not end the polling.
    public struct Problem: Sendable {
        /// What went wrong.
        public let error: BlobError
        /// The message it is about; `nil` if it is about none.
        public let messageID: String?
        /// The message itself, if it could not be made out.
        public let body: String?
    }

    /// Polls until the processor takes in no more, or the task is cancelled.
    ///
    /// To stop in peace, drain the processor: the events that were taken in are done, their messages
    /// deleted, and this returns.
    ///
    /// - Parameters:
    ///   - processor: What handles the events.
    ///   - onProblem: Called with what goes wrong: a poll that failed and is tried again, a message
    ///     that can't be made out or deleted.
    /// - Throws: `CancellationError`; `BlobError` if polling again makes no sense: there is no such
    ///   queue, or the credentials do not do.
    public func run(
        _ processor: BlobEventProcessor,
        onProblem: @escaping @Sendable (Problem) -> Void = { _ in }
    ) async throws {
        let poller = SQSPoller(client: client, processor: processor, onProblem: onProblem)
        try await poller.run()
    }
}
