import BlobStorage

/// The sizes of the parts that a blob was uploaded in, as runs of equal ones.
///
/// As text, `8388608*3 123` is three parts of 8 MiB and one of 123 bytes. Clients cut parts of one
/// size, so that two runs are the rule. Of a blob with more than ``maximumCount`` runs, or more than
/// ``maximumPartCount`` parts, nothing is remembered: the record of a file must stay small.
struct PartRuns: Equatable {
    private struct Run: Equatable {
        var byteCount: Int64
        var times: Int
    }

    /// The most runs, which have 5 KiB at most: a size has 13 digits, how often it comes 5.
    static let maximumCount = 256
    /// The most parts: as many as S3 takes, so that text from elsewhere makes no more of them.
    static let maximumPartCount = 10_000

    private var runs: [Run] = []

    /// Takes sizes in.
    ///
    /// - Returns: `nil` if there are too many to remember, or none.
    init?(_ byteCounts: [Int64]) {
        guard (1...Self.maximumPartCount).contains(byteCounts.count) else { return nil }
        for byteCount in byteCounts {
            if runs.last?.byteCount == byteCount {
                runs[runs.count - 1].times += 1
            } else {
                guard runs.count < Self.maximumCount else { return nil }
                runs.append(Run(byteCount: byteCount, times: 1))
            }
        }
    }

    /// Reads what ``text`` is; `nil` for any other text.
    init?(text: ArraySlice<UInt8>) {
        var partCount = 0
        let words = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard words.count <= Self.maximumCount else { return nil }
        for word in words {
            let numbers = word.split(
                separator: UInt8(ascii: "*"),
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            guard let byteCount = Self.number(numbers[0]), byteCount >= 0 else { return nil }
            var times: Int64 = 1
            if numbers.count == 2 {
                guard let found = Self.number(numbers[1]), found > 0 else { return nil }
                times = found
            }
            guard times <= Self.maximumPartCount - partCount else { return nil }
            partCount += Int(times)
            runs.append(Run(byteCount: byteCount, times: Int(times)))
        }
    }

    /// The sizes as text.
    var text: String {
        runs.map { run in
            run.times == 1 ? String(run.byteCount) : "\(run.byteCount)*\(run.times)"
        }
        .joined(separator: " ")
    }

    /// The size of each part; `nil` if they are not those of a blob of this size.
    func byteCounts(inByteCount total: Int64) -> [Int64]? {
        var sum: Int64 = 0
        for run in runs {
            let (product, isOver) = run.byteCount.multipliedReportingOverflow(by: Int64(run.times))
            guard !isOver, product <= total - sum else { return nil }
            sum += product
        }
        guard sum == total else { return nil }
        return runs.flatMap { Array(repeating: $0.byteCount, count: $0.times) }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return Int64(String(decoding: digits, as: UTF8.self))
    }
}
