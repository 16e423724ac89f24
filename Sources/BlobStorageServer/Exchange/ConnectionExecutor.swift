internal import Glibc

/// Runs the task of a request on the thread of its connection.
///
/// That thread would only wait meanwhile. So a request that needs no other thread is answered without
/// changing threads at all.
final class ConnectionExecutor: TaskExecutor, @unchecked Sendable {
    // Everything below `mutex` is only touched while it is held.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let hasWork: UnsafeMutablePointer<pthread_cond_t>
    private var jobs: [UnownedJob] = []
    private var firstJob = 0
    private var isDetached = false

    init() {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
        hasWork = .allocate(capacity: 1)
        hasWork.initialize(to: pthread_cond_t())
        pthread_cond_init(hasWork, nil)
    }

    deinit {
        pthread_cond_destroy(hasWork)
        hasWork.deallocate()
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pthread_mutex_lock(mutex)
        let goesElsewhere = isDetached
        if !goesElsewhere {
            jobs.append(job)
            pthread_cond_signal(hasWork)
        }
        pthread_mutex_unlock(mutex)
        if goesElsewhere { globalConcurrentExecutor.enqueue(job) }
    }

    /// Runs the next job on this thread, or waits a while for one.
    ///
    /// - Parameter milliseconds: How long to wait.
    /// - Returns: Whether there was a job.
    func runNext(waitingFor milliseconds: Int) -> Bool {
        pthread_mutex_lock(mutex)
        if firstJob == jobs.count, milliseconds > 0 {
            var deadline = timespec()
            clock_gettime(CLOCK_REALTIME, &deadline)
            deadline.tv_nsec += milliseconds * 1_000_000
            deadline.tv_sec += deadline.tv_nsec / 1_000_000_000
            deadline.tv_nsec %= 1_000_000_000
            pthread_cond_timedwait(hasWork, mutex, &deadline)
        }
        let job = takeJob()
        pthread_mutex_unlock(mutex)
        job?.runSynchronously(on: asUnownedTaskExecutor())
        return job != nil
    }

    private func takeJob() -> UnownedJob? {
        guard firstJob < jobs.count else { return nil }
        defer {
            firstJob += 1
            if firstJob == jobs.count {
                jobs.removeAll(keepingCapacity: true)
                firstJob = 0
            } else if firstJob > 64, firstJob > jobs.count / 2 {
                // Tasks that take turns never leave the queue empty.
                jobs.removeFirst(firstJob)
                firstJob = 0
            }
        }
        return jobs[firstJob]
    }

    /// How many jobs there is memory for.
    var capacity: Int {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return jobs.capacity
    }

    /// Takes the jobs to come, after they were handed on for a while.
    func attach() {
        pthread_mutex_lock(mutex)
        isDetached = false
        pthread_mutex_unlock(mutex)
    }

    /// Hands all jobs, those that wait and those to come, to Swift's own threads.
    func detach() {
        pthread_mutex_lock(mutex)
        isDetached = true
        let left = jobs[firstJob...]
        jobs = []
        firstJob = 0
        pthread_mutex_unlock(mutex)
        for job in left { globalConcurrentExecutor.enqueue(job) }
    }
}
