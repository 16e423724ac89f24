import BlobStorage
import BlobStorageS3
import BlobStorageTestKit
import Foundation
import Testing

/// The store does on strict servers what the one in memory does, whatever the order of operations.
///
/// 5,000 operations; `BLOB_STORAGE_SOAK_OPERATIONS` asks for 20,000, from seeds that are new in each run.
@Suite struct S3ModelTests {
    static let operationCount = 100

    @Test("agrees with the model", arguments: TestServer.strict)
    func agreesWithTheModel(_ server: TestServer) async throws {
        let isSoak = ProcessInfo.processInfo.environment["BLOB_STORAGE_SOAK_OPERATIONS"] != nil
        let first: UInt64 = isSoak ? .random(in: 1_000_000..<UInt64.max / 2) : 0
        let count: UInt64 = (isSoak ? 20_000 : 5_000) / UInt64(Self.operationCount)
        if isSoak { print("model test on \(server.testDescription): from seed \(first) on") }
        // One bucket, which each sequence leaves empty: a gateway in memory keeps all the others.
        let store = try await server.newStore()
        for seed in first..<first + count {
            try await StoreModel.check(
                seed: seed,
                operations: Self.operationCount,
                scope: .uniquePrefix
            ) { store }
        }
    }

    @Test func saysWhatIsMissing() {
        guard TestServer.ceph == nil else { return }
        print("SKIPPED: no server CEPH, so the model test of S3 ran on gateways alone")
    }
}
