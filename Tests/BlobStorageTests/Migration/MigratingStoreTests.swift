import BlobStorage
import BlobStorageTestKit
import Foundation
import Testing

@Suite struct MigratingStoreTests {
    private let old = InMemoryStore()
    private let new = InMemoryStore()

    private var store: MigratingStore<InMemoryStore, InMemoryStore> { old.migrating(to: new) }

    private func text(_ key: BlobKey, in store: any BlobStore) async throws -> String? {
        guard try await store.exists(key) else { return nil }
        return String(decoding: try await store.bytes(key, upTo: 99), as: UTF8.self)
    }

    @Test func whatTheNewStoreHasCounts() async throws {
        let stale = try await old.put("a", "old")
        try await old.put("b", "old")
        let fresh = try await new.put("a", "new")
        #expect(stale.byteCount == fresh.byteCount)
        #expect(try await text("a", in: store) == "new")
        #expect(try await text("b", in: store) == "old")
        #expect(try await store.head("a") == fresh)
        let blobs = try await store.list(ListOptions()).blobs
        #expect(blobs.map(\.key) == ["a", "b"])
        #expect(blobs.first?.etag == fresh.etag)
    }

    @Test func writesGoToTheNewStoreAlone() async throws {
        try await old.put("a", "1")
        try await store.put("a", "2")
        try await store.put("b", "2")
        #expect(try await text("a", in: old) == "1")
        #expect(try await text("b", in: old) == nil)
        #expect(try await text("a", in: new) == "2")
    }

    @Test func deletesLeaveNothingToComeBack() async throws {
        for key in ["a", "b", "c", "d"] as [BlobKey] { try await old.put(key, "old") }
        try await new.put("a", "new")
        try await new.put("c", "new")
        try await store.delete("a")
        try await store.delete("b")
        #expect(try await store.delete(["c", "d", "e"]).isEmpty)
        #expect(try await old.list(ListOptions()).blobs.isEmpty)
        #expect(try await new.list(ListOptions()).blobs.isEmpty)
    }

    /// As after a process that died between the two deletes: the blob is there, and not its past.
    @Test func aDeleteThatFailsHalfWayLeavesWhatCounts() async throws {
        let error = BlobError(.unavailable, operation: "delete", message: "down")
        let faults = [Fault(.delete, .failBefore(error)), Fault(.deleteMany, .failBefore(error))]
        let faulty = old.migrating(to: FaultyStore(new, .scripted(faults)))
        try await old.put("a", "1")
        try await new.put("a", "2")
        await #expect(throws: BlobError.self) { try await faulty.delete("a") }
        #expect(try await text("a", in: store) == "2")
        #expect(try await text("a", in: old) == nil)
        try await old.put("b", "1")
        await #expect(throws: BlobError.self) { try await faulty.delete(["b"]) }
        try await faulty.delete("a")
        #expect(try await text("a", in: store) == nil)
    }

    @Test func whatTheOldStoreCannotDeleteStays() async throws {
        var failing = InterceptedStore(old)
        failing.onDelete = { base, keys in
            _ = try await base.delete(keys.filter { $0 != "b" })
            let error = BlobError(.unavailable, operation: "delete", key: "b", message: "down")
            return [DeleteFailure(key: "b", error: error)]
        }
        for key in ["a", "b"] as [BlobKey] {
            try await old.put(key, "1")
            try await new.put(key, "2")
        }
        let failures = try await failing.migrating(to: new).delete(["a", "b"])
        #expect(failures.map(\.key) == ["b"])
        #expect(try await text("b", in: store) == "2")
        #expect(try await text("a", in: store) == nil)
    }

