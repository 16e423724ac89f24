import BlobStorageAWS
import BlobStorageCrypto
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Foundation
import Testing

@testable import BlobStorage
@testable import BlobStorageS3

/// SQS as a script: what is sent, and what is done about its answers.
@Suite struct SQSEventQueueTests {
    /// A queue of SQS that keeps its messages in memory, and its requests.
    private final class Queue: Sendable {
        struct State {
            var waiting: [(id: String, body: String)] = []
            var received: [String] = []
            var deleted: [String] = []
            var hidden: [String] = []
            var wrongDigests: Set<String> = []
        }

        let state: Locked<State>

        init(_ bodies: [String]) {
            let messages = bodies.enumerated().map { ("m\($0)", $1) }
            state = Locked(State(waiting: messages))
        }

        var deleted: [String] { state.withLock { $0.deleted.sorted() } }
        var hidden: [String] { state.snapshot { $0.hidden } }

        func answer(_ request: SentRequest) -> ScriptStep {
            let target = request.http.headers["X-Amz-Target"] ?? ""
            let fields = try? JSONSerialization.jsonObject(with: Data(request.body ?? []))
            let object = fields as? [String: Any] ?? [:]
            let receipt = object["ReceiptHandle"] as? String ?? ""
            switch target {
            case "AmazonSQS.ReceiveMessage":
                let messages = state.withLock { state in
                    let messages = state.waiting.prefix(10)
                    state.waiting.removeFirst(messages.count)
                    state.received += messages.map(\.id)
                    return messages.map { Self.json($0.id, $0.body, state.wrongDigests) }
                }
                // An empty queue answers when the time is up.
                guard messages.isEmpty else {
                    return .answer(200, [:], "{\"Messages\":[\(messages.joined(separator: ","))]}")
                }
                return .after(.seconds(20), .answer(200, [:], "{}"))
            case "AmazonSQS.DeleteMessage":
                state.withLock { $0.deleted.append(receipt) }
                return .answer(200, [:], "{}")
            case "AmazonSQS.ChangeMessageVisibility":
                let seconds = object["VisibilityTimeout"] as? Int ?? -1
                state.withLock { $0.hidden.append("\(receipt) \(seconds)") }
                return .answer(200)
            default:
                return .answer(400, [:], "{\"__type\":\"InvalidAction\"}")
            }
        }

        private static func json(_ id: String, _ body: String, _ wrong: Set<String>) -> String {
            let text = String(decoding: (try? JSONEncoder().encode(body)) ?? Data(), as: UTF8.self)
            let digest = (try? DigestAlgorithm.md5.digest(of: Array(body.utf8))) ?? []
            let md5 = wrong.contains(id) ? "0" : Hex.text(digest)
            return """
                {"MessageId":"\(id)","ReceiptHandle":"\(id)","Body":\(text),"MD5OfBody":"\(md5)"}
                """
        }
    }

    let time = VirtualTime()
    let problems = Locked<[SQSEventQueue.Problem]>([])
    static let url = "https://sqs.eu-central-1.amazonaws.com/123456789012/uploads"

    private func queue(
        _ transport: ScriptedTransport,
        _ adjust: (inout SQSConfiguration) -> Void = { _ in }
    ) throws -> SQSEventQueue {
        var configuration = SQSConfiguration(queueURL: Self.url)
        configuration.maximumAttempts = 2
        adjust(&configuration)
        return try SQSEventQueue(
            configuration,
            credentials: StaticCredentials(
                AWSCredentials(accessKeyID: "AKID", secretAccessKey: "secret")
            ),
            transport: transport,
            time: time.source,
            random: { 0.5 }
        )
    }

