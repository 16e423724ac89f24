#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Threads for calls that block: files, locks, pipes.
///
/// Swift's own pool has one thread a core; a read from a slow disk must not hold one of them. The
/// threads here are made when they are needed, up to a limit, and go when they have been idle.
package final class BlockingThreads: TaskExecutor, @unchecked Sendable {
    /// The threads that all stores and bodies of the process share.
    package static let shared = BlockingThreads(limit: 32)

    /// How long a thread waits for work before it ends.
    private let idleTime: Duration

    /// How many places of taken jobs the queue may keep.
    private static let takenJobLimit = 4_096

    // Everything below `mutex` is only touched while it is held.
    private let limit: Int
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let hasWork: UnsafeMutablePointer<pthread_cond_t>
    private var jobs: [UnownedJob?] = []
    private var firstJob = 0
    private var threadCount = 0
    private var idleCount = 0

    /// - Parameters:
    ///   - limit: The most threads at once.
    ///   - idleTime: How long a thread waits for work before it ends, in whole seconds.
    package init(limit: Int, idleTime: Duration = .seconds(10)) {
        self.limit = limit
        self.idleTime = idleTime
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
        hasWork = .allocate(capacity: 1)
        hasWork.initialize(to: pthread_cond_t())
        pthread_cond_init(hasWork, nil)
    }

    deinit {
        // Each thread holds a reference, so there is none left.
        pthread_cond_destroy(hasWork)
        hasWork.deallocate()
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Runs a blocking call on one of the threads.
    ///
    /// - Parameter body: The call; it runs inside the caller's task, so that `Task.isCancelled`
    ///   tells it when to stop.
    /// - Returns: What the call returns.
    /// - Throws: What the call throws.
    /// - Complexity: About 10 µs for the way there and back.
    package func run<Value: Sendable>(
        _ body: @Sendable () throws -> Value
    ) async throws -> Value {
        try await withTaskExecutorPreference(self) {
            try await Self.call(body)
        }
    }

    /// `@concurrent` leaves the caller's actor, and so goes to the preferred executor.
    @concurrent private static func call<Value: Sendable>(
        _ body: @Sendable () throws -> Value
    ) async throws -> Value {
        try body()
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pthread_mutex_lock(mutex)
        jobs.append(job)
        // An idle thread that was woken for an earlier job counts as idle until it runs.
        if jobs.count - firstJob > idleCount, threadCount < limit {
            startThread()
        } else {
            pthread_cond_signal(hasWork)
        }
        pthread_mutex_unlock(mutex)
    }

    private func startThread() {
        var thread = pthread_t()
        let reference = Unmanaged.passRetained(self)
        let status = pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<BlockingThreads>.fromOpaque(argument).takeRetainedValue().work()
                return nil
            },
            reference.toOpaque()
        )
        guard status == 0 else {
            reference.release()
            // With no thread at all the job would wait for ever.
            precondition(threadCount > 0, "pthread_create failed with \(status)")
            return
        }
        pthread_detach(thread)
        threadCount += 1
    }

    private func work() {
        pthread_mutex_lock(mutex)
        while let job = nextJob() {
            pthread_mutex_unlock(mutex)
            job.runSynchronously(on: asUnownedTaskExecutor())
            pthread_mutex_lock(mutex)
        }
        threadCount -= 1
        pthread_mutex_unlock(mutex)
    }

    /// Waits for a job, with the mutex held before and after.
    ///
    /// - Returns: The job; `nil` if none came for a while.
    private func nextJob() -> UnownedJob? {
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        deadline.tv_sec += time_t(idleTime.components.seconds)
        while firstJob == jobs.count {
            idleCount += 1
            let status = pthread_cond_timedwait(hasWork, mutex, &deadline)
            idleCount -= 1
            if status == ETIMEDOUT, firstJob == jobs.count { return nil }
        }
        let job = jobs[firstJob]
        jobs[firstJob] = nil
        firstJob += 1
        if firstJob == jobs.count {
            jobs.removeAll(keepingCapacity: jobs.capacity <= Self.takenJobLimit)
            firstJob = 0
        } else if firstJob >= Self.takenJobLimit, firstJob > jobs.count / 2 {
            // Under a load that never lets the queue run empty, taken jobs must go as well.
            jobs.removeSubrange(..<firstJob)
            firstJob = 0
        }
        return job
    }
}
