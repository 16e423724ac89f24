import BlobStorage
import BlobStorageGateway
import Foundation
import Testing

@testable import BlobCommand

@Suite final class FolderBucketsTests {
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "folder-buckets-\(UUID().uuidString)").path
    private let buckets: FolderBuckets

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        buckets = FolderBuckets(url: "file://\(folder)", isReadOnly: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func store(_ name: String) async throws -> any BlobStore {
        try #require(try await buckets.store(of: name))
    }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder)
    }

    @Test func aBucketIsOpenedOnce() async throws {
        try await buckets.create("photos")
        let first = try await store("photos") as AnyObject
        #expect(try await store("photos") as AnyObject === first)
    }

    @Test func aFolderThatTookAnothersPlaceIsOpenedAnew() async throws {
        try await buckets.create("photos")
        try await store("photos").put("a", [1])
        try FileManager.default.moveItem(atPath: "\(folder)/photos", toPath: "\(folder)/older")
        #expect(try await buckets.store(of: "photos") == nil)
        try await buckets.create("photos")
        #expect(try await store("photos").list(ListOptions()).blobs.isEmpty)
        #expect(try await store("older").list(ListOptions()).blobs.map(\.key.text) == ["a"])
    }

    @Test func anEmptyBucketIsDeletedWithWhatTheStoreKeptThere() async throws {
        try await buckets.create("photos")
        let photos = try await store("photos")
        try await photos.put("a/b/c", [1])
        try await photos.delete("a/b/c")
        try FileManager.default.createDirectory(
            atPath: "\(folder)/photos/x/y",
            withIntermediateDirectories: true
        )
        try await buckets.delete("photos")
        #expect(try names() == [])
        #expect(try await buckets.store(of: "photos") == nil)
        try await buckets.create("photos")
        try await store("photos").put("again", [1])
    }

    @Test func settingsOutliveTheServer() async throws {
        let rules = [CORSRule(origins: ["https://a"], methods: ["PUT"])]
        let lifecycle = [
            LifecycleRule(id: "a", prefix: "tmp/", tags: ["k": "v"], expiration: .after(days: 3)),
            LifecycleRule(expiration: .on(date: Date(timeIntervalSince1970: 1_900_000_000))),
            LifecycleRule(isEnabled: false, largerThan: 1, expiration: .after(days: 7)),
            LifecycleRule(abortUploadsAfterDays: 7),
        ]
        try await buckets.create("photos")
        try await buckets.changeSettings(of: "photos") { $0.corsRules = rules }
        try await buckets.changeSettings(of: "photos") { $0.lifecycleRules = lifecycle }
        let later = FolderBuckets(url: "file://\(folder)", isReadOnly: true)
        #expect(try await later.settings(of: "photos").corsRules == rules)
        #expect(try await later.settings(of: "photos").lifecycleRules == lifecycle)
        #expect(try await later.list().map(\.name) == ["photos"])
        // What could not be read again is not written.
        await #expect(throws: BlobError.self) {
            try await buckets.changeSettings(of: "photos") { $0.lifecycleRules = [LifecycleRule()] }
        }
        #expect(try await buckets.settings(of: "photos").lifecycleRules == lifecycle)
        await #expect(throws: BlobError.self) {
            try await later.changeSettings(of: "photos") { $0.corsRules = nil }
        }
        // A new bucket of that name begins without, though its folder may get the old one's number.
        for _ in 0..<8 {
            try FileManager.default.removeItem(atPath: "\(folder)/photos")
            try await buckets.create("photos")
            #expect(try await buckets.settings(of: "photos").isEmpty)
            try await buckets.changeSettings(of: "photos") { $0.corsRules = rules }
        }
        try await buckets.delete("photos")
        #expect(try names() == [])
    }

    @Test func severalServersOfOneFolderHaveTheSameSettings() async throws {
        let other = FolderBuckets(url: "file://\(folder)", isReadOnly: false)
        try await buckets.create("photos")
        let rules = [CORSRule(origins: ["https://a"], methods: ["PUT"])]
        let lifecycle = [LifecycleRule(expiration: .after(days: 3))]
        #expect(try await other.settings(of: "photos").isEmpty)
        try await buckets.changeSettings(of: "photos") { $0.corsRules = rules }
        try await other.changeSettings(of: "photos") { $0.lifecycleRules = lifecycle }
        for buckets in [buckets, other] {
            #expect(try await buckets.settings(of: "photos").corsRules == rules)
            #expect(try await buckets.settings(of: "photos").lifecycleRules == lifecycle)
        }
        try await other.changeSettings(of: "photos") { $0 = GatewayBucketSettings() }
        #expect(try await buckets.settings(of: "photos").isEmpty)
        try await buckets.delete("photos")
        #expect(try await other.settings(of: "photos").isEmpty)
        // No change is lost when all change at once.
        try await buckets.create("photos")
        await withTaskGroup { [buckets] group in
            for index in 0..<20 {
                group.addTask {
                    let target = index % 2 == 0 ? buckets : other
                    try? await target.changeSettings(of: "photos") { settings in
                        let rule = LifecycleRule(id: "\(index)", expiration: .after(days: 1))
                        settings.lifecycleRules = (settings.lifecycleRules ?? []) + [rule]
                    }
                }
            }
        }
        #expect(try await other.settings(of: "photos").lifecycleRules?.count == 20)
    }

    @Test(
        "settings that can't be read are not taken for none, and are not replaced",
        arguments: [
            "{", "{\"lifecycleRules\":[{\"expirationDays\":1,\"largerThen\":5}]}",
            "{\"policy\":\"{}\"}",
        ]
    )
    func unreadableSettings(_ text: String) async throws {
        try await buckets.create("photos")
        try await buckets.changeSettings(of: "photos") { $0.corsRules = [] }
        let path = "\(folder)/photos/.blob-storage/bucket-settings.json"
        try Data(text.utf8).write(to: URL(filePath: path))
        await #expect(throws: BlobError.self) { try await buckets.settings(of: "photos") }
        await #expect(throws: BlobError.self) {
            try await buckets.changeSettings(of: "photos") { $0.corsRules = nil }
        }
        #expect(FileManager.default.contents(atPath: path) == Data(text.utf8))
        // A folder in its place can't be read either.
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        await #expect(throws: BlobError.self) { try await buckets.settings(of: "photos") }
    }

    @Test(
        "a folder with a file in it stays, whatever the file",
        arguments: ["a", "x/y/deep", "x/.blob-storage", "link"]
    )
    func filledFolders(_ name: String) async throws {
        try await buckets.create("photos")
        let path = URL(filePath: "\(folder)/photos/\(name)")
        try FileManager.default.createDirectory(
            at: path.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        if name == "link" {
            try FileManager.default.createSymbolicLink(
                atPath: path.path,
                withDestinationPath: "/nowhere"
            )
        } else {
            try Data([1]).write(to: path)
        }
        let error = await #expect(throws: BlobError.self) {
            try await self.buckets.delete("photos")
        }
        #expect(error?.kind == .conflict)
        #expect(try names() == ["photos"])
        #expect((try? path.resourceValues(forKeys: [.isSymbolicLinkKey])) != nil)
        try await store("photos").put("more", [1])
    }
}
