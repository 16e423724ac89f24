import BlobStorage
import BlobStorageS3
import Foundation
import Testing

/// Moto's SQS over HTTP, fed by moto's S3; the scripts in `Tests/Servers` start it.
@Suite struct SQSServerTests {
    static let moto = TestServer.each.first { $0.name == "MOTO" }
    static var isThere: Bool { moto != nil }

    @Test func saysWhetherAServerIsThere() {
        if !Self.isThere {
            print("SKIPPED: there is no SQS server; Tests/Servers/with-servers.sh moto starts one")
        }
    }

    private func queue(_ url: String, _ server: TestServer) throws -> SQSEventQueue {
        var configuration = SQSConfiguration(queueURL: url, credentials: server.credentials)
        configuration.waitTime = .seconds(1)
        return try SQSEventQueue(configuration)
    }

    /// Polls a queue until something is so.
    private func poll(
        _ queue: SQSEventQueue,
        _ processor: BlobEventProcessor,
        until isSo: () async throws -> Bool
    ) async throws {
        let problems = Locked<[String]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await processor.run() }
            group.addTask {
                try await queue.run(processor) { problem in
                    problems.withLock { $0.append("\(problem.error)") }
                }
            }
            let deadline = Date.now.addingTimeInterval(120)
            while try await !isSo(), Date.now < deadline {
                try await Task.sleep(for: .milliseconds(50))
            }
            await processor.drain()
            try await group.waitForAll()
        }
        #expect(problems.withLock { $0 } == [])
    }

    @Test("a bucket's events come through a queue", .enabled(if: isThere))
    func bucketToQueue() async throws {
        let server = try #require(Self.moto)
        let setup = NotificationSetup(server: server)
        let url = try await setup.makeQueue("queue-\(UUID().uuidString)")
        let name = try #require(url.split(separator: "/").last)
        let store = try await server.newStore()
        try await setup.notify(
            store.configuration.bucket,
            "Queue",
            "arn:aws:sqs:us-east-1:123456789012:\(name)"
        )
        let put = try await store.put("a.txt", "123")
        for number in 0..<25 { try await store.put(try BlobKey("many/\(number)"), "x") }
        try await store.delete("a.txt")

        let seen = Locked<[BlobEvent]>([])
        let processor = BlobEventProcessor { event in seen.withLock { $0.append(event) } }
        try await poll(queue(url, server), processor) {
            guard seen.withLock({ $0.count }) >= 27 else { return false }
            // Also the message by which S3 has tested the queue.
            return try await setup.messageCounts(url) == ["0", "0"]
        }
        #expect(try await setup.messageCounts(url) == ["0", "0"])
        let events = seen.withLock { $0 }
        #expect(events.count == 27)
        let created = try #require(events.first { $0.key == "a.txt" && $0.kind == .created })
        #expect(created.source == store.configuration.bucket)
        #expect(created.byteCount == 3 && created.etag == put.etag)
        #expect(events.contains { $0.key == "a.txt" && $0.kind == .deleted })
        #expect(Set(events.map(\.key.text)).count == 26)
    }

    @Test("a message that fails is hidden, not gone", .enabled(if: isThere))
    func failure() async throws {
        let server = try #require(Self.moto)
        let setup = NotificationSetup(server: server)
        let url = try await setup.makeQueue("queue-\(UUID().uuidString)")
        let store = try await server.newStore()
        let name = try #require(url.split(separator: "/").last)
        try await setup.notify(
            store.configuration.bucket,
            "Queue",
            "arn:aws:sqs:us-east-1:123456789012:\(name)"
        )
        try await store.put("bad", "1")
        try await store.put("good", "1")
        let options = BlobEventOptions(maximumAttempts: 1)
        let processor = BlobEventProcessor(options: options) { event in
            if event.key == "bad" {
                throw BlobError(.unavailable, operation: "test", message: "no")
            }
        }
        try await poll(queue(url, server), processor) {
            guard processor.counts.failed == 1 else { return false }
            return try await setup.messageCounts(url) == ["0", "1"]
        }
        #expect(try await setup.messageCounts(url) == ["0", "1"])
        #expect(processor.counts.handled == 1 && processor.counts.failed == 1)
    }

    @Test("a queue that is not there, and a wrong key", .enabled(if: isThere))
    func refusals() async throws {
        let server = try #require(Self.moto)
        let endpoint = try #require(server["ENDPOINT"])
        let processor = BlobEventProcessor { _ in }
        let missing = try queue("\(endpoint)/123456789012/missing", server)
        let error = try await #require(throws: BlobError.self) { try await missing.run(processor) }
        #expect(error.kind == .storeNotFound)

        let wrong = AWSCredentials(
            accessKeyID: server["ACCESS_KEY_ID"] ?? "",
            secretAccessKey: "wrong"
        )
        let queue = try SQSEventQueue(
            SQSConfiguration(
                queueURL: "\(endpoint)/123456789012/missing",
                credentials: StaticCredentials(wrong)
            )
        )
        let refusal = try await #require(throws: BlobError.self) { try await queue.run(processor) }
        #expect([.unauthenticated, .permissionDenied].contains(refusal.kind))
    }
}
