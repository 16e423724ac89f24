import BlobStorage
import Testing

@Suite struct DeleteAllTests {
    @Test("deletes what begins with the prefix", arguments: [("a/", 2_500), ("", 2_502), ("x", 0)])
    func deletes(_ prefix: String, _ expected: Int) async throws {
        let store = InMemoryStore()
        for number in 0..<2_500 { try await store.put(BlobKey("a/\(number)"), "") }
        for key in ["a", "b"] as [BlobKey] { try await store.put(key, "") }
        #expect(try await store.deleteAll(prefix: prefix) == expected)
        var rest = 0
        for try await _ in store.list() { rest += 1 }
        #expect(rest == 2_502 - expected)
    }

    @Test func thePrefixIsOneOfBytes() async throws {
        let store = InMemoryStore()
        try await store.put("e\u{301}", "")
        try await store.put("\u{e9}", "")
        #expect(try await store.deleteAll(prefix: "\u{e9}") == 1)
        #expect(try await store.exists("e\u{301}"))
    }

    @Test func theFirstFailureIsThrownAfterItsPage() async throws {
        let store = RefusingStore(refused: ["b"])
        for key in ["a", "b", "c"] as [BlobKey] { try await store.put(key, "") }
        let error = try await #require(throws: BlobError.self) {
            try await store.deleteAll(prefix: "")
        }
        #expect(error.kind == .permissionDenied && error.key == "b")
        #expect(try await store.list(ListOptions()).blobs.map(\.key) == ["b"])
    }
}
