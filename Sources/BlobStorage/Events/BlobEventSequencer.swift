/// Where an event stands among the events of its key: a number in hexadecimal digits, of any length.
///
/// Sequencers of one key in one store can be compared; those of two keys tell nothing. The shorter
/// of two is filled up with zeros at its end, and then the digits are compared from the left, as AWS
/// has it.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
public struct BlobEventSequencer: Sendable {
    /// The most digits that a sequencer may have; those of AWS have 16 to 18.
    public static let maximumDigitCount = 64

    /// The digits as the store gave them.
    public let text: String

    /// Creates a sequencer.
    ///
    /// - Parameter text: The digits: 0 to 9 and A to F, of either case.
    /// - Throws: ``BlobError`` of kind `invalidArgument` if there is none, another character, or
    ///   more than ``maximumDigitCount``.
    public init(_ text: String) throws {
        let isLegal =
            (1...Self.maximumDigitCount).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
                default: false
                }
            }
        guard isLegal else {
            let shown = EscapedText(String(decoding: text.utf8.prefix(40), as: UTF8.self))
            throw BlobError(
                .invalidArgument,
                operation: "sequencer",
                message: "the sequencer is \"\(shown)\"; it has 1 to \(Self.maximumDigitCount) "
                    + "hexadecimal digits"
            )
        }
        self.init(unchecked: text)
    }

    /// Creates a sequencer from digits that have been checked.
    package init(unchecked text: String) {
        var text = text
        text.makeContiguousUTF8()
        self.text = text
    }

    /// A number as a sequencer of 16 digits.
    package init(_ number: UInt64) {
        let digits = String(number, radix: 16, uppercase: true)
        self.init(unchecked: String(repeating: "0", count: 16 - digits.utf8.count) + digits)
    }

    /// Compares digit by digit: negative, zero or positive.
    private static func compare(_ a: Self, _ b: Self) -> Int {
        var (left, right) = (a.text.utf8.makeIterator(), b.text.utf8.makeIterator())
        for _ in 0..<max(a.text.utf8.count, b.text.utf8.count) {
            let order = value(left.next()) - value(right.next())
            if order != 0 { return order }
        }
        return 0
    }

    private static func value(_ digit: UInt8?) -> Int {
        switch digit {
        case let digit? where digit >= 0x61: Int(digit) - 0x61 + 10
        case let digit? where digit >= 0x41: Int(digit) - 0x41 + 10
        case let digit?: Int(digit) - 0x30
        case nil: 0
        }
    }
}

extension BlobEventSequencer: Hashable, Comparable {
    /// Whether two are the same number: zeros at the end don't count, nor does the case of a digit.
    public static func == (a: Self, b: Self) -> Bool { compare(a, b) == 0 }

    /// Whether the one comes before the other.
    public static func < (a: Self, b: Self) -> Bool { compare(a, b) < 0 }

    /// Hashes what is compared.
    public func hash(into hasher: inout Hasher) {
        var digits = text.utf8.map { Self.value($0) }
        while digits.last == 0 { digits.removeLast() }
        hasher.combine(digits)
    }
}

extension BlobEventSequencer: CustomStringConvertible {
    /// The digits as the store gave them.
    public var description: String { text }
}

extension BlobEventSequencer: Codable {
    /// Reads a sequencer from a string.
    ///
    /// - Throws: ``BlobError`` of kind `invalidArgument` if it is none.
    public init(from decoder: any Decoder) throws {
        try self.init(String(from: decoder))
    }

    /// Writes the digits as a string.
    public func encode(to encoder: any Encoder) throws {
        try text.encode(to: encoder)
    }
}
