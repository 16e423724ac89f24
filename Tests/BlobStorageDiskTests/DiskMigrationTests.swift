import BlobStorage
import BlobStorageDisk
import BlobStorageTestKit
import Testing

/// From a folder to memory, as an application that leaves its disk.
@Suite struct DiskMigrationTests {
    private static let subjects = Result {
        try [MigrationWrites.new, .both { _, error in Issue.record(error) }].map { writes in
            let folder = try TemporaryFolder()
            return (folder, folder.store().migrating(to: InMemoryStore(), writes: writes))
        }
    }

    @Test("conforms", arguments: [0, 1], BlobStoreConformance.cases)
    func conforms(_ index: Int, _ promise: ConformanceCase) async throws {
        let (_, store) = try Self.subjects.get()[index]
        try await promise.run(on: ConformanceSubject(store))
    }

    /// Every key that a folder can hold, with its attributes.
    @Test func aFolderIsMovedWhole() async throws {
        let folder = try TemporaryFolder()
        let (old, new) = (folder.store(), InMemoryStore())
        let options = PutOptions(
            headers: ContentHeaders(contentType: "text/x"),
            metadata: ["k": "é"],
            tags: try BlobTags(["t": "1"])
        )
        let keys: [BlobKey] = ["a", "a/b", "a//b", "..", "é", "e\u{301}", "z/\u{1}", "a/b/c/d"]
        for key in keys { try await old.put(key, key.text, options: options) }
        let report = try await old.migrating(to: new).backfill().run()
        #expect(report.copied.blobCount == keys.count)
        for key in keys {
            #expect(try await new.bytes(key, upTo: 99) == Array(key.text.utf8))
            #expect(try await new.head(key).metadata == ["k": "é"])
            #expect(try await new.tags(of: key) == options.tags)
        }
    }
}
