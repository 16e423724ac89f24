import BlobStorage
import BlobStorageTestKit
import Testing

/// Writes to both stores: the old one stays complete.
@Suite struct MirrorTests {
    private let old = InMemoryStore()
    private let new = InMemoryStore()
    private let failures = Locked<[String]>([])

    private func store(
        _ old: any BlobStore,
        _ new: any BlobStore
    ) -> MigratingStore<AnyStore, AnyStore> {
        let failures = failures
        return MigratingStore(
            from: AnyStore(old),
            to: AnyStore(new),
            writes: .both { key, error in
                let kind = (error as? BlobError)?.kind.rawValue ?? "\(error)"
                failures.withLock { $0.append("\(key) \(kind)") }
            }
        )
    }

    private func text(_ key: BlobKey, in store: any BlobStore) async throws -> String? {
        guard try await store.exists(key) else { return nil }
        return String(decoding: try await store.bytes(key, upTo: 99), as: UTF8.self)
    }

    @Test func everyWriteIsInBothStores() async throws {
        let store = old.migrating(to: new, writes: .both { _, error in Issue.record(error) })
        let tags = try BlobTags(["t": "1"])
        let options = PutOptions(
            headers: ContentHeaders(contentType: "text/x"),
            metadata: ["k": "v"],
            checksum: .compute(.sha256),
            tags: tags
        )
        try await store.put("a", "1", options: options)
        let chunks = MadeChunks { $0 < 3 ? [UInt8(ascii: "0") + UInt8($0)] : nil }
        _ = try await store.put("stream", BlobBody(chunks), options: options)
        try await store.copy("a", to: "copy")
        let upload = try await store.createMultipartUpload("parts")
        let part = try await store.uploadPart(1, of: upload, [7])
        try await store.completeMultipartUpload(upload, parts: [part])
        try await store.setTags(BlobTags(["t": "2"]), of: "copy")
        for key in ["a", "stream", "copy", "parts"] as [BlobKey] {
            let (one, other) = (try await old.head(key), try await new.head(key))
            #expect(one.headers == other.headers)
            #expect(one.metadata == other.metadata)
            #expect(try await old.bytes(key, upTo: 9) == (try await new.bytes(key, upTo: 9)))
            #expect(try await old.tags(of: key) == (try await new.tags(of: key)))
        }
        #expect(try await old.head("a").checksum == (try await new.head("a").checksum))
        #expect(try await text("stream", in: old) == "012")
        try await store.delete("a")
        #expect(try await text("a", in: old) == nil)
    }

    @Test func whatBecameOfALostAnswerIsInTheOldStoreToo() async throws {
        let lost = BlobError(.outcomeUnknown, operation: "put", message: "the answer was lost")
        let faults = [
            Fault(.put, .failAfter(lost)), Fault(.put, number: 2, .failBefore(lost)),
            Fault(.copy, .failAfter(lost)), Fault(.completeMultipartUpload, .failAfter(lost)),
        ]
        let store = old.migrating(
            to: FaultyStore(new, .scripted(faults)),
            writes: .both { _, error in Issue.record(error) }
        )
        try await old.put("a", "0")
        for (body, there) in [("1", "1"), ("2", "1")] {
            await #expect(throws: BlobError.self) { try await store.put("a", body) }
            #expect(try await text("a", in: new) == there)
            #expect(try await text("a", in: old) == there)
        }
        await #expect(throws: BlobError.self) { try await store.copy("a", to: "b") }
        #expect(try await text("b", in: old) == "1")
        let upload = try await store.createMultipartUpload("c", options: MultipartOptions())
        let part = try await store.uploadPart(1, of: upload, BlobBody([0x37]), checksum: nil)
        await #expect(throws: BlobError.self) {
            try await store.completeMultipartUpload(upload, parts: [part])
        }
        #expect(try await text("c", in: old) == "7")
    }

    @Test func aWriteThatTheOldStoreFailsAtHasHappened() async throws {
        let error = BlobError(.outOfSpace, operation: "put", message: "full")
        let faulty = FaultyStore(old, .scripted([Fault(.put, .failBefore(error))]))
        let store = store(faulty, new)
        try await store.put("a", "1", options: PutOptions(condition: .ifAbsent))
        #expect(failures.withLock(\.self) == ["a outOfSpace"])
        #expect(try await text("a", in: store) == "1")
        #expect(try await text("a", in: old) == nil)
        try await store.put("a", "2")
        #expect(try await text("a", in: old) == "2")
        #expect(failures.withLock(\.count) == 1)
    }

    @Test func aWriteThatTheNewStoreRefusesIsInNeither() async throws {
        let error = BlobError(.throttled, operation: "put", message: "slow down")
        let faulty = FaultyStore(new, .scripted([Fault(.put, .failBefore(error))]))
        await #expect(throws: BlobError.self) { try await store(old, faulty).put("a", "1") }
        #expect(try await text("a", in: old) == nil)
        #expect(failures.withLock(\.isEmpty))
    }

    /// Another writer was faster with the old store, and slower with the new one.
    @Test func aMirrorThatIsOvertakenIsBroughtUpToDate() async throws {
        var overtaken = InterceptedStore(old)
        overtaken.onPut = { [new] base, key, body, options in
            let attributes = try await base.put(key, body, options: options)
            if body.byteCount == 1 { try await new.put(key, "other") }
            return attributes
        }
        try await store(overtaken, new).put("a", "1")
        #expect(try await text("a", in: new) == "other")
        #expect(try await text("a", in: old) == "other")
        overtaken.onPut = { [new] base, key, body, options in
            let attributes = try await base.put(key, body, options: options)
            try await new.delete(key)
            return attributes
        }
        try await store(overtaken, new).put("a", "1")
        #expect(try await text("a", in: old) == nil)
        #expect(failures.withLock(\.isEmpty))
    }

    @Test func aBlobThatNeverRestsIsTold() async throws {
        var restless = InterceptedStore(old)
        restless.onPut = { [new] base, key, body, options in
            let attributes = try await base.put(key, body, options: options)
            try await new.put(key, "again")
            return attributes
        }
        try await store(restless, new).put("a", "1")
        #expect(failures.withLock(\.self) == ["a conflict"])
    }

    @Test func manyWritersLeaveBothStoresTheSame() async throws {
        let (slowOld, slowNew) = (YieldingStore(old), YieldingStore(new))
        let store = store(slowOld, slowNew)
        let keys: [BlobKey] = ["a", "b", "c"]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    var random = SplitMix64(UInt64(writer))
                    for number in 0..<50 {
                        let key = keys[Int.random(in: 0..<3, using: &random)]
                        if Int.random(in: 0..<5, using: &random) == 0 {
                            try await store.delete(key)
                        } else {
                            try await store.put(key, "\(writer).\(number)")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        // A conflict would be told, and would be none of the mirror's promises.
        #expect(failures.withLock(\.isEmpty))
        for key in keys where try await new.exists(key) {
            #expect(try await text(key, in: old) == (try await text(key, in: new)))
        }
    }
}
