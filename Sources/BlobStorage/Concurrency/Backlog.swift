#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Decides whether jobs that wait need one more thread.
///
/// Threads that wait for a disk or a pipe leave the cores to others: there more threads help, since
/// more requests reach the disk at once. Where the threads are at work, more of them would only
/// take turns, each with a buffer of its own.
struct Backlog {
    /// How long the jobs that wait are left alone before they are looked at again.
    static let tickMicroseconds: UInt32 = 1_000

    /// After how many looks without any job taken a thread is started in any case: the cores may be
    /// busy with something else.
    private static let longestStandstill = 10

    private var takenCount = -1
    /// The jobs that are taken when those are gone that waited at the look before.
    private var mark = 0
    private var standstill = 0

    /// Looks again after a tick.
    ///
    /// - Parameters:
    ///   - takenCount: How many jobs were ever taken.
    ///   - waitingCount: How many jobs wait.
    ///   - isBusy: Whether the process was at work since the look before.
    /// - Returns: Whether to start a thread.
    mutating func tick(takenCount: Int, waitingCount: Int, isBusy: Bool) -> Bool {
        standstill = takenCount == self.takenCount ? standstill + 1 : 0
        self.takenCount = takenCount
        let isLate = takenCount < mark
        if !isLate { mark = takenCount + waitingCount }

        guard (isLate && !isBusy) || standstill >= Self.longestStandstill else { return false }
        standstill = 0
        return true
    }
}

/// Tells whether the process is at work, or waits.
struct ProcessorUse {
    /// The share of all cores that the process uses at least when its threads are at work; one that
    /// waits for a disk uses a few percent.
    private static let busyShare = 0.25

    static let coreCount = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

    private var processorTime = nanoseconds(CLOCK_PROCESS_CPUTIME_ID)
    private var time = nanoseconds(CLOCK_MONOTONIC)

    /// Whether the process was at work since this was asked before.
    mutating func wasBusy() -> Bool {
        let (oldTime, oldProcessorTime) = (time, processorTime)
        time = Self.nanoseconds(CLOCK_MONOTONIC)
        processorTime = Self.nanoseconds(CLOCK_PROCESS_CPUTIME_ID)
        let available = Double(time - oldTime) * Double(Self.coreCount)
        return Double(processorTime - oldProcessorTime) > available * Self.busyShare
    }

    private static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
