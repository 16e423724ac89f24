import BlobStorage
import Testing

@Suite struct MoveTests {
    @Test func theBlobIsUnderItsNewKeyOnly() async throws {
        let store = InMemoryStore()
        let options = PutOptions(headers: ContentHeaders(contentType: "x/y"), metadata: ["a": "1"])
        try await store.put("a", "text", options: options)
        let moved = try await store.move("a", to: "b")
        #expect(
            moved.key == "b" && moved.headers.contentType == "x/y" && moved.metadata == ["a": "1"]
        )
        #expect(try await !store.exists("a"))
        #expect(try await store.bytes("b", upTo: 9) == Array("text".utf8))
    }

    @Test func ontoItselfNothingHappens() async throws {
        let store = InMemoryStore()
        let attributes = try await store.put("a", "text")
        #expect(try await store.move("a", to: "a") == attributes)
        #expect(try await store.head("a") == attributes)
    }

    @Test func theDestinationsConditionHolds() async throws {
        let store = InMemoryStore()
        try await store.put("a", "1")
        try await store.put("b", "2")
        let error = try await #require(throws: BlobError.self) {
            try await store.move("a", to: "b", condition: .ifAbsent)
        }
        #expect(error.kind == .alreadyExists)
        #expect(try await store.exists("a"))
        #expect(try await store.bytes("b", upTo: 9) == Array("2".utf8))
    }

    @Test func aMissingSourceIsAnError() async throws {
        let error = try await #require(throws: BlobError.self) {
            try await InMemoryStore().move("a", to: "b")
        }
        #expect(error.kind == .notFound)
    }

    @Test func aSourceThatWasChangedMeanwhileStays() async throws {
        let store = RefusingStore(afterCopy: { base in try await base.put("a", "newer") })
        try await store.put("a", "old")
        let error = try await #require(throws: BlobError.self) {
            try await store.move("a", to: "b")
        }
        #expect(error.kind == .preconditionFailed)
        #expect(try await store.bytes("a", upTo: 9) == Array("newer".utf8))
    }

    @Test func aStoreWithoutConditionalDeletesCanMove() async throws {
        var store = RefusingStore()
        store.capabilities.features.remove(.deleteIfMatches)
        try await store.put("a", "text")
        try await store.move("a", to: "b")
        #expect(try await !store.exists("a"))
    }
}
