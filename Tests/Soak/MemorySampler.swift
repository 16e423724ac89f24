import BlobStorage

/// Looks at the memory in use every second.
final class MemorySampler: Sendable, CustomStringConvertible {
    private struct Sample {
        let resident: Int
        let allocated: Int
    }

    private let samples = Locked<[Sample]>([])

    func run() async throws {
        while true {
            try await Task.sleep(for: .seconds(1))
            let sample = Sample(
                resident: ProcessState.residentByteCount,
                allocated: ProcessState.allocatedByteCount
            )
            samples.withLock { $0.append(sample) }
        }
    }

    /// How much more is in use in the last fifth of the time than in the second, on average.
    var residentGrowth: Int { growth(\.resident) }

    /// The same of what the allocator was asked for.
    var allocatedGrowth: Int { growth(\.allocated) }

    var description: String {
        let most = samples.withLock { $0.map(\.resident).max() ?? 0 }
        return "in MiB, by tenths of the time: resident \(tenths(\.resident)), "
            + "at most \(most >> 20), growth after the first fifth \(residentGrowth >> 10) KiB; "
            + "allocated \(tenths(\.allocated)), growth \(allocatedGrowth >> 10) KiB"
    }

    private func growth(_ value: KeyPath<Sample, Int>) -> Int {
        let fifths = means(5, value)
        guard fifths.count == 5 else { return 0 }
        return fifths[4] - fifths[1]
    }

    private func tenths(_ value: KeyPath<Sample, Int>) -> String {
        means(10, value).map { "\($0 >> 20)" }.joined(separator: " ")
    }

    private func means(_ count: Int, _ value: KeyPath<Sample, Int>) -> [Int] {
        samples.withLock { samples in
            guard samples.count >= count else { return [] }
            return (0..<count).map { index in
                let start = index * samples.count / count
                let part = samples[start..<(index + 1) * samples.count / count]
                return part.reduce(0) { $0 + $1[keyPath: value] } / part.count
            }
        }
    }
}
