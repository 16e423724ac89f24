import BlobStorage
import BlobStorageDisk
import BlobStorageTestKit
import Foundation
import Testing

/// The store on disk does what the one in memory does, whatever the order of operations.
///
/// 20,000 operations, and 2,000 for each fallback. `BLOB_STORAGE_SOAK_OPERATIONS` asks for more, from
/// seeds that are new in each run; a failure names its seed.
@Suite struct DiskModelTests {
    static let operationCount = 200

    static var seeds: Range<UInt64> {
        let environment = ProcessInfo.processInfo.environment
        guard let text = environment["BLOB_STORAGE_SOAK_OPERATIONS"], let count = UInt64(text)
        else {
            return 0..<100
        }
        let first = UInt64.random(in: 1_000_000..<UInt64.max / 2)
        print("model test: \(count) operations from seed \(first) on")
        return first..<(first + max(1, count / UInt64(operationCount)))
    }

    @Test func agreesWithTheModel() async throws {
        try await check(.relaxed, Self.seeds)
    }

    @Test("agrees with the model in every configuration", arguments: DiskConfiguration.all)
    func fallbacks(_ configuration: DiskConfiguration) async throws {
        try await check(configuration, 0..<10)
    }

    private func check(_ configuration: DiskConfiguration, _ seeds: Range<UInt64>) async throws {
        let folder = try TemporaryFolder()
        for seed in seeds {
            try await StoreModel.check(seed: seed, operations: Self.operationCount) {
                let store = LocalDiskStore(
                    root: "\(folder.path)/\(UUID())",
                    durability: configuration.durability,
                    features: configuration.features
                )
                try await store.prepare()
                return store
            }
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
            }
        }
    }
}
