import BlobStorage
import BlobStorageAWS
import BlobStorageCrypto

/// One run of a queue with a processor.
struct SQSPoller: Sendable {
    let client: SQSClient
    let processor: BlobEventProcessor
    let onProblem: @Sendable (SQSEventQueue.Problem) -> Void

    private enum Poll: Sendable {
        case messages([SQSMessage])
        case closed
    }

    /// Receives messages as long as there is room, and handles each in a task of its own.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var count = 0
            let limit =
                client.configuration.maximumMessageCount - ReceiveMessageRequest.maximumCount
            while case .messages(let messages) = try await poll() {
                for message in messages {
                    group.addTask { try await handle(message) }
                }
                count += messages.count
                while count > limit {
                    try await group.next()
                    count -= 1
                }
            }
            try await group.waitForAll()
        }
    }

    /// Receives some messages; ends early when the processor takes in no more.
    private func poll() async throws -> Poll {
        try await withThrowingTaskGroup(of: Poll.self) { group in
            group.addTask { .messages(try await receive()) }
            group.addTask {
                await processor.waitUntilClosed()
                return .closed
            }
            defer { group.cancelAll() }
            return try await group.next() ?? .closed
        }
    }

    private func receive() async throws -> [SQSMessage] {
        var failureCount = 0
        while true {
            do {
                return try await client.receive()
            } catch let error as BlobError where Self.passes(error) {
                failureCount += 1
                report(error)
                try await client.backOff(failureCount)
            }
        }
    }

    /// Whether it makes sense to poll again after an error.
    private static func passes(_ error: BlobError) -> Bool {
        switch error.kind {
        case .storeNotFound, .unauthenticated, .permissionDenied, .invalidArgument, .closed: false
        default: true
        }
    }

    // MARK: One message

    private func handle(_ message: SQSMessage) async throws {
        let events: [BlobEvent]
        do {
            events = try Self.events(message)
        } catch let error as BlobError {
            report(error, message, body: message.body)
            if client.configuration.deletesUnreadable { try await delete(message) }
            return
        }
        do {
            let outcomes = try await whileHiding(message) { try await processor.process(events) }
            if outcomes.allSatisfy(\.isSettled) { try await delete(message) }
        } catch let error as BlobError where error.kind == .closed {
            // Others need not wait for its time to be up.
            await trying(message) { try await client.hide(message, for: .zero) }
        }
    }

    private static func events(_ message: SQSMessage) throws -> [BlobEvent] {
        let body = Array(message.body.utf8)
        if let digest = message.digest, let found = try? DigestAlgorithm.md5.digest(of: body) {
            guard digest.utf8.elementsEqual(Hex.text(found).utf8) else {
                throw BlobError(
                    .integrityFailure,
                    operation: "ReceiveMessage",
                    message: "the message has the MD5 \(Hex.text(found)), not the one it says"
                )
            }
        }
        switch try S3EventDecoder().decode(body) {
        case .events(let events): return events
        case .test, .unsubscribed: return []
        case .subscription:
            throw BlobError(
                .invalidArgument,
                operation: "ReceiveMessage",
                message: "the message is a question about a subscription; a queue is asked none"
            )
        }
    }

    /// Runs `body`, and keeps the message hidden from others until it is done.
    private func whileHiding<Result: Sendable>(
        _ message: SQSMessage,
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let timeout = client.configuration.visibilityTimeout
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                while true {
                    try await client.time.sleep(timeout / 2)
                    await trying(message) { try await client.hide(message, for: timeout) }
                }
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    private func delete(_ message: SQSMessage) async throws {
        await trying(message) { try await client.delete(message) }
    }

    /// Does what may fail without ending the polling; the message then comes again.
    private func trying(
        _ message: SQSMessage,
        _ call: () async throws -> Void
    ) async {
        do {
            try await call()
        } catch let error as BlobError {
            report(error, message)
        } catch {
            // Cancelled: the polling ends by itself.
            return
        }
    }

    private func report(_ error: BlobError, _ message: SQSMessage? = nil, body: String? = nil) {
        onProblem(SQSEventQueue.Problem(error: error, messageID: message?.id, body: body))
    }
}
