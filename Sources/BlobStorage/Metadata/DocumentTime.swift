package import Foundation

/// The times of records: whole milliseconds since 1970, so that every store keeps them exactly.
package enum DocumentTime {
    /// The times that a record may have: from the year 1970 to the end of 9999.
    package static let range: ClosedRange<Int64> = 0...253_402_300_799_999

    /// The nearest millisecond; one that no number holds becomes the least or the greatest number.
    package static func milliseconds(of date: Date) -> Int64 {
        let milliseconds = (date.timeIntervalSince1970 * 1_000).rounded()
        guard milliseconds == milliseconds else { return .min }
        return Int64(exactly: milliseconds) ?? (milliseconds < 0 ? .min : .max)
    }

    /// The time of a number of milliseconds.
    package static func date(_ milliseconds: Int64) -> Date {
        Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
    }
}

extension Date {
    /// The time as records keep it, in whole milliseconds.
    var inWholeMilliseconds: Date { DocumentTime.date(DocumentTime.milliseconds(of: self)) }
}
