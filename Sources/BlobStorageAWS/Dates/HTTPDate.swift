internal import BlobStorage
package import Foundation

/// Dates as HTTP writes them: `Sun, 06 Nov 1994 08:49:37 GMT`.
///
/// - SeeAlso: RFC 9110, section 5.6.7.
package enum HTTPDate {
    private static let days: [StaticString] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let longDays: [StaticString] = [
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]
    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Writes a date.
    package static func text(_ date: Date) -> String {
        let time = CivilTime(date)
        var text: [UInt8] = []
        days[time.weekday].withUTF8Buffer { text.append(contentsOf: $0) }
        text.append(contentsOf: ", ".utf8)
        text.appendDecimal(time.day, digitCount: 2)
        text.append(UInt8(ascii: " "))
        months[time.month - 1].withUTF8Buffer { text.append(contentsOf: $0) }
        text.append(UInt8(ascii: " "))
        text.appendDecimal(time.year, digitCount: 4)
        text.append(UInt8(ascii: " "))
        text.appendDecimal(time.hour, digitCount: 2)
        text.append(UInt8(ascii: ":"))
        text.appendDecimal(time.minute, digitCount: 2)
        text.append(UInt8(ascii: ":"))
        text.appendDecimal(time.second, digitCount: 2)
        text.append(contentsOf: " GMT".utf8)
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads a date in the form of RFC 1123, RFC 850 or C's `asctime`; the day of the week is not
    /// checked against the rest.
    ///
    /// - Parameters:
    ///   - text: The date.
    ///   - now: What two digits of a year are taken to be near to: no more than 50 years ahead.
    /// - Returns: The date; `nil` if it is none.
    package static func parse(_ text: String, now: Date = Date()) -> Date? {
        var scanner = DateScanner(text)
        let time: CivilTime?
        // The long names begin with the short ones, so they come first.
        if scanner.name(of: longDays) != nil {
            time = scanner.skip(", ") ? rfc850(&scanner, now: now) : nil
        } else if scanner.name(of: days) != nil {
            time = scanner.skip(", ") ? rfc1123(&scanner) : asctime(&scanner)
        } else {
            time = nil
        }
        return scanner.isAtEnd ? time?.date : nil
    }

    /// Reads `06 Nov 1994 08:49:37 GMT`.
    private static func rfc1123(_ scanner: inout DateScanner) -> CivilTime? {
        guard let day = scanner.number(digitCount: 2), scanner.skip(" "),
            let month = scanner.name(of: months), scanner.skip(" "),
            let year = scanner.number(digitCount: 4), scanner.skip(" "),
            let clock = clock(&scanner), scanner.skip(" GMT")
        else { return nil }
        return time(year: year, month: month + 1, day: day, clock)
    }

    /// Reads `06-Nov-94 08:49:37 GMT`.
    private static func rfc850(_ scanner: inout DateScanner, now: Date) -> CivilTime? {
        guard let day = scanner.number(digitCount: 2), scanner.skip("-"),
            let month = scanner.name(of: months), scanner.skip("-"),
            let shortYear = scanner.number(digitCount: 2), scanner.skip(" "),
            let clock = clock(&scanner), scanner.skip(" GMT")
        else { return nil }
        let thisYear = CivilTime(now).year
        var year = thisYear / 100 * 100 + shortYear
        if year > thisYear + 50 { year -= 100 }
        return time(year: year, month: month + 1, day: day, clock)
    }

    /// Reads ` Nov  6 08:49:37 1994`.
    private static func asctime(_ scanner: inout DateScanner) -> CivilTime? {
        guard scanner.skip(" "), let month = scanner.name(of: months), scanner.skip(" "),
            case let digitCount = scanner.skip(" ") ? 1 : 2,
            let day = scanner.number(digitCount: digitCount), scanner.skip(" "),
            let clock = clock(&scanner), scanner.skip(" "),
            let year = scanner.number(digitCount: 4)
        else { return nil }
        return time(year: year, month: month + 1, day: day, clock)
    }

    /// Reads `08:49:37`.
    private static func clock(_ scanner: inout DateScanner) -> (Int, Int, Int)? {
        guard let hour = scanner.number(digitCount: 2), scanner.skip(":"),
            let minute = scanner.number(digitCount: 2), scanner.skip(":"),
            let second = scanner.number(digitCount: 2)
        else { return nil }
        return (hour, minute, second)
    }

    private static func time(
        year: Int,
        month: Int,
        day: Int,
        _ clock: (Int, Int, Int)
    ) -> CivilTime? {
        CivilTime(
            year: year,
            month: month,
            day: day,
            hour: clock.0,
            minute: clock.1,
            second: clock.2
        )
    }
}
