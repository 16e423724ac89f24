import BlobStorage

extension ByteRange {
    /// Reads a range as HTTP writes it: `0-499`, `500-` or `-500`.
    ///
    /// - Throws: ``UsageError``.
    init(argument: String) throws {
        let parts = argument.utf8.split(
            separator: UInt8(ascii: "-"),
            omittingEmptySubsequences: false
        )
        let numbers = parts.map { Self.number($0) }
        let texts = parts.map { !$0.isEmpty }
        switch (numbers.count, texts.first, texts.last) {
        case (2, true, true):
            if let first = numbers[0], let last = numbers[1], first <= last, last < Int64.max {
                self = .bounded(first..<(last + 1))
                return
            }
        case (2, true, false):
            if let first = numbers[0] {
                self = .from(first)
                return
            }
        case (2, false, true):
            if let count = numbers[1], count > 0 {
                self = .suffix(count)
                return
            }
        default: break
        }
        throw UsageError(
            "\"\(DisplayText(argument))\" is no range; write FIRST-LAST (both included), FIRST- or "
                + "-COUNT"
        )
    }

    /// A number of digits only; `Int64` would take a sign as well.
    private static func number(_ digits: Substring.UTF8View) -> Int64? {
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(Substring(digits))
    }
}
