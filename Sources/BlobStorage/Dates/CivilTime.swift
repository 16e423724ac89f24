package import Foundation

/// A moment as the calendar tells it in UTC, in the years 1 to 9999.
///
/// Plain arithmetic on the proleptic Gregorian calendar, so that neither the locale nor the time
/// zone of the process has a say.
///
/// - SeeAlso: https://howardhinnant.github.io/date_algorithms.html
package struct CivilTime: Sendable, Hashable {
    package var year: Int
    /// From 1 to 12.
    package var month: Int
    /// From 1 to 31.
    package var day: Int
    package var hour: Int
    package var minute: Int
    package var second: Int

    /// The seconds since 1970 at the beginning of the year 1 and at the end of 9999.
    private static let bounds: ClosedRange<Double> = -62_135_596_800...253_402_300_799
    private static let daySecondCount = 86_400
    /// An era is 400 years, after which the calendar repeats.
    private static let eraDayCount = 146_097
    /// From 0000-03-01, where an era begins, to 1970-01-01.
    private static let epochDay = 719_468

    /// The second that a date is in; dates outside the years 1 to 9999 are moved to their ends.
    package init(_ date: Date) {
        let time = date.timeIntervalSince1970.rounded(.down)
        // A date that is no number fails both comparisons, and becomes the year 1.
        let seconds = Int(
            time >= Self.bounds.lowerBound
                ? min(time, Self.bounds.upperBound) : Self.bounds.lowerBound
        )
        var days = seconds / Self.daySecondCount
        var rest = seconds % Self.daySecondCount
        if rest < 0 {
            days -= 1
            rest += Self.daySecondCount
        }
        // The year is taken to begin in March, so that the leap day is its last. The epoch's day number
        // is above zero for all years in bounds.
        days += Self.epochDay
        let era = days / Self.eraDayCount
        let dayOfEra = days % Self.eraDayCount
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = rest / 3_600
        minute = rest / 60 % 60
        second = rest % 60
    }

    /// A moment from its parts, or `nil` if there is none such.
    ///
    /// A leap second counts as the one after it.
    package init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        guard (1...9_999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.dayCount(year: year, month: month), (0...23).contains(hour),
            (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// The seconds since 1970.
    private var secondsSince1970: Int {
        dayNumber * Self.daySecondCount + hour * 3_600 + minute * 60 + second
    }

    /// The days since 1970.
    private var dayNumber: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear % 400
        let shiftedMonth = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * Self.eraDayCount + dayOfEra - Self.epochDay
    }

    package var date: Date { Date(timeIntervalSince1970: Double(secondsSince1970)) }

    /// The day of the week, from 0 for Sunday to 6.
    package var weekday: Int {
        // 1970 began on a Thursday.
        let weekday = (dayNumber + 4) % 7
        return weekday < 0 ? weekday + 7 : weekday
    }

    private static func dayCount(year: Int, month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension [UInt8] {
    /// Appends the last digits of a number in decimal, filled up with zeros.
    package mutating func appendDecimal(_ number: Int, digitCount: Int) {
        if digitCount > 1 { appendDecimal(number / 10, digitCount: digitCount - 1) }
        append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
