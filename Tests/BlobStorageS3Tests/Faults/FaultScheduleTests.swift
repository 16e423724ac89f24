import BlobStorage
import BlobStorageTestKit
import Foundation
import Testing

/// Seeded faults on short sequences of operations: each ends in the model's state, or in an error of
/// a kind that is right for what went wrong.
@Suite struct FaultScheduleTests {
    /// How many batches there are; `FAULT_BATCHES` sets another count.
    static let batchCount =
        ProcessInfo.processInfo.environment["FAULT_BATCHES"].flatMap { Int($0) } ?? 16
    static let batchSize: UInt64 = 150
    /// How many schedules of a batch may fail before the rest isn't run.
    private static let patience = 3

    @Test("ends in the model's state or in the right error", arguments: 0..<batchCount)
    func schedules(_ batch: Int) async throws {
        let start = UInt64(batch) * Self.batchSize
        var failureCount = 0
        for seed in start..<(start + Self.batchSize) {
            let complaints = try await FaultRun(FaultSchedule(seed: seed)).complaints()
            for complaint in complaints { Issue.record("\(complaint)") }
            if !complaints.isEmpty { failureCount += 1 }
            if failureCount >= Self.patience { break }
        }
    }
}
