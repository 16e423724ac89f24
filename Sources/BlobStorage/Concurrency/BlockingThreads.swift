#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Threads for calls that block: files, locks, pipes.
///
/// Swift's own pool has one thread a core; a read from a slow disk must not hold one of them. The
/// threads here are made when they are needed, up to a limit, and go when they have been idle. One a
/// core is made as soon as there is work; more only when calls wait since the others are blocked.
/// Calls that find their data in memory would only take the cores from each other: with one thread a
/// core in place of 16, reading 1 MiB at a time takes a third of the time and memory.
package final class BlockingThreads: TaskExecutor, @unchecked Sendable {
    /// The threads that all stores and bodies of the process share.
    package static let shared = BlockingThreads(limit: 32)

    /// How long a thread waits for work before it ends.
    private let idleTime: Duration

    /// How many places of taken jobs the queue may keep.
    private static let takenJobLimit = 4_096

    // Everything below `mutex` is only touched while it is held.
    private let limit: Int
    private let eagerCount: Int
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let hasWork: UnsafeMutablePointer<pthread_cond_t>
    private var jobs: [UnownedJob?] = []
    private var firstJob = 0
    private var threadCount = 0
    private var idleCount = 0
    private var takenCount = 0
    private var isWatched = false
    private var watcherWaits = false
    private let hasBacklog: UnsafeMutablePointer<pthread_cond_t>

    /// - Parameters:
    ///   - limit: The most threads at once.
    ///   - idleTime: How long a thread waits for work before it ends, in whole seconds.
    package init(limit: Int, idleTime: Duration = .seconds(10)) {
        self.limit = limit
        eagerCount = min(limit, ProcessorUse.coreCount)
        self.idleTime = idleTime
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
        (hasWork, hasBacklog) = (.allocate(capacity: 1), .allocate(capacity: 1))
        for condition in [hasWork, hasBacklog] {
            condition.initialize(to: pthread_cond_t())
            pthread_cond_init(condition, nil)
        }
    }

    deinit {
        // Each thread holds a reference, so there is none left.
        for condition in [hasWork, hasBacklog] {
            pthread_cond_destroy(condition)
            condition.deallocate()
        }
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
        if !hasWaitingJobs || threadCount >= limit {
            pthread_cond_signal(hasWork)
        } else if threadCount < eagerCount {
            startWorker()
        } else {
            pthread_cond_signal(hasWork)
            if watcherWaits { pthread_cond_signal(hasBacklog) }
            if !isWatched { startWatcher() }
        }
        pthread_mutex_unlock(mutex)
    }

    /// Whether there is a job that no idle thread will take.
    private var hasWaitingJobs: Bool {
        // An idle thread that was woken for an earlier job counts as idle until it runs.
        jobs.count - firstJob > idleCount
    }

    private func startWorker() {
        let hasStarted = start { argument in
            guard let argument else { return nil }
            Unmanaged<BlockingThreads>.fromOpaque(argument).takeRetainedValue().work()
            return nil
        }
        // With no thread at all the job would wait for ever.
        precondition(hasStarted || threadCount > 0, "pthread_create failed")
        if hasStarted { threadCount += 1 }
    }

    private func startWatcher() {
        isWatched = start { argument in
            guard let argument else { return nil }
            Unmanaged<BlockingThreads>.fromOpaque(argument).takeRetainedValue().watch()
            return nil
        }
        // Too many threads are better than none for the job.
        if !isWatched { startWorker() }
    }

    private func start(
        _ body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?
    ) -> Bool {
        var thread = pthread_t()
        let reference = Unmanaged.passRetained(self)
        guard pthread_create(&thread, nil, body, reference.toOpaque()) == 0 else {
            reference.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    /// Looks at the jobs that wait, and starts threads for them where that helps.
    private func watch() {
        pthread_mutex_lock(mutex)
        var deadline = deadlineForIdleThreads()
        var backlog = Backlog()
        var processors = ProcessorUse()
        while true {
            if hasWaitingJobs, threadCount < limit {
                pthread_mutex_unlock(mutex)
                usleep(Backlog.tickMicroseconds)
                pthread_mutex_lock(mutex)
                deadline = deadlineForIdleThreads()
                let needsThread = backlog.tick(
                    takenCount: takenCount,
                    waitingCount: jobs.count - firstJob,
                    isBusy: processors.wasBusy()
                )
                if needsThread, hasWaitingJobs, threadCount < limit { startWorker() }
                continue
            }
            watcherWaits = true
            let status = pthread_cond_timedwait(hasBacklog, mutex, &deadline)
            watcherWaits = false
            if status == ETIMEDOUT, !hasWaitingJobs || threadCount >= limit { break }
        }
        isWatched = false
        pthread_mutex_unlock(mutex)
    }

    private func deadlineForIdleThreads() -> timespec {
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        deadline.tv_sec += time_t(idleTime.components.seconds)
        return deadline
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
        var deadline = deadlineForIdleThreads()
        while firstJob == jobs.count {
            idleCount += 1
            let status = pthread_cond_timedwait(hasWork, mutex, &deadline)
            idleCount -= 1
            if status == ETIMEDOUT, firstJob == jobs.count { return nil }
        }
        let job = jobs[firstJob]
        jobs[firstJob] = nil
        firstJob += 1
        takenCount += 1
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
