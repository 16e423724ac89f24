package import Foundation

/// Dates in ISO 8601's extended form, `2009-10-12T17:50:30Z`, as in XML and JSON.
package enum ISO8601Date {
    /// The extended form, `2013-05-24T00:00:00Z`, with milliseconds if asked.
    package static func text(_ date: Date, withMilliseconds: Bool = false) -> String {
        let time = CivilTime(date)
        var text: [UInt8] = []
        text.appendDecimal(time.year, digitCount: 4)
        text.append(UInt8(ascii: "-"))
        text.appendDecimal(time.month, digitCount: 2)
        text.append(UInt8(ascii: "-"))
        text.appendDecimal(time.day, digitCount: 2)
        text.append(UInt8(ascii: "T"))
        text.appendDecimal(time.hour, digitCount: 2)
        text.append(UInt8(ascii: ":"))
        text.appendDecimal(time.minute, digitCount: 2)
        text.append(UInt8(ascii: ":"))
        text.appendDecimal(time.second, digitCount: 2)
        if withMilliseconds {
            let fraction = date.timeIntervalSince(time.date)
            text.append(UInt8(ascii: "."))
            text.appendDecimal(Int(min(max(fraction * 1_000, 0), 999)), digitCount: 3)
        }
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads either form; the extended one with any fraction of a second, and an offset in place of
    /// `Z`.
    ///
    /// - Returns: The date; `nil` if it is none.
    package static func parse(_ text: String) -> Date? {
        var scanner = DateScanner(text)
        guard let year = scanner.number(digitCount: 4) else { return nil }
        let isExtended = scanner.skip("-")
        guard let month = scanner.number(digitCount: 2), !isExtended || scanner.skip("-"),
            let day = scanner.number(digitCount: 2), scanner.skip("T"),
            let hour = scanner.number(digitCount: 2), !isExtended || scanner.skip(":"),
            let minute = scanner.number(digitCount: 2), !isExtended || scanner.skip(":"),
            let second = scanner.number(digitCount: 2)
        else { return nil }
        var fraction = 0.0
        if isExtended, scanner.skip(".") {
            guard let found = scanner.fraction() else { return nil }
            fraction = found
        }
        guard let offset = parseOffset(&scanner), scanner.isAtEnd,
            let time = CivilTime(
                year: year,
                month: month,
                day: day,
                hour: hour,
                minute: minute,
                second: second
            )
        else { return nil }
        return time.date.addingTimeInterval(fraction - Double(offset))
    }

    /// The seconds that local time is ahead of UTC.
    private static func parseOffset(_ scanner: inout DateScanner) -> Int? {
        if scanner.skip("Z") { return 0 }
        let isBehind = scanner.skip("-")
        guard isBehind || scanner.skip("+"), let hours = scanner.number(digitCount: 2) else {
            return nil
        }
        _ = scanner.skip(":")
        guard let minutes = scanner.number(digitCount: 2), hours <= 23, minutes <= 59 else {
            return nil
        }
        let seconds = hours * 3_600 + minutes * 60
        return isBehind ? -seconds : seconds
    }
}
