import Testing

@testable import BlobStorageServer

@Suite struct ConnectionExecutorTests {
    @Test func tasksThatTakeTurnsNeedNoMoreAndMoreMemory() async throws {
        let executor = ConnectionExecutor()
        let tasks = (0..<3).map { _ in
            Task(executorPreference: executor) {
                while !Task.isCancelled { await Task.yield() }
            }
        }
        let ranCount = try await RawClient.blocking {
            (0..<100_000).count { _ in executor.runNext(waitingFor: 1_000) }
        }
        #expect(ranCount == 100_000)
        #expect(executor.capacity < 10_000)
        for task in tasks { task.cancel() }
        executor.detach()
        for task in tasks { await task.value }
    }
}
