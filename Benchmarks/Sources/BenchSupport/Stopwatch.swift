import Glibc

/// Times the work of a row, and tells the driver.
///
/// The process is the driver's to measure: processor time and memory are those of all of it.
package enum Stopwatch {
    /// Does the work, and prints how long it alone took and how much it was.
    package static func run(_ work: () async throws -> Int64) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let amount = try await work()
        let seconds = start.duration(to: clock.now) / .seconds(1)
        // Standard output may be the pipe that the bytes went to.
        let line = Array("{\"seconds\": \(seconds), \"amount\": \(amount)}\n".utf8)
        guard write(STDERR_FILENO, line, line.count) == line.count else {
            throw Misuse("standard error can't be written to")
        }
    }
}
