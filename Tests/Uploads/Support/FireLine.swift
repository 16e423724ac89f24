import Foundation
import Glibc

/// One line of what a worker did: it began or ended a step, or saw what must not be.
///
///     184467440737 one 17 ? send-right 0192… sending=3f method=put
///
/// The first word is the time of a clock that all processes share, in nanoseconds; then come the worker,
/// the step's number, the mark, the step's kind, the id that it is about or `-`, and what else is known.
package struct FireLine: Sendable {
    /// What a line is about.
    package enum Mark: String, Sendable {
        /// The step begins.
        case begin = "?"
        /// The step is over, and this came of it.
        case end = "!"
        /// Something was seen that must not be.
        case violation = "X"
    }

    package var time: UInt64
    package var worker: String
    package var step: Int
    package var mark: Mark
    package var kind: String
    package var id: String
    package var details: [String: String]

    package init(
        _ mark: Mark,
        worker: String,
        step: Int,
        kind: String,
        id: String,
        details: [String: String] = [:]
    ) {
        time = Self.now
        self.worker = worker
        self.step = step
        self.mark = mark
        self.kind = kind
        self.id = id
        self.details = details
    }

    /// Reads a line; `nil` for one that is none, or not whole.
    package init?(_ text: Substring) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count >= 6, let time = UInt64(words[0]), let step = Int(words[2]),
            let mark = Mark(rawValue: String(words[3]))
        else { return nil }
        self.time = time
        worker = String(words[1])
        self.step = step
        self.mark = mark
        kind = String(words[4])
        id = String(words[5])
        details = [:]
        for word in words.dropFirst(6) {
            let pair = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { return nil }
            details[String(pair[0])] = pair[1].removingPercentEncoding ?? String(pair[1])
        }
    }

    /// The line, without its end.
    package var text: String {
        var words = ["\(time)", worker, "\(step)", mark.rawValue, kind, id]
        for (name, value) in details.sorted(by: { $0.key < $1.key }) {
            words.append("\(name)=\(Self.escaped(value))")
        }
        return words.joined(separator: " ")
    }

    /// Nanoseconds of the system's clock that only rises, which all processes read alike.
    package static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// The value without blanks and line ends.
    private static func escaped(_ value: String) -> String {
        var text = ""
        for byte in value.utf8 {
            if (0x21...0x7E).contains(byte), byte != UInt8(ascii: "%") {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
            }
        }
        return text
    }
}
