import BlobStorage
import BlobStorageS3
import BlobStorageServer
import Foundation
import Testing

/// A real radosgw pushes what happens in a bucket to a receiver on a real server.
@Suite struct CephNotificationTests {
    private static let token = "token-of-the-tests-of-events"

    static var isThere: Bool { TestServer.ceph != nil }

    @Test func saysWhetherAServerIsThere() {
        if !Self.isThere {
            print("SKIPPED: there is no radosgw; Tests/Servers/with-servers.sh ceph starts one")
        }
    }

    /// Runs a test with a bucket whose events come to a processor.
    private func pushed(
        _ handler: @escaping BlobEventProcessor.Handler,
        options: BlobEventOptions = BlobEventOptions(),
        attributes: [String: String] = [:],
        _ test: (S3Store, BlobEventProcessor) async throws -> Void
    ) async throws {
        let ceph = try #require(TestServer.ceph)
        let processor = BlobEventProcessor(options: options, handler: handler)
        let receiver = try S3EventReceiver(token: Self.token, processor: processor)
        let server = HTTPServer(handler: receiver)
        let port = try await server.start().port
        let store = try await ceph.newStore()
        let setup = NotificationSetup(server: ceph)
        let topic = try await setup.makeTopic(
            "topic-\(UUID().uuidString)",
            endpoint: "http://127.0.0.1:\(port)/events?token=\(Self.token)",
            attributes: attributes
        )
        try await setup.notify(store.configuration.bucket, "Topic", topic)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await processor.run() }
            try await test(store, processor)
            await processor.drain()
            try await group.waitForAll()
        }
        await server.stop(within: .seconds(5))
    }

    @Test("what radosgw pushes is understood", .enabled(if: isThere))
    func pushes() async throws {
        let seen = Locked<[BlobEvent]>([])
        let handler: BlobEventProcessor.Handler = { event in seen.withLock { $0.append(event) } }
        try await pushed(handler) { store, processor in
            // Keys as no form would leave them.
            let keys: [BlobKey] = ["plain.txt", "a b+c%20%", "é/e\u{301}", "q?a=b&c#d", "\"\\\n"]
            for (index, key) in keys.enumerated() {
                let count = index + 1
                let put = try await store.put(key, String(repeating: "x", count: count))
                // The push is done before radosgw answers.
                let event = try #require(seen.withLock { $0.last })
                #expect(event.key == key)
                #expect(event.kind == .created && event.name == "ObjectCreated:Put")
                #expect(event.source == store.configuration.bucket)
                #expect(event.byteCount == Int64(count))
                #expect(event.etag == put.etag)
                #expect(abs(event.time.timeIntervalSinceNow) < 300)
            }
            let copy = try await store.copy("plain.txt", to: "copy")
            let copied = try #require(seen.withLock { $0.last })
            #expect(copied.name == "ObjectCreated:Copy" && copied.key == "copy")
            #expect(copied.etag == copy.etag)
            let upload = try await store.createMultipartUpload("parts", options: MultipartOptions())
            let part = try await store.uploadPart(1, of: upload, BlobBody([1, 2]), checksum: nil)
            let whole = try await store.completeMultipartUpload(
                upload,
                parts: [part],
                condition: .none
            )
            let completed = try #require(seen.withLock { $0.last })
            #expect(completed.name == "ObjectCreated:CompleteMultipartUpload")
            #expect(completed.key == "parts" && completed.etag == whole.etag)
            #expect(completed.byteCount == 2)
            try await store.delete("copy")
            let deleted = try #require(seen.withLock { $0.last })
            #expect(deleted.kind == .deleted && deleted.key == "copy")
            #expect(processor.counts.handled == keys.count + 3)
        }
    }

    @Test("events of one key are in order", .enabled(if: isThere))
    func order() async throws {
        let seen = Locked<[BlobEvent]>([])
        let handler: BlobEventProcessor.Handler = { event in seen.withLock { $0.append(event) } }
        try await pushed(handler) { store, _ in
            for number in 0..<40 {
                if number % 5 == 4 {
                    try await store.delete("a")
                } else {
                    try await store.put("a", "\(number)")
                }
            }
            let events = seen.withLock { $0 }
            // Were the sequencers compared as they are written, some would be skipped.
            #expect(events.count == 40)
            let sequencers = events.compactMap(\.sequencer)
            #expect(sequencers.count == 40)
            #expect(zip(sequencers, sequencers.dropFirst()).allSatisfy { $0 < $1 })
        }
    }

    @Test("a push that fails comes again", .enabled(if: isThere))
    func again() async throws {
        let attempts = Locked(0)
        let handled = Locked<[BlobEvent]>([])
        let handler: BlobEventProcessor.Handler = { event in
            let number = attempts.withLock { attempts in
                attempts += 1
                return attempts
            }
            if number < 3 { throw BlobError(.unavailable, operation: "test", message: "no") }
            handled.withLock { $0.append(event) }
        }
        // Persistent: radosgw keeps the event until somebody takes it.
        let attributes = ["persistent": "true", "retry_sleep_duration": "1"]
        let options = BlobEventOptions(maximumAttempts: 1)
        try await pushed(handler, options: options, attributes: attributes) { store, processor in
            try await store.put("a", "123")
            let deadline = Date.now.addingTimeInterval(120)
            while handled.withLock({ $0.isEmpty }), Date.now < deadline {
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(handled.withLock { $0.map(\.key) } == ["a"])
            #expect(processor.counts.failed == 2)
        }
    }
}
