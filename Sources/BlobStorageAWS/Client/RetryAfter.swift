internal import BlobStorageHTTP
internal import Foundation

/// How long a server asks to wait.
enum RetryAfter {
    /// What `x-amz-retry-after` (milliseconds) or `Retry-After` (seconds or a date) says.
    ///
    /// - Parameters:
    ///   - headers: The answer's.
    ///   - now: When the answer came, if it has no `Date` of its own.
    /// - Returns: The delay; `nil` if the server asks for none.
    /// - SeeAlso: RFC 9110, section 10.2.3
    static func delay(in headers: HTTPHeaders, now: Date) -> Duration? {
        if let value = headers["x-amz-retry-after"], let count = DecimalText.parse(trim(value)) {
            return .milliseconds(count)
        }
        guard let value = headers["Retry-After"] else { return nil }
        let text = trim(value)
        if let seconds = DecimalText.parse(text) { return .seconds(seconds) }
        guard let date = HTTPDate.parse(value) else { return nil }
        // The server's own clock is the one that its date is meant by.
        let start = headers["Date"].flatMap({ HTTPDate.parse($0) }) ?? now
        let seconds = date.timeIntervalSince(start)
        return seconds > 0 ? .seconds(seconds) : nil
    }

    private static func trim(_ text: String) -> Substring.UTF8View {
        let start = text.utf8.drop { $0 == 0x20 || $0 == 0x09 }
        let end = start.lastIndex { $0 != 0x20 && $0 != 0x09 }
        return end.map { start[...$0] } ?? start
    }
}
