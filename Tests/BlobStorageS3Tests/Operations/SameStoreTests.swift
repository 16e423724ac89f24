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

    @Test func bucketsOfOneNameInOtherPlacesAreOthers() async throws {
        let fixture = try FaultFixture(failing: [:])
        fixture.server.put("a", "1")
        let place = try await fixture.store.place()
        let other = try FaultFixture(failing: [:]) { $0.endpoint = "http://other.example:9000" }
        #expect(try await other.store.place() != place)
        let report = try await fixture.store.sync(into: other.store)
        #expect(report.copied.blobCount == 1)
        #expect(other.server.text("a") == "1")
    }

    @Test(
        "a bucket's name is one in its partition",
        arguments: [("us-east-1", "eu-west-1", true), ("us-east-1", "cn-north-1", false)]
    )
    func partitions(_ region: String, _ other: String, _ isSame: Bool) async throws {
        let credentials = StaticCredentials(AWSCredentials(accessKeyID: "id", secretAccessKey: "s"))
        let places = try [region, other].map { region in
            try S3Store(
                S3Configuration(bucket: "reports", region: region, credentials: credentials)
            )
        }
        let first = try await places[0].place()
        let second = try await places[1].place()
        #expect((first == second) == isSame)
    }
}
