import BlobStorage
import Testing

@Suite struct ReadOnlyStoreTests {
    let base = InMemoryStore()

    @Test func readsAndListsAsItsBaseDoes() async throws {
        let written = try await base.put("a", "1")
        let store = base.readOnly()
        try await store.prepare()
        #expect(try await store.head("a") == written)
        #expect(try await store.bytes("a", upTo: 9) == Array("1".utf8))
        #expect(try await store.list().keys() == ["a"])
    }

    @Test func everyChangeIsDenied() async throws {
        try await base.put("a", "1")
        let store: any BlobStore = base.readOnly()
        let chunks = MadeChunks { _ in
            Issue.record("the body was read")
            return nil
        }
        let changes: [@Sendable () async throws -> Void] = [
            { try await store.put("a", BlobBody(chunks)) },
            { try await store.delete("a") },
            { _ = try await store.delete(["a"]) },
            { _ = try await store.delete([]) },
            { try await store.copy("a", to: "b") },
        ]
        for change in changes {
            let error = await #expect(throws: BlobError.self) { try await change() }
            #expect(error?.kind == .permissionDenied)
        }
        #expect(try await base.bytes("a", upTo: 9) == Array("1".utf8))
    }

    @Test func saysThatItCannotWrite() {
        let store: any BlobStore = base.readOnly()
        // Tags can be read.
        #expect(store.capabilities.features == [.tags])
        #expect(store.capabilities.checksums == base.capabilities.checksums)
        #expect(!(store is any MultipartBlobStore))
        #expect(!(store.prefixed("p/") is any MultipartBlobStore))
    }
}
