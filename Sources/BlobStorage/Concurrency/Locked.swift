#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A value that one thread at a time can reach.
///
/// It stands on a pthread mutex, which ThreadSanitizer understands; it reports races that are none
/// on `Synchronization.Mutex`. No `await` may happen under the lock.
package final class Locked<Value>: @unchecked Sendable {
    // The mutex must not move, so it lives on the heap; `value` is only touched while it is held.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    package init(_ value: sending Value) {
        self.value = value
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        let status = pthread_mutex_init(mutex, nil)
        precondition(status == 0, "pthread_mutex_init failed with \(status)")
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deinitialize(count: 1)
        mutex.deallocate()
    }

    /// Runs `body` on the value, alone.
    package func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
