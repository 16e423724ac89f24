import Foundation

/// A time as ISO 8601 writes it, in UTC and whole milliseconds: `2026-11-21T08:15:30.250Z`.
struct Timestamp: Sendable, Encodable, CustomStringConvertible {
    let description: String

    init(_ date: Date) {
        // What records keep lies a little beside a whole millisecond, as a `Double`.
        let milliseconds = Int64((date.timeIntervalSince1970 * 1_000).rounded())
        let rest = ((milliseconds % 1_000) + 1_000) % 1_000
        var seconds = time_t((milliseconds - rest) / 1_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let day = [Int(parts.tm_year) + 1_900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)]
        let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { Self.padded(Int($0), 2) }
        description =
            "\(Self.padded(day[0], 4))-\(Self.padded(day[1], 2))-\(Self.padded(day[2], 2))T"
            + time.joined(separator: ":") + ".\(Self.padded(Int(rest), 3))Z"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    func encode(to encoder: any Encoder) throws {
        try description.encode(to: encoder)
    }
}
