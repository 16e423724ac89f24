import BlobStorage
import BlobStorageGateway
import Foundation
import Synchronization
import Testing

@testable import BlobCommand

/// What `serve` says when lifecycle rules remove something.
@Suite struct ServeLifecycleTests {
    /// What was said.
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }

        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private let lines = Lines()
    private let store = InMemoryStore(now: { Date(timeIntervalSince1970: 0) })
    private let rule = LifecycleRule(
        prefix: "tmp/",
        expiration: .after(days: 1),
        abortUploadsAfterDays: 1
    )

    private func run(_ store: any BlobStore, days: Int) async -> [String] {
        let buckets = DynamicBuckets(["photos": store]) { _ in InMemoryStore() }
        await buckets.changeSettings(of: "photos") { [rule] in $0.lifecycleRules = [rule] }
        let lifecycle = ServeLifecycle(buckets) { [lines] in lines.add($0) }
        await lifecycle.runOnce(now: Date(timeIntervalSince1970: Double(days) * 86_400))
        return lines.all
    }

    @Test func whatWasRemovedIsSaidInALine() async throws {
        for key in ["tmp/a", "tmp/b", "c"] as [BlobKey] {
            try await store.put(key, String(repeating: "x", count: 768))
        }
        _ = try await store.createMultipartUpload("tmp/u")
        #expect(await run(store, days: 1) == [])
        let line = "lifecycle: removed 2 blobs (1.5 KiB) and 1 upload from \"photos\""
        #expect(await run(store, days: 2) == [line])
        #expect(await run(store, days: 2) == [line])
    }

    @Test func whatFailsIsSaid() async throws {
        try await store.put("tmp/a", "x")
        let said = await run(store.readOnly(), days: 2)
        try #require(said.count == 1)
        #expect(
            said[0].hasPrefix("lifecycle: \"photos\": 1 removal failed, the first with: delete")
        )
        #expect(said[0].contains("permissionDenied"))
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        let buckets = FolderBuckets(url: "file://\(folder)", isReadOnly: false)
        await ServeLifecycle(buckets) { [lines] in lines.add($0) }.runOnce()
        #expect(lines.all.count == 2)
    }
}
