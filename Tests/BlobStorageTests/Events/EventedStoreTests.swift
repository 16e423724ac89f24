import Foundation
import Testing

@testable import BlobStorage

@Suite struct EventedStoreTests {
    let base = InMemoryStore()
    let told = Locked<[BlobEvent]>([])
    static let time = Date(timeIntervalSince1970: 1_750_000_000.123_456)

    private func evented<Base: BlobStore>(
        _ base: Base,
        at time: Date = Self.time
    ) -> EventedStore<Base> {
        let told = told
        let emit: @Sendable (BlobEvent) async -> Void = { event in
            told.withLock { $0.append(event) }
        }
        return EventedStore(base, as: "files", now: { time }, emit: emit)
    }

    /// What was told since this was asked before.
    private func news() -> [BlobEvent] {
        told.withLock { told in
            defer { told = [] }
            return told
        }
    }

    private func lines() -> [String] { news().map { "\($0.kind) \($0.name) \($0.key)" } }

    // MARK: What is told

    @Test func eachChangeEmitsItsEvent() async throws {
        let store = evented(base)
        try await store.prepare()
        let put = try await store.put("a", "123")
        let event = try #require(news().first)
        #expect(event.kind == .created && event.name == "ObjectCreated:Put")
        #expect(event.source == "files" && event.key == "a")
        #expect(event.etag == put.etag && event.byteCount == 3 && event.versionID == nil)
        #expect(event.time == Date(timeIntervalSince1970: 1_750_000_000.123))
        #expect(event.sequencer != nil)

        let copy = try await store.copy("a", to: "b")
        let copied = try #require(news().first)
        #expect(copied.name == "ObjectCreated:Copy" && copied.key == "b")
        #expect(copied.kind == .created && copied.etag == copy.etag && copied.byteCount == 3)

        try await store.setTags(BlobTags(["k": "v"]), of: "a")
        try await store.deleteTags(of: "a")
        #expect(
            lines() == ["tagsChanged ObjectTagging:Put a", "tagsChanged ObjectTagging:Delete a"]
        )
        try await store.delete("a")
        try await store.delete("never there")
        #expect(
            lines() == [
                "deleted ObjectRemoved:Delete a", "deleted ObjectRemoved:Delete never there",
            ]
        )
    }

    @Test func readsEmitNothing() async throws {
        try await base.put("a", "123")
        let store = evented(base)
        _ = try await store.head("a")
        _ = try await store.get("a").body.collect(upTo: 3)
        _ = try await store.list(ListOptions())
        _ = try await store.tags(of: "a")
        _ = try await store.listMultipartUploads(prefix: "", continuationToken: nil, limit: 10)
        #expect(news() == [])
    }

    @Test func anUploadInPartsEmitsOneEventAtItsEnd() async throws {
        let store = evented(base)
        let upload = try await store.createMultipartUpload("a", options: MultipartOptions())
        let part = try await store.uploadPart(1, of: upload, BlobBody([1, 2]), checksum: nil)
        _ = try await store.listParts(of: upload, startAfter: 0, limit: 10)
        let dropped = try await store.createMultipartUpload("b", options: MultipartOptions())
        try await store.abortMultipartUpload(dropped)
        #expect(news() == [])
        let blob = try await store.completeMultipartUpload(
            upload,
            parts: [part],
            condition: .none
        )
        let event = try #require(news().first)
        #expect(event.name == "ObjectCreated:CompleteMultipartUpload" && event.key == "a")
        #expect(event.kind == .created && event.etag == blob.etag && event.byteCount == 2)
    }

    @Test func aCompletionWithAChecksumEmitsItsEvent() async throws {
        let store = evented(base)
        let upload = try await store.createMultipartUpload("a", options: MultipartOptions())
        let part = try await store.uploadPart(1, of: upload, BlobBody([1, 2]), checksum: nil)
        for checksum in [Checksum.of([3], .sha256), .of([1, 2], .sha256)] {
            #expect(news() == [])
            _ = try? await store.completeMultipartUpload(
                upload,
                parts: [part],
                condition: .none,
                expecting: checksum
            )
        }
        #expect(lines() == ["created ObjectCreated:CompleteMultipartUpload a"])
    }

    @Test func whatFailsEmitsNothing() async throws {
        try await base.put("a", "123")
        let store = evented(base)
        let absent = PutOptions(condition: .ifAbsent)
        await #expect(throws: BlobError.self) { try await store.put("a", "4", options: absent) }
        await #expect(throws: BlobError.self) { try await store.copy("b", to: "c") }
        await #expect(throws: BlobError.self) {
            try await store.setTags(BlobTags(["k": "v"]), of: "b")
        }
        await #expect(throws: BlobError.self) {
            try await store.delete("a", options: DeleteOptions(ifMatches: "\"other\""))
        }
        #expect(news() == [])
    }

    @Test func ofManyDeletesThoseThatWereMadeAreTold() async throws {
        var failing = InterceptedStore(base)
        failing.onDelete = { base, keys in
            let failures = try await base.delete(keys.filter { $0 != "b" && $0 != "c" })
            let why = { (key: BlobKey, kind: BlobError.Kind) in
                DeleteFailure(key: key, error: BlobError(kind, operation: "delete", message: "no"))
            }
            // Nobody knows about "c"; it is there still.
            return failures + [why("b", .permissionDenied), why("c", .outcomeUnknown)]
        }
        for key in ["a", "b", "c"] as [BlobKey] { try await base.put(key, "1") }
        _ = try await evented(failing).delete(["a", "b", "c", "a"])
        #expect(
            lines().sorted() == [
                "created ObjectCreated:Put c", "deleted ObjectRemoved:Delete a",
            ]
        )
    }

    @Test func ofManyDeletesThatAreCancelledThoseThatWereMadeAreTold() async throws {
        var cancelled = InterceptedStore(base)
        cancelled.onDelete = { base, keys in
            _ = try await base.delete(keys.filter { $0 != "b" })
            withUnsafeCurrentTask { $0?.cancel() }
            throw CancellationError()
        }
        for key in ["a", "b"] as [BlobKey] { try await base.put(key, "1") }
        let store = evented(cancelled)
        let task = Task { try await store.delete(["a", "b"]) }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(lines() == ["deleted ObjectRemoved:Delete a"])
    }

    @Test func anOutcomeThatIsUnknownIsLookedUp() async throws {
        var unknown = InterceptedStore(base)
        unknown.onPut = { base, key, body, options in
            if key == "written" { _ = try await base.put(key, body, options: options) }
            throw BlobError(.outcomeUnknown, operation: "put", key: key, message: "lost")
        }
        let store = evented(unknown)
        for key in ["written", "not written"] as [BlobKey] {
            await #expect(throws: BlobError.self) { try await store.put(key, "123") }
        }
        #expect(
            lines() == [
                "created ObjectCreated:Put written", "deleted ObjectRemoved:Delete not written",
            ]
        )
    }

    // MARK: Their order

    @Test func sequencersAscendThoughTheClockStands() async throws {
        let store = evented(base)
        for _ in 0..<100 { try await store.put("a", "1") }
        let sequencers = news().compactMap(\.sequencer)
        #expect(sequencers.count == 100)
        #expect(zip(sequencers, sequencers.dropFirst()).allSatisfy { $0 < $1 })
        // The next process begins at its time, which is past all that.
        try await evented(base, at: Self.time + 1).put("a", "1")
        #expect(try #require(sequencers.last) < (try #require(news().first?.sequencer)))
    }

    /// A store whose first `put` is made, and then held until the test lets it return.
    private func held(
        _ isMade: Locked<Bool>,
        _ mayReturn: Locked<Bool>
    ) -> InterceptedStore {
        var store = InterceptedStore(base)
        store.onPut = { base, key, body, options in
            let attributes = try await base.put(key, body, options: options)
            let isFirst = isMade.withLock { isMade in
                defer { isMade = true }
                return !isMade
            }
            if isFirst { await until { mayReturn.withLock { $0 } } }
            return attributes
        }
        return store
    }

    @Test func theLastEventOfChangesThatOverlapIsTrue() async throws {
        let (isMade, mayReturn) = (Locked(false), Locked(false))
        let store = evented(held(isMade, mayReturn))
        let put = Task { try await store.put("a", "123") }
        await until { isMade.withLock { $0 } }
        // The blob is there, and goes, before its writer hears that it was written.
        try await store.delete("a")
        #expect(lines() == ["deleted ObjectRemoved:Delete a"])
        mayReturn.withLock { $0 = true }
        _ = try await put.value
        // "created" would be the last that is heard of a blob that is not there.
        #expect(lines() == ["deleted ObjectRemoved:Delete a"])
    }

    @Test func writesThatOverlapTellOfTheOneThatIsThere() async throws {
        let (isMade, mayReturn) = (Locked(false), Locked(false))
        let store = evented(held(isMade, mayReturn))
        let put = Task { try await store.put("a", "123") }
        await until { isMade.withLock { $0 } }
        let last = try await store.put("a", "4567")
        mayReturn.withLock { $0 = true }
        let first = try await put.value
        #expect(first.etag != last.etag)
        let events = news()
        #expect(events.map(\.etag) == [last.etag, last.etag])
        #expect(events.map(\.byteCount) == [4, 4])
        // What comes after them is on its own again.
        try await store.put("a", "8")
        #expect(news().map(\.byteCount) == [1])
    }

    @Test func changesOfOtherKeysDoNotOverlap() async throws {
        let (isMade, mayReturn) = (Locked(false), Locked(false))
        let store = evented(held(isMade, mayReturn))
        let put = Task { try await store.put("a", "123") }
        await until { isMade.withLock { $0 } }
        try await base.delete("a")
        try await store.put("b", "1")
        mayReturn.withLock { $0 = true }
        _ = try await put.value
        #expect(lines() == ["created ObjectCreated:Put b", "created ObjectCreated:Put a"])
    }

    @Test("many writers: the last event is true", arguments: 1...20)
    func race(_ round: Int) async throws {
        let store = evented(base)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<24 {
                group.addTask {
                    let key: BlobKey = number % 2 == 0 ? "a" : "b"
                    if number % 3 == 0 {
                        try? await store.delete(key)
                    } else {
                        _ = try? await store.put(key, String(repeating: "x", count: number))
                    }
                }
            }
        }
        let events = news()
        #expect(Set(events.map(\.sequencer)).count == events.count)
        for key in ["a", "b"] as [BlobKey] {
            let last = events.filter { $0.key == key }.max { a, b in
                a.sequencer.map { a in b.sequencer.map { a < $0 } ?? false } ?? false
            }
            let there = try? await base.head(key)
            #expect(last?.etag == there?.etag)
            #expect(last?.kind == (there == nil ? .deleted : .created))
        }
    }

    // MARK: With a processor

    @Test func aCancelledWriterDoesNotLoseItsEvent() async throws {
        let stage = EventStage()
        let processor = BlobEventProcessor(options: BlobEventOptions(capacity: 1)) {
            try await stage.handle($0)
        }
        let store = base.evented(as: "files", emit: processor.offer)
        let run = Task { await processor.run() }
        try await store.put("a", "1")
        let put = Task { try await store.put("b", "1") }
        await until { processor.state.withLock { $0.arrivals.count } == 1 }
        put.cancel()
        await until { stage.running.count == 1 }
        await stage.finish(try #require(stage.running.first))
        _ = try await put.value
        await until { stage.running.count == 1 }
        await stage.finish(try #require(stage.running.first))
        await processor.drain()
        _ = await run.value
        #expect(processor.counts.handled == 2)
    }

    @Test func aThumbnailInTheSameStoreIsMadeWhenThereIsNoRoom() async throws {
        let files = Locked<(any BlobStore)?>(nil)
        let processor = BlobEventProcessor(
            options: BlobEventOptions(maximumConcurrency: 1, capacity: 1)
        ) { event in
            guard UTF8Order.hasPrefix(event.key.text, "uploads/") else { return }
            let name = event.key.text.utf8.dropFirst("uploads/".utf8.count)
            let key = try BlobKey("thumbnails/" + String(decoding: name, as: UTF8.self))
            try await files.withLock { $0 }?.put(key, "small")
        }
        let store = base.evented(as: "files", emit: processor.offer)
        files.withLock { $0 = store }
        let run = Task { await processor.run() }
        for number in 0..<20 { try await store.put(try BlobKey("uploads/\(number)"), "large") }
        await processor.drain()
        #expect(await run.value == [])
        var count = 0
        for try await blob in base.list(prefix: "thumbnails/") where blob.byteCount == 5 {
            count += 1
        }
        #expect(count == 20)
        #expect(processor.counts.handled == 40)
        files.withLock { $0 = nil }
    }

    // MARK: Abilities

    @Test func keepsTheAbilitiesOfItsBase() async throws {
        let store = base.evented(as: "files") { _ in }
        let _: any MultipartBlobStore & TaggedBlobStore = store
        #expect(store as? any ChecksummedCompletion != nil)
        #expect(store as? any BlobPresigner == nil)
        #expect(store.capabilities == base.capabilities)
        let plain = InterceptedStore(base).evented(as: "files") { _ in }
        #expect(plain as? any MultipartBlobStore == nil)
        #expect(plain as? any TaggedBlobStore == nil)
        // Around it, other wrappers keep theirs.
        let part = store.prefixed("p/")
        _ = try await part.put("a", "1", options: PutOptions(tags: try BlobTags(["k": "v"])))
        #expect(try await base.tags(of: "p/a") == (try BlobTags(["k": "v"])))
    }
}
