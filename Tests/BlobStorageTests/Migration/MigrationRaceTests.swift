import BlobStorage
import BlobStorageTestKit
import Testing

/// An application that reads, writes and deletes while its blobs are moved.
@Suite struct MigrationRaceTests {
    private static let keyCount = 600

    private let old = InMemoryStore()
    private let new = InMemoryStore()

    private static func key(_ number: Int) throws -> BlobKey { try BlobKey("\(10_000 + number)") }

    /// Each blob has one writer, who knows what must be there; the order is about the backfill's.
    private func change(
        _ store: MigratingStore<YieldingStore, YieldingStore>,
        _ seed: UInt64
    ) async throws -> [BlobKey: String] {
        try await withThrowingTaskGroup(of: [BlobKey: String].self) { group in
            for worker in 0..<8 {
                group.addTask {
                    var random = SplitMix64(seed &+ UInt64(worker))
                    var expected: [BlobKey: String] = [:]
                    for number in stride(from: worker, to: Self.keyCount, by: 8) {
                        let key = try Self.key(number)
                        expected[key] = "old"
                        for step in 0..<Int.random(in: 0..<3, using: &random) {
                            let text = "\(worker).\(number).\(step)"
                            switch Int.random(in: 0..<4, using: &random) {
                            case 0, 1:
                                try await store.delete(key)
                                expected[key] = nil
                            case 2:
                                try await store.put(key, text)
                                expected[key] = text
                            default:
                                // As a client does it: read, and write if nothing has changed; a blob
                                // that is moved in between has another etag.
                                try await update(store, key, text, &expected)
                            }
                            let found = try await self.text(key, in: store)
                            #expect(found == expected[key], "seed \(seed), \(key)")
                        }
                    }
                    return expected
                }
            }
            var all: [BlobKey: String] = [:]
            for try await part in group { all.merge(part) { $1 } }
            return all
        }
    }

    private func update(
        _ store: MigratingStore<YieldingStore, YieldingStore>,
        _ key: BlobKey,
        _ text: String,
        _ expected: inout [BlobKey: String]
    ) async throws {
        for _ in 0..<10 {
            do {
                let condition: WriteCondition =
                    expected[key] == nil ? .ifAbsent : .ifMatches(try await store.head(key).etag)
                try await store.put(key, text, options: PutOptions(condition: condition))
                expected[key] = text
                return
            } catch let error as BlobError where error.kind == .preconditionFailed { continue }
        }
        Issue.record("\(key) never kept its etag")
    }

    private func text(_ key: BlobKey, in store: any BlobStore) async throws -> String? {
        do {
            return String(decoding: try await store.bytes(key, upTo: 99), as: UTF8.self)
        } catch let error as BlobError where error.kind == .notFound {
            return nil
        }
    }

    private func check(_ expected: [BlobKey: String], _ seed: UInt64) async throws {
        for number in 0..<Self.keyCount {
            let key = try Self.key(number)
            #expect(try await text(key, in: new) == expected[key], "seed \(seed), \(key)")
        }
    }

    @Test("loses nothing, and brings nothing back", arguments: 0..<6 as Range<UInt64>)
    func oneProcess(_ seed: UInt64) async throws {
        for number in 0..<Self.keyCount { try await old.put(Self.key(number), "old") }
        let writes: MigrationWrites =
            seed.isMultiple(of: 2) ? .new : .both { _, error in Issue.record(error) }
        var target = YieldingStore(new)
        // As with many vendors: then it is for the deletes alone to leave nothing behind.
        if seed.isMultiple(of: 3) { target.capabilities.features.remove(.deleteIfMatches) }
        let store = YieldingStore(old).migrating(to: target, writes: writes)
        async let report = store.backfill(options: BackfillOptions(concurrency: 8)).run()
        let expected = try await change(store, seed)
        #expect(try await report.failures.isEmpty)
        try await store.backfill().run()
        try await check(expected, seed)
        guard !seed.isMultiple(of: 2) else { return }
        for (key, text) in expected { #expect(try await self.text(key, in: old) == text) }
    }

    /// A backfill that the store knows nothing of, as one of another process.
    @Test("the same with a backfill of another process", arguments: 100..<106 as Range<UInt64>)
    func anotherProcess(_ seed: UInt64) async throws {
        for number in 0..<Self.keyCount { try await old.put(Self.key(number), "old") }
        let store = YieldingStore(old).migrating(to: YieldingStore(new))
        let backfill = Backfill(from: store.old, into: store.new)
        async let report = backfill.run()
        let expected = try await changeUnwatched(store, seed)
        #expect(try await report.failures.isEmpty)
        try await backfill.run()
        try await check(expected, seed)
    }

    /// A deleted blob may be there again for a moment, so nobody looks before the end.
    private func changeUnwatched(
        _ store: MigratingStore<YieldingStore, YieldingStore>,
        _ seed: UInt64
    ) async throws -> [BlobKey: String] {
        try await withThrowingTaskGroup(of: [BlobKey: String].self) { group in
            for worker in 0..<8 {
                group.addTask {
                    var random = SplitMix64(seed &+ UInt64(worker))
                    var expected: [BlobKey: String] = [:]
                    for number in stride(from: worker, to: Self.keyCount, by: 8) {
                        let key = try Self.key(number)
                        expected[key] = "old"
                        for step in 0..<Int.random(in: 0..<3, using: &random) {
                            if Bool.random(using: &random) {
                                try await store.delete(key)
                                expected[key] = nil
                            } else {
                                expected[key] = "\(worker).\(number).\(step)"
                                try await store.put(key, expected[key] ?? "")
                            }
                        }
                    }
                    return expected
                }
            }
            var all: [BlobKey: String] = [:]
            for try await part in group { all.merge(part) { $1 } }
            return all
        }
    }
}
