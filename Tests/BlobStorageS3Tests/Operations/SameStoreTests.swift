import BlobStorage
import BlobStorageS3
import Testing

/// Transfers between parts of one bucket.
@Suite struct SameStoreTests {
    @Test func partsThatOverlapAreNotSynced() async throws {
        let fixture = try FaultFixture(failing: [:])
        fixture.server.put("a/x", "1")
        fixture.server.put("b", "2")
        // One of the same client, and one that has only the bucket in common.
        let stores = [fixture.store, try FaultFixture.store(fixture) { _ in }]
        for destination in stores {
            let error = await #expect(throws: BlobError.self) {
                try await fixture.store.prefixed("a/")
                    .sync(into: destination, options: SyncOptions(deletes: true))
            }
            #expect(error?.kind == .invalidArgument)
        }
        #expect(fixture.server.text("b") == "2")
        #expect(fixture.transport.events.isEmpty)
    }

    @Test func blobsAreCopiedInsideTheBucket() async throws {
        let fixture = try FaultFixture(failing: [:])
        fixture.server.put("a/x", "1")
        let report = try await fixture.store.prefixed("a/").sync(into: fixture.store.prefixed("b/"))
        #expect(report.copied.blobCount == 1)
        #expect(fixture.server.text("b/x") == "1")
        let operations = fixture.transport.events.map(\.operation)
        #expect(operations.contains("CopyObject"))
        #expect(!operations.contains("GetObject") && !operations.contains("PutObject"))
    }

    @Test func aStoreThatWritesTagsIsAnotherOne() async throws {
        let fixture = try FaultFixture(failing: [:])
        fixture.server.put("a", "1")
        let tagged = fixture.store.tagging(try BlobTags(["k": "v"]))
        try await fixture.store.copy("a", into: tagged, as: "b")
        let operations = fixture.transport.events.map(\.operation)
        #expect(operations.contains("PutObject"))
    }
}
