import Foundation
import Glibc

/// Tells what goes on, a JSON object on a line of its own: for people to read, and for programs.
///
/// What is given to it must hold no secret: presigned URLs, tokens and keys stay out.
struct ServiceLog: Sendable {
    /// How much a line matters.
    enum Level: String, Sendable {
        case info
        case warning
        case error
    }

    /// A value of a line.
    enum Value: Sendable, Encodable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
        ExpressibleByIntegerLiteral
    {
        case text(String)
        case number(Int64)

        init(stringLiteral text: String) {
            self = .text(text)
        }

        init(integerLiteral number: Int64) {
            self = .number(number)
        }

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .text(let text): try text.encode(to: encoder)
            case .number(let number): try number.encode(to: encoder)
            }
        }
    }

    private let write: @Sendable (String) -> Void

    /// Creates a log.
    ///
    /// - Parameter write: Takes a line, with its end.
    init(write: @escaping @Sendable (String) -> Void) {
        self.write = write
    }

    /// Writes to the standard error; what nobody reads is lost.
    static let standardError = ServiceLog { line in
        // One call a line, so that lines of several threads don't mix.
        let bytes = Array(line.utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }

    /// Writes a line.
    ///
    /// - Parameters:
    ///   - event: What happened, in one word or two.
    ///   - level: How much it matters.
    ///   - fields: What else there is to know; `nil` is left out.
    func note(_ event: String, level: Level = .info, _ fields: [String: Value?] = [:]) {
        var line: [String: Value] = fields.compactMapValues { $0 }
        line["time"] = .text(Timestamp(Date()).description)
        line["level"] = .text(level.rawValue)
        line["event"] = .text(event)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(line) else { return }
        write(String(decoding: data, as: UTF8.self) + "\n")
    }
}
