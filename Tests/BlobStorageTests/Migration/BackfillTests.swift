import BlobStorage
import BlobStorageTestKit
import Testing

@Suite struct BackfillTests {
    private let old = InMemoryStore()
    private let new = InMemoryStore()

    private func fill(_ count: Int, _ store: any BlobStore) async throws {
        for number in 0..<count { try await store.put(BlobKey("\(1_000 + number)"), "old") }
    }

    private static let down = BlobError(.unavailable, operation: "put", message: "down")

    @Test func copiesWhatIsMissingWithAllThatBelongsToIt() async throws {
        let options = PutOptions(
            headers: ContentHeaders(contentType: "text/x", cacheControl: "no-store"),
            metadata: ["k": "é"],
            checksum: .compute(.sha256),
            tags: try BlobTags(["t": "1"])
        )
        for key in nastyKeys { try await old.put(key, "old", options: options) }
        try await new.put("a/b", "newer")
        let report = try await old.migrating(to: new).backfill().run()
        #expect(report.copied.blobCount == nastyKeys.count - 1)
        #expect(report.skipped.blobCount == 1)
        #expect(report.failures.isEmpty)
        #expect(report.isFinished)
        for key in nastyKeys where key != "a/b" {
            let (original, copy) = (try await old.head(key), try await new.head(key))
            #expect(copy.headers == original.headers)
            #expect(copy.metadata == original.metadata)
            #expect(copy.checksum == original.checksum)
            #expect(try await new.tags(of: key) == options.tags)
            #expect(try await new.bytes(key, upTo: 9) == Array("old".utf8))
        }
        #expect(try await new.bytes("a/b", upTo: 9) == Array("newer".utf8))
        let again = try await old.migrating(to: new).backfill().run()
        #expect(again.copied.blobCount == 0)
        #expect(again.skipped.blobCount == nastyKeys.count)
        #expect(again.marker == nastyKeys.max()?.text)
    }

    @Test func tagsAreLeftOutWhereAStoreHasNone() async throws {
        try await old.put("a", "1", options: PutOptions(tags: BlobTags(["t": "1"])))
        var plain = InterceptedStore(new)
        plain.capabilities.features.remove(.tags)
        #expect(try await Backfill(from: old, into: plain).run().copied.blobCount == 1)
    }

    @Test func aDryRunWritesNothing() async throws {
        try await fill(3, old)
        let options = BackfillOptions(isDryRun: true)
        let report = try await Backfill(from: old, into: new, options: options).run()
        #expect(report.copied.blobCount == 3)
        #expect(report.marker == nil)
        #expect(try await new.list(ListOptions()).blobs.isEmpty)
    }

