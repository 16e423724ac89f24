import BlobStorage
import BlobStorageS3
import BlobStorageTransportTestSupport
import Testing

/// Who is cancelled ends at once and leaves nothing behind.
///
/// Time stands still unless a test moves it, so what ends here has waited for nothing.
@Suite(.timeLimit(.minutes(10))) struct CancellationTests {
    private static let large = [UInt8](repeating: 3, count: 9_000)

    private func fixture(
        maximumCopyByteCount: Int = 5 << 30,
        readsInParallel: Bool = false,
        stalling operations: Set<String>
    ) throws -> FaultFixture {
        try FaultFixture(
            time: VirtualTime(isAutomatic: false),
            maximumCopyByteCount: maximumCopyByteCount,
            { configuration in
                configuration.readsInParallel = readsInParallel
                configuration.vendor?.multipartLimits.maximumPartByteCount = 2_000
            },
            faults: { operations.contains($0.request.operation) ? .stall(.nothing) : nil }
        )
    }

    /// Cancels a call once so many requests stall; those of a read in parallel end after it.
    private func cancel(
        _ fixture: FaultFixture,
        stalled: Int = 1,
        isParallel: Bool = false,
        _ call: @escaping @Sendable (S3Store) async throws -> Void
    ) async {
        let store = fixture.store
        let task = Task { try await call(store) }
        await fixture.time.waitForSleepers(stalled)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(fixture.time.uptime == .zero)
        for _ in 0..<6_000 where isParallel {
            if fixture.transport.activeCount == 0, fixture.time.sleeperCount == 0 { break }
            try? await Task.sleep(for: .milliseconds(10))
        }
        #expect(fixture.transport.activeCount == 0)
        #expect(fixture.time.sleeperCount == 0)
    }

    @Test func aPutEnds() async throws {
        let fixture = try fixture(stalling: ["PutObject"])
        await cancel(fixture) { try await $0.put("a", "text") }
        #expect(fixture.server.text("a") == nil)
        #expect(fixture.transport.events.count == 1)
    }

    @Test func aPutInPartsEndsAndAbortsItsUpload() async throws {
        let fixture = try fixture(stalling: ["UploadPart"])
        await cancel(fixture, stalled: 3) { try await $0.put("a", Self.large) }
        #expect(fixture.server.uploadCount == 0)
        #expect(fixture.transport.events.last?.operation == "AbortMultipartUpload")
    }

    @Test func aPutInPartsEndsWhileItIsCompleted() async throws {
        let fixture = try fixture(stalling: ["CompleteMultipartUpload"])
        await cancel(fixture) { try await $0.put("a", Self.large) }
        #expect(fixture.server.uploadCount == 0)
        #expect(fixture.server.text("a") == nil)
    }

    @Test func aPutWaitsForItsBodyNoLonger() async throws {
        let fixture = try fixture(stalling: [])
        let time = fixture.time
        await cancel(fixture) { store in
            let body = BlobBody(StuckBody(chunk: Self.large, time: time), byteCount: nil)
            _ = try await store.put("a", body, options: PutOptions())
        }
        #expect(fixture.server.uploadCount == 0)
    }

    @Test func aPutEndsThoughItsUploadCannotBeAborted() async throws {
        let fixture = try fixture(stalling: ["UploadPart", "AbortMultipartUpload"])
        let store = fixture.store
        let task = Task { try await store.put("a", Self.large) }
        await fixture.time.waitForSleepers(3)
        task.cancel()
        // The abort, and the patience with it.
        await fixture.time.waitForSleepers(2)
        fixture.time.advance(by: .milliseconds(100))
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(fixture.transport.activeCount == 1)
        // It goes on, and is tried again.
        fixture.time.advance(by: .seconds(30))
        let transport = fixture.transport
        while transport.events.count(where: { $0.operation == "AbortMultipartUpload" }) < 2 {
            fixture.time.advance(by: .seconds(1))
            await Task.yield()
        }
    }

    @Test("ends a read", arguments: [false, true])
    func aGetEnds(inParallel: Bool) async throws {
        let fixture = try fixture(readsInParallel: inParallel, stalling: ["GetObject"])
        fixture.server.put("a", Self.large)
        await cancel(fixture, stalled: inParallel ? 3 : 1, isParallel: inParallel) { store in
            _ = try await store.get("a").body.collect(upTo: 1 << 20)
        }
    }

    @Test("ends a read between its chunks", arguments: [false, true])
    func aGetEndsInItsBody(inParallel: Bool) async throws {
        let fixture = try fixture(readsInParallel: inParallel, stalling: [])
        fixture.server.put("a", Self.large)
        let store = fixture.store
        let task = Task {
            let body = try await store.get("a").body
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await body.collect(upTo: 1 << 20)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        for _ in 0..<6_000 where inParallel && fixture.transport.activeCount > 0 {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(fixture.transport.activeCount == 0)
    }

    @Test func aCopyEnds() async throws {
        let fixture = try fixture(stalling: ["CopyObject"])
        fixture.server.put("a", "text")
        await cancel(fixture) { _ = try await $0.copy("a", to: "b") }
        #expect(fixture.server.text("b") == nil)
    }

    @Test func aCopyInPartsEndsAndAbortsItsUpload() async throws {
        let fixture = try fixture(maximumCopyByteCount: 4_000, stalling: ["UploadPartCopy"])
        fixture.server.put("a", Self.large)
        await cancel(fixture, stalled: 3) { _ = try await $0.copy("a", to: "b") }
        #expect(fixture.server.uploadCount == 0)
    }

    @Test func waitingForARetryEnds() async throws {
        let busy = Fault.status(503, "SlowDown", retryAfter: 20, .nothing)
        let fixture = try FaultFixture(
            time: VirtualTime(isAutomatic: false),
            { _ in },
            faults: { _ in busy }
        )
        await cancel(fixture) { _ = try await $0.head("a") }
        #expect(fixture.transport.events.count == 1)
    }
}

/// A chunk, and then none for a very long time.
private struct StuckBody: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let chunk: [UInt8]
    let time: VirtualTime

    func makeAsyncIterator() -> Iterator { Iterator(body: self) }

    struct Iterator: AsyncIteratorProtocol {
        let body: StuckBody
        var isFirst = true

        mutating func next() async throws -> [UInt8]? {
            guard isFirst else {
                try await body.time.sleep(.seconds(86_400))
                return nil
            }
            isFirst = false
            return body.chunk
        }
    }
}
