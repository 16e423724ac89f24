import BlobStorage
import Foundation
import Testing

@Suite struct BlobSyncTests {
    let source = InMemoryStore(now: { Date(timeIntervalSince1970: 1_000) })
    let destination = InMemoryStore(now: { Date(timeIntervalSince1970: 2_000) })

    func fill(_ store: InMemoryStore, _ count: Int) async throws {
        for number in 0..<count {
            try await store.put(BlobKey("many/\(number)"), String(number))
        }
        for key in nastyKeys { try await store.put(key, key.text) }
    }

    func expectSame(_ a: any BlobStore, _ b: any BlobStore) async throws {
        let keys = try await a.list().keys()
        #expect(try await b.list().keys() == keys)
        for key in keys {
            let (first, second) = (try await a.get(key), try await b.get(key))
            #expect(first.attributes.headers == second.attributes.headers)
            #expect(first.attributes.metadata == second.attributes.metadata)
            let bytes = try await first.body.collect(upTo: 1_000_000)
            #expect(try await second.body.collect(upTo: 1_000_000) == bytes)
        }
    }

    @Test func makesTheDestinationTheSameAndThenHasNothingToDo() async throws {
        try await fill(source, 5_000)
        let count = 5_000 + nastyKeys.count
        let report = try await source.sync(into: destination)
        #expect(report.copied.blobCount == count)
        #expect(report.done == report.total)
        #expect(report.copied == report.total)
        #expect(report.transferredByteCount == report.copied.byteCount)
        #expect(report.isFinished && report.isTotalKnown)
        #expect(report.failures.isEmpty)
        #expect(report.timeLeft == .zero)
        try await expectSame(source, destination)

        let version = try await destination.head("a").etag
        for skips in [SyncOptions.Skip.sizeAndTime, .checksum] {
            let again = try await source.sync(into: destination, options: .init(skips: skips))
            #expect(again.copied.blobCount == 0)
            #expect(again.skipped == report.total)
            #expect(again.done == again.total)
            #expect(again.transferredByteCount == 0)
        }
        #expect(try await destination.head("a").etag == version)
        let all = try await source.sync(into: destination, options: .init(skips: .nothing))
        #expect(all.copied == report.total)
    }

    @Test func copiesWhatHasAnotherSizeOrIsNewer() async throws {
        try await source.put("size", "12")
        try await source.put("time", "1")
        try await source.put("same", "1")
        for key in ["size", "time", "same"] as [BlobKey] { try await destination.put(key, "x") }
        let newer = InMemoryStore(now: { Date(timeIntervalSince1970: 3_000) })
        try await newer.put("time", "1")
        #expect(try await source.sync(into: destination).copied.blobCount == 1)
        #expect(try await newer.sync(into: destination).copied.blobCount == 1)
        #expect(try await destination.bytes("same", upTo: 9) == Array("x".utf8))
        #expect(try await destination.bytes("time", upTo: 9) == Array("1".utf8))
    }

