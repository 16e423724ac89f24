import CBlobStorageSoak
import Foundation
import Glibc

/// What a process holds of the system.
struct ProcessState: CustomStringConvertible {
    let descriptorCount: Int
    let threadCount: Int

    static var now: ProcessState {
        ProcessState(descriptorCount: entries("fd"), threadCount: entries("task"))
    }

    var description: String { "\(descriptorCount) descriptors, \(threadCount) threads" }

    /// The memory that is in use, in bytes.
    static var residentByteCount: Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
            return 0
        }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// What the program has asked malloc(3) for and not given back, in bytes.
    ///
    /// What the allocator keeps for later, which `residentByteCount` counts, is not in it.
    static var allocatedByteCount: Int { cblobstorage_allocated_byte_count() }

    /// Waits until the threads that have nothing to do have ended.
    ///
    /// - Parameter state: What is to be reached again; it is waited for, a minute at most, since the
    ///   system ends threads when it has time to.
    /// - Throws: `CancellationError`.
    static func settle(to state: ProcessState? = nil) async throws {
        // Threads for blocking calls wait ten seconds for work, by default.
        try await Task.sleep(for: .seconds(13))
        guard let state else { return }
        for _ in 0..<47 where !now.holdsNoMore(than: state) {
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func holdsNoMore(than other: ProcessState) -> Bool {
        descriptorCount <= other.descriptorCount && threadCount <= other.threadCount
    }

    private static func entries(_ folder: String) -> Int {
        guard let directory = opendir("/proc/self/\(folder)") else { return -1 }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        return count
    }
}