    @Test func aStoreThatCannotBeFilledSafelyIsRefused() async throws {
        var unsafe = InterceptedStore(new)
        unsafe.capabilities.features.remove(.putIfAbsent)
        let error = await #expect(throws: BlobError.self) {
            try await Backfill(from: old, into: unsafe).run()
        }
        #expect(error?.kind == .unsupported)
        let overlap = await #expect(throws: BlobError.self) {
            try await Backfill(from: old, into: old.prefixed("p/")).run()
        }
        #expect(overlap?.kind == .invalidArgument)
    }

    @Test func aStoreThatFailsHalfWayIsFilledByTheNextRun() async throws {
        try await fill(40, old)
        let faults = [Fault(.put, number: 11, .failBefore(Self.down))]
        let faulty = FaultyStore(new, .scripted(faults))
        let options = BackfillOptions(concurrency: 1)
        let first = try await Backfill(from: old, into: faulty, options: options).run()
        #expect(first.copied.blobCount == 39)
        #expect(first.failures.map(\.key) == ["1010"])
        #expect(first.marker == "1009")
        let rest = BackfillOptions(startAfter: first.marker)
        let second = try await Backfill(from: old, into: faulty, options: rest).run()
        #expect(second.copied.blobCount == 1)
        #expect(second.skipped.blobCount == 29)
        #expect(second.marker == "1039")
        #expect(try await new.list(ListOptions()).blobs.count == 40)
    }

    @Test func theFirstFailureCanEndTheRun() async throws {
        try await fill(40, old)
        let faulty = FaultyStore(new, .scripted([Fault(.put, number: 11, .failBefore(Self.down))]))
        let options = BackfillOptions(stopsAtFirstFailure: true, concurrency: 1)
        var last: SyncReport?
        let error = await #expect(throws: BlobError.self) {
            for try await report in Backfill(from: old, into: faulty, options: options) {
                last = report
            }
        }
        #expect(error?.kind == .unavailable)
        #expect(last?.isFinished != true)
        #expect(faulty.count(of: .put) == 11)
    }

    /// Whatever goes wrong, in the end all is there, and nothing is there that is wrong.
    @Test("fills a store through random faults", arguments: 0..<10 as Range<UInt64>)
    func randomFaults(_ seed: UInt64) async throws {
        try await fill(60, old)
        let from = FaultyStore(old, .seeded(seed, probability: 0.1))
        let into = FaultyStore(new, .seeded(seed + 1_000, probability: 0.2))
        var marker: String?
        var copied = 0
        for _ in 0..<100 {
            let options = BackfillOptions(startAfter: marker)
            guard
                let report = try? await Backfill(from: from, into: into, options: options).run()
            else { continue }
            copied += report.copied.blobCount
            marker = report.marker
            if report.failed.blobCount == 0 { break }
        }
        #expect(marker == "1059", "seed \(seed)")
        let blobs = try await new.list(ListOptions()).blobs
        #expect(blobs.map(\.key) == (try await old.list(ListOptions()).blobs.map(\.key)))
        for blob in blobs {
            #expect(try await new.bytes(blob.key, upTo: 9) == Array("old".utf8))
        }
        // Copies whose answer was lost were there in the next run.
        #expect(copied <= 60)
    }

    @Test func bytesThatWereSpoiltAreNotKept() async throws {
        try await old.put("a", "good", options: PutOptions(checksum: .compute(.crc32C)))
        var spoiling = InterceptedStore(new)
        spoiling.onPut = { base, key, body, options in
            _ = try await body.collect(upTo: 99)
            var options = options
            options.checksum = nil
            return try await base.put(key, BlobBody(Array("evil".utf8)), options: options)
        }
        // A store that keeps no checksum is read again.
        spoiling.capabilities.checksums = []
        let report = try await Backfill(from: old, into: spoiling).run()
        #expect((report.failures.first?.error as? BlobError)?.kind == .integrityFailure)
        #expect(try await !new.exists("a"))
        let rotten = old.replacingBodies(with: [Array("evil".utf8)])
        let other = try await Backfill(from: rotten, into: new).run()
        #expect((other.failures.first?.error as? BlobError)?.kind == .integrityFailure)
        #expect(try await !new.exists("a"))
    }

    @Test func aRunThatIsCancelledEndsAndIsResumed() async throws {
        try await fill(200, old)
        let load = Load()
        var slow = InterceptedStore(new)
        slow.onPut = { base, key, body, options in
            try await load.during {
                // Most take their time, however late the reader of the reports gets its turn.
                if load.total > 40 { try await Task.sleep(for: .seconds(2)) }
                return try await base.put(key, body, options: options)
            }
        }
        let backfill = Backfill(
            from: old,
            into: slow,
            options: BackfillOptions(concurrency: 4, reportInterval: .zero)
        )
        let marker = Locked<String?>(nil)
        let task = Task {
            for try await report in backfill {
                marker.withLock { $0 = report.marker }
                if report.copied.blobCount > 20 { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(load.now == 0)
        #expect(load.most <= 4)
        let there = try await new.list(ListOptions()).blobs
        #expect((20..<200).contains(there.count))
        let startAfter = try #require(marker.withLock { $0 })
        // All up to the marker is there.
        let before = try await old.list(ListOptions()).blobs.filter { $0.key.text <= startAfter }
        #expect(there.prefix(before.count).map(\.key) == before.map(\.key))
        let options = BackfillOptions(startAfter: startAfter)
        let rest = try await Backfill(from: old, into: new, options: options).run()
        #expect(rest.copied.blobCount == 200 - there.count)
        #expect(rest.total.blobCount == 200 - before.count)
        #expect(try await new.list(ListOptions()).blobs.count == 200)
    }

    /// 64 blobs of 4 MiB, of which no more than a chunk each of those that are copied is alive.
    @Test func noBlobIsHeldInMemory() async throws {
        try await fill(64, old)
        let alive = ChunksAlive()
        var streaming = alive.source(old)
        streaming.capabilities.features.remove(.tags)
        var sink = alive.sink(new, originals: old)
        sink.onGet = { _, key, _ in
            throw BlobError(.notFound, operation: "get", key: key, message: "not kept")
        }
        let options = BackfillOptions(concurrency: 4)
        let report = try await Backfill(from: streaming, into: sink, options: options).run()
        #expect(report.failures.isEmpty)
        #expect(report.transferredByteCount == 256 << 20)
        #expect(alive.most <= 4)
    }

    @Test(.timeLimit(.minutes(5))) func aLoopThatIsLeftEndsTheWork() async throws {
        try await fill(200, old)
        let load = Load()
        let begun = Locked(0)
        var slow = InterceptedStore(new)
        slow.onPut = { base, key, body, options in
            try await load.during {
                let number = begun.withLock { count in
                    count += 1
                    return count
                }
                // The others take their time, however late the reader of the reports gets its turn.
                if number > 1 { try await Task.sleep(for: .seconds(2)) }
                return try await base.put(key, body, options: options)
            }
        }
        let options = BackfillOptions(reportInterval: .zero)
        let backfill = Backfill(from: old, into: slow, options: options)
        for try await report in backfill where report.copied.blobCount > 0 { break }
        await load.settle()
        #expect(try await new.list(ListOptions()).blobs.count < 200)
    }
}
