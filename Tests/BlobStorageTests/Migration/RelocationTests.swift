import BlobStorage
import BlobStorageTestKit
import Testing

/// What happens to a blob while it is copied, moment by moment.
@Suite struct RelocationTests {
    private let old = InMemoryStore()
    private let new = InMemoryStore()

    /// Runs something after the copy is in the new store, and before the second look.
    private func afterPut(_ change: @escaping @Sendable () async throws -> Void) -> InterceptedStore
    {
        var store = InterceptedStore(new)
        store.onPut = { base, key, body, options in
            let attributes = try await base.put(key, body, options: options)
            try await change()
            return attributes
        }
        return store
    }

    private func text(_ key: BlobKey, in store: any BlobStore) async throws -> String? {
        guard try await store.exists(key) else { return nil }
        return String(decoding: try await store.bytes(key, upTo: 99), as: UTF8.self)
    }

    @Test func aBlobThatIsDeletedMeanwhileStaysDeleted() async throws {
        try await old.put("a", "1")
        let report = try await Backfill(
            from: old,
            into: afterPut { [old] in try await old.delete("a") }
        ).run()
        #expect(report.copied.blobCount == 0)
        #expect(report.skipped.blobCount == 1)
        #expect(try await text("a", in: new) == nil)
    }

    @Test func whatSomebodyWroteMeanwhileStays() async throws {
        try await old.put("a", "1")
        let replaced = afterPut { [old, new] in
            try await new.put("a", "theirs")
            try await old.delete("a")
        }
        _ = try await Backfill(from: old, into: replaced).run()
        #expect(try await text("a", in: new) == "theirs")
        var early = InterceptedStore(old)
        early.onGet = { [new] base, key, options in
            let blob = try await base.get(key, range: nil, options: options)
            try await new.put(key, "earlier")
            return blob
        }
        try await old.put("b", "1")
        let report = try await Backfill(from: early, into: new).run()
        #expect(report.copied.blobCount == 0)
        #expect(try await text("b", in: new) == "earlier")
    }

    @Test func aBlobThatIsReplacedInTheOldStoreIsCopiedAgain() async throws {
        try await old.put("a", "1")
        let once = Locked(false)
        let report = try await Backfill(
            from: old,
            into: afterPut { [old] in
                let isFirst = once.withLock { done in
                    defer { done = true }
                    return !done
                }
                if isFirst { try await old.put("a", "2") }
            }
        ).run()
        #expect(report.copied.blobCount == 1)
        #expect(try await text("a", in: new) == "2")
        try await old.put("b", "1")
        let restless = afterPut { [old] in try await old.put("b", "again") }
        let failed = try await Backfill(from: old, into: restless).run()
        #expect((failed.failures.first?.error as? BlobError)?.kind == .conflict)
        #expect(try await text("b", in: new) == nil)
    }

    @Test func aSecondLookThatFailsTakesTheCopyBack() async throws {
        try await old.put("a", "1")
        let error = BlobError(.unavailable, operation: "head", message: "down")
        let faulty = FaultyStore(old, .scripted([Fault(.head, .failBefore(error))]))
        let report = try await Backfill(from: faulty, into: new).run()
        #expect((report.failures.first?.error as? BlobError)?.kind == .unavailable)
        #expect(try await text("a", in: new) == nil)
        #expect(try await Backfill(from: faulty, into: new).run().copied.blobCount == 1)
    }

    @Test func aCopyThatCannotBeTakenBackSafelyIsTold() async throws {
        try await old.put("a", "1")
        var store = afterPut { [old] in try await old.delete("a") }
        store.capabilities.features.remove(.deleteIfMatches)
        let report = try await Backfill(from: old, into: store).run()
        #expect((report.failures.first?.error as? BlobError)?.kind == .conflict)
        #expect(try await text("a", in: new) == "1")
    }

    @Test func aRunThatIsCancelledAfterACopyStillLooks() async throws {
        try await old.put("a", "1")
        let store = afterPut { [old] in
            try await old.delete("a")
            withUnsafeCurrentTask { $0?.cancel() }
        }
        let task = Task { try await Backfill(from: old, into: store).run() }
        _ = await task.result
        #expect(try await text("a", in: new) == nil)
    }

    /// A delete ends the copy that runs, so that it need not wait for all of a large blob.
    @Test func aDeleteEndsTheCopyAndWaitsForIt() async throws {
        try await old.put("a", "1")
        let (begun, proceed) = (Gate(), Gate())
        // As many chunks of a byte: to read them all would take minutes.
        let byteCount = 10_000_000
        var slow = InterceptedStore(old)
        slow.onGet = { base, key, options in
            let blob = try await base.get(key, range: nil, options: options)
            let chunks = MadeChunks { number in
                if number == 1 {
                    begun.open()
                    await proceed.wait()
                }
                await Task.yield()
                return number < byteCount ? [1] : nil
            }
            var attributes = blob.attributes
            attributes.byteCount = Int64(byteCount)
            return Blob(
                attributes: attributes,
                range: 0..<Int64(byteCount),
                body: BlobBody(chunks, byteCount: Int64(byteCount))
            )
        }
        let finished = Locked(0)
        var counted = InterceptedStore(new)
        counted.onPut = { base, key, body, options in
            defer { finished.withLock { $0 += 1 } }
            return try await base.put(key, body, options: options)
        }
        let store = slow.migrating(to: counted)
        let run = Task { try await store.backfill().run() }
        await begun.wait()
        let deletion = Task {
            try await store.delete("a")
            return finished.withLock(\.self)
        }
        while try await old.exists("a") { await Task.yield() }
        proceed.open()
        // The put had ended when the delete returned.
        #expect(try await deletion.value == 1)
        #expect(try await text("a", in: new) == nil)
        let report = try await run.value
        #expect(report.failures.isEmpty)
        #expect(report.copied.blobCount == 0)
        #expect(report.transferredByteCount < Int64(byteCount))
    }
}