    @Test func conditionsAreDecidedOnWhicheverStoreHasTheBlob() async throws {
        let first = try await old.put("a", "1", options: PutOptions(metadata: ["k": "v"]))
        let absent = PutOptions(condition: .ifAbsent)
        var error = await #expect(throws: BlobError.self) {
            try await store.put("a", "2", options: absent)
        }
        #expect(error?.kind == .alreadyExists)
        #expect(error?.operation == "put")
        error = await #expect(throws: BlobError.self) {
            try await store.put("a", "2", options: PutOptions(condition: .ifMatches("\"no\"")))
        }
        #expect(error?.kind == .preconditionFailed)
        #expect(error?.operation == "put")
        #expect(try await text("a", in: new) == nil)
        let second = try await store.put(
            "a",
            "2",
            options: PutOptions(condition: .ifMatches(first.etag))
        )
        #expect(try await text("a", in: store) == "2")
        error = await #expect(throws: BlobError.self) {
            try await store.delete("a", options: DeleteOptions(ifMatches: first.etag))
        }
        #expect(error?.kind == .preconditionFailed)
        try await store.delete("a", options: DeleteOptions(ifMatches: second.etag))
        #expect(try await text("a", in: store) == nil)
        error = await #expect(throws: BlobError.self) {
            try await store.delete("a", options: DeleteOptions(ifMatches: second.etag))
        }
        #expect(error?.kind == .preconditionFailed)
    }

    @Test func aBlobOfTheOldStoreIsDeletedByItsEtag() async throws {
        let blob = try await old.put("a", "1")
        try await store.delete("a", options: DeleteOptions(ifMatches: blob.etag))
        #expect(try await text("a", in: old) == nil)
        #expect(try await text("a", in: new) == nil)
    }

    @Test func copiesAndTagsMoveTheBlobFirst() async throws {
        let tags = try BlobTags(["t": "1"])
        let options = PutOptions(
            headers: ContentHeaders(contentType: "text/x"),
            metadata: ["k": "v"],
            tags: tags
        )
        let source = try await old.put("a", "1", options: options)
        let conditions = ReadConditions(ifMatches: source.etag)
        let copy = try await store.copy(
            "a",
            to: "b",
            options: CopyOptions(sourceConditions: conditions)
        )
        #expect(copy.metadata == ["k": "v"])
        #expect(try await new.head("a").headers == source.headers)
        #expect(try await new.tags(of: "a") == tags)
        #expect(try await new.tags(of: "b") == tags)
        #expect(try await text("b", in: old) == nil)
        try await old.put("c", "1", options: options)
        #expect(try await store.tags(of: "c") == tags)
        try await store.setTags(BlobTags(["t": "2"]), of: "c")
        #expect(try await new.tags(of: "c") == BlobTags(["t": "2"]))
        for change in [
            { try await store.setTags(tags, of: "none") },
            { _ = try await store.copy("none", to: "b") },
            { _ = try await store.tags(of: "none") },
        ] as [@Sendable () async throws -> Void] {
            let error = await #expect(throws: BlobError.self) { try await change() }
            #expect(error?.kind == .notFound)
        }
    }

    @Test func aBlobIsReplacedByACopyOfItself() async throws {
        let first = try await old.put("a", "1")
        let copy = try await store.copy(
            "a",
            to: "a",
            options: CopyOptions(
                attributes: .replace(ContentHeaders(contentType: "text/y"), ["n": "1"]),
                condition: .ifMatches(first.etag),
                sourceConditions: ReadConditions(ifMatches: first.etag)
            )
        )
        #expect(copy.metadata == ["n": "1"])
        #expect(try await store.head("a") == copy)
        #expect(try await text("a", in: store) == "1")
    }

    @Test func aStoreThatIsDownIsNotTakenForAnEmptyOne() async throws {
        let error = BlobError(.unavailable, operation: "get", message: "down")
        let faults = [StoreCall.get, .head, .list].map { Fault($0, .failBefore(error)) }
        let store = old.migrating(to: FaultyStore(new, .scripted(faults)))
        try await old.put("a", "stale")
        for read in [
            { _ = try await store.get("a") }, { _ = try await store.head("a") },
            { _ = try await store.list(ListOptions()) },
        ] as [@Sendable () async throws -> Void] {
            let found = await #expect(throws: BlobError.self) { try await read() }
            #expect(found?.kind == .unavailable)
        }
    }

    /// The first look comes too early, the second one too late.
    @Test func aBlobThatMovesBetweenTwoLooksIsFound() async throws {
        var moving = InterceptedStore(old)
        moving.onHead = { [new] base, key in
            try await new.put(key, "moved")
            try await base.delete(key)
            return try await base.head(key)
        }
        try await old.put("a", "1")
        #expect(try await moving.migrating(to: new).head("a").byteCount == 5)
    }

    @Test func partsAreTheNewStores() async throws {
        try await old.put("a", "1")
        let upload = try await store.createMultipartUpload("a")
        let part = try await store.uploadPart(1, of: upload, BlobBody(Array("parts".utf8)))
        var error = await #expect(throws: BlobError.self) {
            try await store.completeMultipartUpload(upload, parts: [part], condition: .ifAbsent)
        }
        #expect(error?.kind == .alreadyExists)
        let past = try await old.head("a")
        try await store.completeMultipartUpload(
            upload,
            parts: [part],
            condition: .ifMatches(past.etag)
        )
        #expect(try await text("a", in: store) == "parts")
        #expect(try await text("a", in: old) == "1")
        let begun = try await old.createMultipartUpload("b")
        error = await #expect(throws: BlobError.self) {
            _ = try await store.uploadPart(1, of: begun, BlobBody([1]))
        }
        #expect(error?.kind == .notFound)
    }
}
