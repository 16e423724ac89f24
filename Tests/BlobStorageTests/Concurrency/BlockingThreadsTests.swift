import BlobStorage
import Dispatch
import Testing

@Suite(.timeLimit(.minutes(10))) struct BlockingThreadsTests {
    @Test func runsOffTheCooperativePool() async throws {
        // More jobs than the pool has threads all wait for a task that needs one of those.
        let count = 24
        let threads = BlockingThreads(limit: count)
        let started = Locked(0)
        let release = DispatchSemaphore(value: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask {
                    try await threads.run {
                        started.withLock { $0 += 1 }
                        release.wait()
                    }
                }
            }
            while started.withLock({ $0 }) < count { await Task.yield() }
            for _ in 0..<count { release.signal() }
            try await group.waitForAll()
        }
    }

    @Test func jobsThatWaitForEachOtherRunAtOnce() async throws {
        // An idle thread is woken for one job; the others need threads of their own.
        for _ in 0..<200 {
            let threads = BlockingThreads(limit: 4)
            try await threads.run {}
            let meeting = Meeting(of: 4)
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<4 { group.addTask { try await threads.run { meeting.join() } } }
                for try await met in group { try #require(met) }
            }
        }
    }

    @Test func jobsThatAreBlockedDoNotHoldUpOthers() async throws {
        // More than are given threads at once: the rest come when nothing moves.
        let threads = BlockingThreads(limit: 64)
        let meeting = Meeting(of: 64)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 { group.addTask { try await threads.run { meeting.join() } } }
            for try await met in group { try #require(met) }
        }
    }

    @Test func neverHasMoreThreadsThanTheLimit() async throws {
        let threads = BlockingThreads(limit: 3)
        let running = Locked((now: 0, most: 0))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<500 {
                group.addTask {
                    try await threads.run {
                        running.withLock {
                            $0.now += 1
                            $0.most = max($0.most, $0.now)
                        }
                        running.withLock { $0.now -= 1 }
                    }
                }
            }
            try await group.waitForAll()
        }
        let most = running.withLock { $0.most }
        #expect((1...3).contains(most))
    }

    @Test func everyOneOfManyJobsRunsOnce() async throws {
        let threads = BlockingThreads(limit: 8)
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<20_000 { group.addTask { try await threads.run { number } } }
            return try await group.reduce(0, +)
        }
        #expect(sum == 20_000 * 19_999 / 2)
    }

    @Test func whatTheCallThrowsPassesUnchanged() async throws {
        await #expect(throws: SourceFailure()) {
            try await BlockingThreads.shared.run { throw SourceFailure() }
        }
    }

    @Test func theCallSeesThatItsTaskIsCancelled() async throws {
        let threads = BlockingThreads(limit: 1)
        let isRunning = Locked(false)
        let task = Task {
            try await threads.run {
                isRunning.withLock { $0 = true }
                while !Task.isCancelled {}
                return "cancelled"
            }
        }
        while !isRunning.withLock({ $0 }) { await Task.yield() }
        task.cancel()
        #expect(try await task.value == "cancelled")
    }

    @Test func threadsEndWhenTheyAreIdle() async throws {
        var threads: BlockingThreads? = BlockingThreads(limit: 4, idleTime: .zero)
        weak let remaining = threads
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<100 { group.addTask { [threads] in try await threads?.run {} } }
            try await group.waitForAll()
        }
        threads = nil
        // Each thread holds a reference as long as it lives.
        while remaining != nil { await Task.yield() }
    }

    @Test func threadsComeBackAfterTheyEnded() async throws {
        let threads = BlockingThreads(limit: 2, idleTime: .zero)
        for number in 0..<200 { #expect(try await threads.run { number } == number) }
    }

    @Test func theCallerResumesWhereItWas() async throws {
        try await Caller().call()
    }

    private actor Caller {
        func call() async throws {
            self.assertIsolated()
            try await BlockingThreads.shared.run {}
            self.assertIsolated()
        }
    }
}

/// Lets threads go when all of them are there.
private final class Meeting: Sendable {
    private let missing: Locked<Int>
    private let everybody = DispatchSemaphore(value: 0)

    init(of count: Int) {
        missing = Locked(count)
    }

    /// Waits for the others; `false` if they did not come for long.
    func join() -> Bool {
        let isLast = missing.withLock { missing in
            missing -= 1
            return missing == 0
        }
        if isLast { everybody.signal() }
        guard everybody.wait(timeout: .now() + 120) == .success else { return false }
        everybody.signal()
        return true
    }
}
