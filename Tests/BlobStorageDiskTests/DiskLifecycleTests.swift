import BlobStorage
import BlobStorageDisk
import Foundation
import Glibc
import Testing

/// Lifecycle rules on a folder, where a file's time is its blob's.
@Suite struct DiskLifecycleTests {
    @Test func oldFilesAndUploadsAreRemoved() async throws {
        let folder = try TemporaryFolder()
        let store = folder.store()
        try await store.prepare()
        for name in ["tmp/old", "tmp/deep/old", "tmp/young", "kept"] {
            try folder.write("1234", to: name)
        }
        let time = timespec(tv_sec: 1_400_000_000, tv_nsec: 0)
        for name in ["tmp/old", "tmp/deep/old", "kept"] {
            #expect(utimensat(AT_FDCWD, "\(folder.path)/\(name)", [time, time], 0) == 0)
        }
        let upload = try await store.createMultipartUpload("tmp/u")
        let rule = LifecycleRule(
            prefix: "tmp/",
            expiration: .after(days: 2),
            abortUploadsAfterDays: 2
        )
        let report = try await store.apply([rule])
        #expect(report.blobCount == 2 && report.byteCount == 8)
        #expect(report.uploadCount == 0 && report.failureCount == 0)
        let keys = try await store.list(ListOptions()).blobs.map(\.key)
        #expect(keys == ["kept", "tmp/young"])
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/tmp/deep"))
        let later = try await store.apply([rule], now: Date().addingTimeInterval(4 * 86_400))
        #expect(later.blobCount == 1 && later.uploadCount == 1)
        await #expect(throws: BlobError.self) { try await store.parts(of: upload) }
        #expect(try await store.fsck().isClean)
    }
}
