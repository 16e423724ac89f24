package import BlobStorage
package import Foundation

/// Dates as ISO 8601 writes them: in signatures (`20130524T000000Z`) and in XML
/// (`2009-10-12T17:50:30.000Z`).
package enum AWSDate {
    /// Appends the basic form, `20130524T000000Z`: 16 bytes, of which the first 8 are the day.
    package static func appendBasic(_ time: CivilTime, to text: inout [UInt8]) {
        text.appendDecimal(time.year, digitCount: 4)
        text.appendDecimal(time.month, digitCount: 2)
        text.appendDecimal(time.day, digitCount: 2)
        text.append(UInt8(ascii: "T"))
        text.appendDecimal(time.hour, digitCount: 2)
        text.appendDecimal(time.minute, digitCount: 2)
        text.appendDecimal(time.second, digitCount: 2)
        text.append(UInt8(ascii: "Z"))
    }

    /// The basic form, `20130524T000000Z`.
    package static func basic(_ date: Date) -> String {
        var text: [UInt8] = []
        appendBasic(CivilTime(date), to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// The extended form, `2013-05-24T00:00:00Z`, with milliseconds if asked.
    package static func extended(_ date: Date, withMilliseconds: Bool = false) -> String {
        ISO8601Date.text(date, withMilliseconds: withMilliseconds)
    }

    /// Reads either form; the extended one with any fraction of a second, and an offset in place of
    /// `Z`.
    ///
    /// - Returns: The date; `nil` if it is none.
    package static func parse(_ text: String) -> Date? { ISO8601Date.parse(text) }
}
