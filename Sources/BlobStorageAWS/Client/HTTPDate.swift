internal import Foundation

/// The dates of HTTP headers.
///
/// - SeeAlso: RFC 9110, section 5.6.7
enum HTTPDate {
    /// Reads a date in one of the three forms that HTTP has had.
    static func parse(_ text: String) -> Date? {
        // Sun, 06 Nov 1994 08:49:37 GMT; Sunday, 06-Nov-94 08:49:37 GMT; Sun Nov  6 08:49:37 1994
        guard text.utf8.count <= 40 else { return nil }
        let words = text.utf8.split { $0 == 0x20 || $0 == 0x2C || $0 == 0x2D }
        switch words.count {
        case 6:
            guard words[5].elementsEqual("GMT".utf8) else { return nil }
            return date(day: words[1], month: words[2], year: words[3], time: words[4])
        case 5: return date(day: words[2], month: words[1], year: words[4], time: words[3])
        default: return nil
        }
    }

    private static func date(
        day: Substring.UTF8View,
        month: Substring.UTF8View,
        year: Substring.UTF8View,
        time: Substring.UTF8View
    ) -> Date? {
        let time = time.split(separator: 0x3A, omittingEmptySubsequences: false)
        guard time.count == 3, var year = CivilTime.number(year),
            let month = months.firstIndex(where: { month.elementsEqual($0.utf8) }),
            let day = CivilTime.number(day), let hour = CivilTime.number(time[0]),
            let minute = CivilTime.number(time[1]), let second = CivilTime.number(time[2])
        else { return nil }
        // The form with two digits went out of use before 2000; a 1969 in it is no use to us.
        if year < 100 { year += year < 70 ? 2_000 : 1_900 }
        return CivilTime.date(year, month + 1, day, hour, minute, second)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
