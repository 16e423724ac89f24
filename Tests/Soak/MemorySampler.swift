import BlobStorage

/// Looks at the memory in use every second.
final class MemorySampler: Sendable, CustomStringConvertible {
    private let samples = Locked<[Int]>([])

    func run() async throws {
        while true {
            try await Task.sleep(for: .seconds(1))
            samples.withLock { $0.append(ProcessState.residentByteCount) }
        }
    }

    /// How much more is in use in the last fifth of the time than in the second, on average.
    var growthByteCount: Int {
        let fifths = means(5)
        guard fifths.count == 5 else { return 0 }
        return fifths[4] - fifths[1]
    }

    var description: String {
        let tenths = means(10).map { "\($0 >> 20)" }.joined(separator: " ")
        let most = samples.withLock { $0.max() ?? 0 }
        return "in MiB, by tenths of the time: \(tenths); at most \(most >> 20); "
            + "growth after the first fifth: \(growthByteCount >> 10) KiB"
    }

    private func means(_ count: Int) -> [Int] {
        samples.withLock { samples in
            guard samples.count >= count else { return [] }
            return (0..<count).map { index in
                let start = index * samples.count / count
                let part = samples[start..<(index + 1) * samples.count / count]
                return part.reduce(0, +) / part.count
            }
        }
    }
}
