internal import Foundation

/// Arithmetic of the Gregorian calendar in UTC, whatever the process's locale and time zone are.
enum CivilTime {
    /// The instant of a date and a time of day; `nil` if there is no such date or time.
    ///
    /// A leap second counts as the second after it.
    ///
    /// - SeeAlso: days from a date, https://howardhinnant.github.io/date_algorithms.html
    static func date(
        _ year: Int,
        _ month: Int,
        _ day: Int,
        _ hour: Int,
        _ minute: Int,
        _ second: Int
    ) -> Date? {
        guard (1...9_999).contains(year), (1...12).contains(month), day >= 1,
            day <= dayCount(of: month, in: year),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        let marchYear = month > 2 ? year : year - 1
        let era = marchYear / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second
        return Date(timeIntervalSince1970: TimeInterval(seconds))
    }

    private static func dayCount(of month: Int, in year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: return 30
        case 2:
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            return isLeap ? 29 : 28
        default: return 31
        }
    }

    /// A run of digits, and nothing else, as a number.
    static func number(_ digits: some Collection<UInt8>) -> Int? {
        // Nine digits can't overflow.
        guard (1...9).contains(digits.count) else { return nil }
        var number = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + Int(digit - 0x30)
        }
        return number
    }
}