    /// Polls until something is so; then drains, and waits for the end.
    private func poll(
        _ queue: SQSEventQueue,
        _ processor: BlobEventProcessor,
        until isSo: @escaping @Sendable () -> Bool
    ) async throws {
        let problems = problems
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await processor.run() }
            group.addTask {
                try await queue.run(processor) { problem in
                    problems.withLock { $0.append(problem) }
                }
            }
            while !isSo() { await Task.yield() }
            await processor.drain()
            try await group.waitForAll()
        }
    }

    private func document(_ keys: String...) -> String {
        let records = keys.map { S3EventDocuments.aws(key: $0) }
        return "{\"Records\":[\(records.joined(separator: ","))]}"
    }

    @Test func handlesEventsAndDeletesTheirMessages() async throws {
        let script = Queue([
            document("a", "b"), S3EventDocuments.test, S3EventDocuments.sns(document("c")),
            S3EventDocuments.eventBridge(key: "d"), document("a"),
        ])
        let transport = ScriptedTransport(then: .choose { script.answer($0) }, time: time)
        let handled = Locked<Set<String>>([])
        let processor = BlobEventProcessor { event in
            _ = handled.withLock { $0.insert(event.key.text) }
        }
        try await poll(queue(transport), processor) { script.deleted.count == 5 }
        #expect(handled.withLock { $0 } == ["a", "b", "c", "d"])
        // "a" came twice.
        #expect(processor.counts.handled == 4)
        #expect(problems.withLock { $0.isEmpty })

        let first = try #require(transport.sent.first { $0.number == 1 })
        #expect(first.http.method == .post)
        #expect(first.http.url.text == "https://sqs.eu-central-1.amazonaws.com/")
        #expect(first.http.headers["Content-Type"] == "application/x-amz-json-1.0")
        #expect(first.http.headers["X-Amz-Target"] == "AmazonSQS.ReceiveMessage")
        let signature = first.http.headers["Authorization"] ?? ""
        #expect(signature.contains("/eu-central-1/sqs/aws4_request"))
        #expect(
            first.text == """
                {"MaxNumberOfMessages":10,"QueueUrl":"\(Self.url)","VisibilityTimeout":60,\
                "WaitTimeSeconds":20}
                """
        )
        // Longer than the poll takes when nothing comes.
        #expect(first.http.timeouts.idle == .seconds(35))
    }

    @Test func aMessageWithAnEventThatFailedStays() async throws {
        let script = Queue([document("good", "bad"), document("good2")])
        let transport = ScriptedTransport(then: .choose { script.answer($0) }, time: time)
        let processor = BlobEventProcessor(options: BlobEventOptions(maximumAttempts: 1)) { event in
            if event.key == "bad" {
                throw BlobError(.unavailable, operation: "test", message: "no")
            }
        }
        try await poll(queue(transport), processor) {
            processor.counts.failed == 1 && script.deleted == ["m1"]
        }
        #expect(script.deleted == ["m1"])
    }

    @Test func aDeadLetterThatWasTakenOverIsDone() async throws {
        let script = Queue([document("bad")])
        let transport = ScriptedTransport(then: .choose { script.answer($0) }, time: time)
        let processor = BlobEventProcessor(
            options: BlobEventOptions(maximumAttempts: 1),
            onDeadLetter: { _ in },
            handler: { _ in throw BlobError(.unavailable, operation: "test", message: "no") }
        )
        try await poll(queue(transport), processor) { script.deleted == ["m0"] }
        #expect(processor.counts.deadLettered == 1)
    }

    @Test("messages that can't be made out", arguments: [false, true])
    func unreadable(_ deletes: Bool) async throws {
        let script = Queue([
            "not JSON", document("a"), S3EventDocuments.subscription(), document("b"),
        ])
        script.state.withLock { _ = $0.wrongDigests.insert("m3") }
        let transport = ScriptedTransport(then: .choose { script.answer($0) }, time: time)
        let processor = BlobEventProcessor { _ in }
        let queue = try queue(transport) { $0.deletesUnreadable = deletes }
        let problems = problems
        try await poll(queue, processor) {
            problems.withLock { $0.count } == 3 && script.deleted.count == (deletes ? 4 : 1)
        }
        #expect(script.deleted == (deletes ? ["m0", "m1", "m2", "m3"] : ["m1"]))
        let found = problems.withLock { $0 }.sorted { $0.messageID ?? "" < $1.messageID ?? "" }
        #expect(found.map(\.messageID) == ["m0", "m2", "m3"])
        #expect(found[0].body == "not JSON" && found[0].error.kind == .invalidArgument)
        #expect(found[2].error.kind == .integrityFailure)
    }

    @Test func aMessageStaysHiddenWhileItsEventsAreHandled() async throws {
        let script = Queue([document("a")])
        let transport = ScriptedTransport(then: .choose { script.answer($0) }, time: time)
        let isDone = Latch<Void>()
        let processor = BlobEventProcessor { _ in await isDone.value }
        let queue = try queue(transport) { $0.visibilityTimeout = .seconds(40) }
        try await poll(queue, processor) {
            guard script.hidden.count == 3 else { return false }
            isDone.set()
            return true
        }
        // Every 20 seconds, for 40 more.
        #expect(script.hidden.prefix(3) == ["m0 40", "m0 40", "m0 40"])
        #expect(script.deleted == ["m0"])
    }

    @Test func manyMessagesAreNoMoreThanAllowed() async throws {
        let script = Queue((0..<300).map { document("k\($0)") })
        let transport = ScriptedTransport(then: .choose { script.answer($0) }, time: time)
        let most = Locked(0)
        let processor = BlobEventProcessor { _ in
            let count = script.state.withLock { $0.received.count - $0.deleted.count }
            most.withLock { $0 = max($0, count) }
            await Task.yield()
        }
        let queue = try queue(transport) { $0.maximumMessageCount = 30 }
        try await poll(queue, processor) { script.deleted.count == 300 }
        #expect(processor.counts.handled == 300)
        #expect(most.withLock { $0 } <= 30)
    }

    // MARK: Failures

    @Test(
        "what ends the polling",
        arguments: [
            ("com.amazonaws.sqs#QueueDoesNotExist", 400, BlobError.Kind.storeNotFound),
            ("AWS.SimpleQueueService.NonExistentQueue", 400, .storeNotFound),
            ("AccessDeniedException", 403, .permissionDenied),
            ("InvalidClientTokenId", 403, .unauthenticated),
            ("InvalidAddress", 400, .invalidArgument),
        ]
    )
    func finalFailures(_ code: String, _ status: Int, _ kind: BlobError.Kind) async throws {
        let answer = ScriptStep.answer(status, [:], "{\"__type\":\"\(code)\",\"message\":\"said\"}")
        let transport = ScriptedTransport(then: answer, time: time)
        let processor = BlobEventProcessor { _ in }
        let queue = try queue(transport)
        let error = try await #require(throws: BlobError.self) { try await queue.run(processor) }
        #expect(error.kind == kind)
        #expect(error.message.contains("said"))
    }

    @Test func whatPassesIsWaitedFor() async throws {
        let script = Queue([document("a")])
        let throttle = ScriptStep.answer(400, [:], "{\"__type\":\"RequestThrottled\"}")
        let steps: [ScriptStep] = [
            .answer(503), .refuse(), throttle, throttle, .brokenBody(200, [:], "{\"Mess"),
            .answer(200, [:], "<html>"), .answer(200, [:], "{\"Messages\":{}}"),
        ]
        let transport = ScriptedTransport(
            steps,
            then: .choose { script.answer($0) },
            time: time
        )
        let processor = BlobEventProcessor { _ in }
        try await poll(queue(transport), processor) { script.deleted == ["m0"] }
        // Two attempts each.
        #expect(
            problems.withLock { $0.map(\.error.kind) } == [.unavailable, .throttled, .unavailable]
        )
        #expect(problems.withLock { $0.allSatisfy { $0.messageID == nil } })
    }

    @Test func aMessageThatCanNotBeDeletedComesAgain() async throws {
        let script = Queue([document("a"), document("a")])
        let transport = ScriptedTransport(
            then: .choose { request in
                let isDelete = request.http.headers["X-Amz-Target"] == "AmazonSQS.DeleteMessage"
                let fails = isDelete && request.text.contains("\"m0\"")
                return fails ? .answer(500) : script.answer(request)
            },
            time: time
        )
        let processor = BlobEventProcessor { _ in }
        let problems = problems
        try await poll(queue(transport), processor) {
            script.deleted == ["m1"] && problems.withLock { $0.count } == 1
        }
        #expect(problems.withLock { $0.map(\.messageID) } == ["m0"])
        #expect(processor.counts.handled == 1)
    }

    // MARK: The end

    @Test func drainingDeletesWhatIsHandledAndEndsThePoll() async throws {
        let script = Queue([document("a")])
        let transport = ScriptedTransport(then: .choose { script.answer($0) }, time: time)
        let isDone = Latch<Void>()
        let processor = BlobEventProcessor { _ in await isDone.value }
        let queue = try queue(transport)
        let run = Task { await processor.run() }
        let polling = Task { try await queue.run(processor) }
        while processor.counts.running == 0 { await Task.yield() }
        let drain = Task { await processor.drain() }
        isDone.set()
        await drain.value
        #expect(await run.value == [])
        try await polling.value
        #expect(script.deleted == ["m0"])
    }

    @Test func whatComesAfterTheEndIsShownToOthersAtOnce() async throws {
        let script = Queue([document("a")])
        let transport = ScriptedTransport(then: .choose { script.answer($0) }, time: time)
        // Taken away from it while its event waits for room that never comes.
        let processor = BlobEventProcessor(options: BlobEventOptions(capacity: 1)) { _ in
            while !Task.isCancelled { await Task.yield() }
            throw CancellationError()
        }
        let other = try S3EventDecoder().decode(Array(document("other").utf8))
        guard case .events(let events) = other else { return }
        try await processor.accept(events[0])
        let run = Task { await processor.run() }
        let queue = try queue(transport)
        let polling = Task { try await queue.run(processor) }
        while script.state.withLock({ $0.received.isEmpty }) { await Task.yield() }
        while processor.state.withLock({ $0.arrivals.isEmpty }) { await Task.yield() }
        run.cancel()
        _ = await run.value
        try await polling.value
        #expect(script.hidden.last == "m0 0")
        #expect(script.deleted == [])
    }

    @Test func cancellingEndsAtOnce() async throws {
        let script = Queue([document("a")])
        let transport = ScriptedTransport(then: .choose { script.answer($0) }, time: time)
        let processor = BlobEventProcessor { _ in
            while !Task.isCancelled { await Task.yield() }
            throw CancellationError()
        }
        let queue = try queue(transport)
        let run = Task { await processor.run() }
        let polling = Task { try await queue.run(processor) }
        while processor.counts.running == 0 { await Task.yield() }
        polling.cancel()
        await #expect(throws: CancellationError.self) { try await polling.value }
        #expect(script.deleted == [])
        run.cancel()
        #expect(await run.value.map(\.key) == ["a"])
    }

    // MARK: Configuration

    @Test(
        "the region stands in the address",
        arguments: [
            (url, "eu-central-1"), ("https://sqs-fips.us-east-1.amazonaws.com/1/q", "us-east-1"),
            ("https://sqs.us-west-2.api.aws/1/q", "us-west-2"),
            ("https://sqs.cn-north-1.amazonaws.com.cn/1/q", "cn-north-1"),
            ("https://eu-west-1.queue.amazonaws.com/1/q", "eu-west-1"),
            ("http://127.0.0.1:5000/123/q", "us-east-1"), ("http://localhost/q", "us-east-1"),
        ]
    )
    func regions(_ url: String, _ region: String) {
        #expect(SQSConfiguration(queueURL: url).signingRegion == region)
        #expect(SQSConfiguration(queueURL: url, region: "x").signingRegion == "x")
    }

    @Test func whatCanNotBeSetIsRefused() throws {
        let wrongs: [@Sendable (inout SQSConfiguration) -> Void] = [
            { $0.queueURL = "" }, { $0.queueURL = "https://sqs.eu-central-1.amazonaws.com/" },
            { $0.queueURL = "sqs://q/1" }, { $0.queueURL = "https://h/1/q?x=1" },
            { $0.waitTime = .seconds(21) }, { $0.waitTime = .seconds(-1) },
            { $0.waitTime = .milliseconds(1_500) }, { $0.visibilityTimeout = .seconds(9) },
            { $0.visibilityTimeout = .seconds(43_201) }, { $0.maximumMessageCount = 9 },
            { $0.maximumMessageCount = 10_001 }, { $0.maximumAttempts = 0 },
            { $0.maximumAttempts = 21 }, { $0.connectTimeout = .zero },
        ]
        for adjust in wrongs {
            let error = try #require(throws: BlobError.self) {
                _ = try queue(ScriptedTransport(), adjust)
            }
            #expect(error.kind == .invalidArgument)
        }
    }
}