    @Test func comparesByChecksumWhereToldTo() async throws {
        let sha = PutOptions(checksum: .compute(.sha256))
        let crc = PutOptions(checksum: .compute(.crc32C))
        let tagged = PutOptions(metadata: ["a": "1"], checksum: .compute(.sha256))
        for (key, text, old, new) in [
            ("equal", "12", sha, sha), ("other algorithm", "12", crc, sha),
            ("none at the source", "12", PutOptions(), sha), ("other bytes", "34", sha, sha),
            ("other bytes, none at the source", "34", PutOptions(), sha),
            ("none at the destination", "12", sha, PutOptions()),
            ("other metadata", "12", tagged, sha),
        ] as [(BlobKey, String, PutOptions, PutOptions)] {
            try await source.put(key, "12", options: old)
            try await destination.put(key, text, options: new)
        }
        let copied = Locked<[BlobKey]>([])
        let options = SyncOptions(skips: .checksum, concurrency: 1)
        let sync = BlobSync(from: source, into: destination, options: options) { action in
            if case .copy(let blob) = action { copied.withLock { $0.append(blob.key) } }
        }
        let report = try await sync.run()
        #expect(
            copied.withLock { $0 } == [
                "none at the destination", "other bytes", "other bytes, none at the source",
                "other metadata",
            ]
        )
        #expect(report.skipped.blobCount == 3)
        #expect(try await sync.run().copied.blobCount == 0)
    }

    @Test func deletesWhatTheSourceLacksOnlyUnderThePrefix() async throws {
        try await fill(source, 10)
        try await fill(destination, 2_500)
        try await destination.put("in/extra", "1")
        try await source.put("only here", "1")
        let part = destination.prefixed("in/")
        let report = try await source.sync(into: part, options: .init(deletes: true))
        #expect(report.deleted.blobCount == 1)
        try await expectSame(source, part)
        #expect(try await destination.exists("many/2499"))

        let kept = try await source.sync(into: destination)
        #expect(kept.deleted.blobCount == 0)
        #expect(try await destination.exists("many/2499"))
        let extra = try await destination.list().keys().count
        let all = try await source.sync(into: destination, options: .init(deletes: true))
        #expect(all.deleted.blobCount == extra - (11 + nastyKeys.count))
        try await expectSame(source, destination)
    }

    @Test func emptySourceDeletesEverything() async throws {
        try await fill(destination, 1_000)
        let options = SyncOptions(deletes: true)
        let report = try await source.sync(into: destination, options: options)
        #expect(report.deleted.blobCount == 1_000 + nastyKeys.count)
        #expect(report.total.blobCount == 0)
        #expect(try await destination.list().keys().isEmpty)
    }

    @Test func dryRunChangesNothingAndTellsWhatWould() async throws {
        try await fill(source, 20)
        try await destination.put("zzz", "old")
        try await destination.put("many/3", "33")
        let actions = Locked<[SyncAction]>([])
        let options = SyncOptions(deletes: true, isDryRun: true, concurrency: 1)
        let readOnly = destination.readOnly()
        let sync = BlobSync(from: source, into: readOnly, options: options) { action in
            actions.withLock { $0.append(action) }
        }
        let report = try await sync.run()
        #expect(report.copied.blobCount == 20 + nastyKeys.count)
        #expect(report.deleted.blobCount == 1)
        #expect(report.transferredByteCount == 0)
        #expect(report.done == report.total)
        #expect(actions.withLock { $0.count } == 21 + nastyKeys.count)
        #expect(try await destination.list().keys() == ["many/3", "zzz"])
        #expect(try await destination.bytes("many/3", upTo: 9) == Array("33".utf8))
    }

    @Test func failuresAreCollectedAndTheRunGoesOn() async throws {
        try await fill(source, 300)
        var broken = InterceptedStore(source)
        broken.onGet = { base, key, options in
            guard !key.text.hasPrefix("many/1") else {
                throw BlobError(.unavailable, operation: "get", key: key, message: "broken")
            }
            return try await base.get(key, range: nil, options: options)
        }
        let report = try await broken.sync(into: destination)
        #expect(report.failed.blobCount == 111)
        #expect(report.failures.count == SyncReport.failureLimit)
        #expect(report.failures.allSatisfy { ($0.error as? BlobError)?.kind == .unavailable })
        #expect(report.copied.blobCount == 189 + nastyKeys.count)
        #expect(report.done == report.total)
        // The next run does the rest.
        #expect(try await source.sync(into: destination).copied.blobCount == 111)
        try await expectSame(source, destination)
    }

    @Test func firstFailureEndsTheRunWhereToldTo() async throws {
        try await fill(source, 300)
        let broken = source.replacingBodies(with: [[0]])
        let options = SyncOptions(stopsAtFirstFailure: true)
        await #expect(throws: BlobError.self) {
            try await broken.sync(into: destination, options: options)
        }
        #expect(try await destination.list().keys().allSatisfy { key in key.text.utf8.count == 1 })
    }

    @Test(
        "a failure that every blob would have ends the run",
        arguments: [
            .storeNotFound, .unauthenticated, .outOfSpace,
        ] as [BlobError.Kind]
    )
    func failureOfTheStore(_ kind: BlobError.Kind) async throws {
        try await fill(source, 300)
        let putCount = Locked(0)
        var broken = InterceptedStore(destination)
        broken.onPut = { _, key, _, _ in
            putCount.withLock { $0 += 1 }
            throw BlobError(kind, operation: "put", key: key, message: "broken")
        }
        let other = broken
        let error = await #expect(throws: BlobError.self) { try await source.sync(into: other) }
        #expect(error?.kind == kind)
        #expect(putCount.withLock { $0 } <= 16)
    }

    @Test func failedDeleteIsAFailure() async throws {
        try await destination.put("a", "1")
        var broken = InterceptedStore(destination)
        broken.onDelete = { _, keys in
            keys.map { key in
                let error = BlobError(.conflict, operation: "delete", key: key, message: "busy")
                return DeleteFailure(key: key, error: error)
            }
        }
        let report = try await source.sync(into: broken, options: .init(deletes: true))
        #expect(report.deleted.blobCount == 0)
        #expect(report.failures.map(\.key) == ["a"])
    }

    @Test("tells what was deleted where others were not", arguments: [false, true])
    func deletions(_ stops: Bool) async throws {
        for key in ["a", "b", "c"] as [BlobKey] { try await destination.put(key, "1") }
        var broken = InterceptedStore(destination)
        broken.onDelete = { base, keys in
            let error = BlobError(.conflict, operation: "delete", key: "a", message: "busy")
            let failure = DeleteFailure(key: "a", error: error)
            return try await base.delete(keys.filter { $0 != "a" }) + [failure]
        }
        let deleted = Locked<[BlobKey]>([])
        var options = SyncOptions(deletes: true, isDryRun: true, stopsAtFirstFailure: stops)
        let note: @Sendable (ListedBlob) -> Void = { blob in
            deleted.withLock { $0.append(blob.key) }
        }
        let dry = BlobSync(from: source, into: broken, options: options, onDeletion: note)
        #expect(try await dry.run().deleted.blobCount == 3)
        #expect(deleted.withLock { $0 } == [])
        options.isDryRun = false
        let sync = BlobSync(from: source, into: broken, options: options, onDeletion: note)
        if stops {
            await #expect(throws: BlobError.self) { try await sync.run() }
        } else {
            #expect(try await sync.run().deleted.blobCount == 2)
        }
        #expect(deleted.withLock { $0 } == ["b", "c"])
    }

    @Test func aTallyStaysWithinItsBounds() {
        var tally = SyncReport.Tally()
        for _ in 0..<2 { tally.add(5 << 60) }
        #expect(tally == SyncReport.Tally(blobCount: 2, byteCount: .max))
    }

    @Test func corruptedSourceIsFoundAndNotKept() async throws {
        let options = PutOptions(checksum: .compute(.crc64NVME))
        for key in ["a", "b"] as [BlobKey] { try await source.put(key, "good", options: options) }
        var broken = InterceptedStore(source)
        let evil = source.replacingBodies(with: [Array("evil".utf8)])
        broken.onGet = { base, key, options in
            try await (key == "a" ? evil : base).get(key, range: nil, options: options)
        }
        let report = try await broken.sync(into: destination)
        #expect(report.failures.map(\.key) == ["a"])
        #expect((report.failures.first?.error as? BlobError)?.kind == .integrityFailure)
        #expect(try await destination.list().keys() == ["b"])
    }

    @Test func listingOutOfOrderIsRefusedBeforeItDoesHarm() async throws {
        try await fill(source, 5)
        try await fill(destination, 5)
        var broken = InterceptedStore(source)
        broken.onList = { base, options in
            var page = try await base.list(options)
            page.blobs.reverse()
            return page
        }
        let other = broken
        let error = await #expect(throws: BlobError.self) {
            try await other.sync(into: destination, options: .init(deletes: true))
        }
        #expect(error?.kind == .corrupted)
        #expect(try await destination.list().keys() == source.list().keys())
    }

    @Test func overlappingPartsOfOneStoreAreRefused() async throws {
        try await source.put("a/x", "1")
        let parts: [(any BlobStore, any BlobStore)] = [
            (source, source), (source, source.prefixed("b/")), (source.prefixed("a/"), source),
            (source.prefixed("a/"), source.prefixed("a/").prefixed("b/")),
        ]
        for (from, into) in parts {
            let error = await #expect(throws: BlobError.self) { try await from.sync(into: into) }
            #expect(error?.kind == .invalidArgument)
        }
        let report = try await source.prefixed("a/").sync(into: source.prefixed("b/"))
        #expect(report.copied.blobCount == 1)
        #expect(try await source.exists("b/x"))
    }

    @Test func readOnlyDestinationAndNoConcurrencyAreRefused() async throws {
        let denied = await #expect(throws: BlobError.self) {
            try await source.sync(into: destination.readOnly())
        }
        #expect(denied?.kind == .permissionDenied)
        let invalid = await #expect(throws: BlobError.self) {
            try await source.sync(into: destination, options: .init(concurrency: 0))
        }
        #expect(invalid?.kind == .invalidArgument)
    }
}
