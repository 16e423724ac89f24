import Foundation

/// A time as ISO 8601 writes it, in UTC: `2026-11-21T08:15:30.250Z`.
struct Timestamp: CustomStringConvertible {
    let description: String

    init(_ date: Date) {
        let milliseconds = Int64((date.timeIntervalSince1970 * 1_000).rounded(.down))
        var seconds = time_t(milliseconds.dividedBy(1_000))
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let day = [Int(parts.tm_year) + 1_900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)]
        let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { Int($0).padded(2) }
        let rest = Int(milliseconds - Int64(seconds) * 1_000).padded(3)
        description =
            "\(day[0].padded(4))-\(day[1].padded(2))-\(day[2].padded(2))T"
            + time.joined(separator: ":") + ".\(rest)Z"
    }
}

extension Int64 {
    /// The quotient, rounded down also before 1970.
    fileprivate func dividedBy(_ divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

extension Int {
    /// The number with zeros before it.
    func padded(_ width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
    }
}
