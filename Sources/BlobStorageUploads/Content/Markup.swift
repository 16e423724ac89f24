/// Text that begins with a tag.
enum Markup {
    /// Whether the first thing in a text, after blanks and a mark of its encoding, is a tag, a comment
    /// or a declaration.
    static func isMarkup(_ start: [UInt8]) -> Bool {
        var rest = start[...]
        let marks: [[UInt8]] = [[0xEF, 0xBB, 0xBF], [0xFE, 0xFF], [0xFF, 0xFE]]
        if let mark = marks.first(where: { rest.starts(with: $0) }) {
            rest = rest.dropFirst(mark.count)
        }
        // In UTF-16 a zero stands beside each letter of ASCII.
        let skipped: [UInt8] = [0x09, 0x0A, 0x0C, 0x0D, 0x20]
        rest = rest.filter { $0 != 0 }.drop { skipped.contains($0) }
        guard rest.first == UInt8(ascii: "<"), let next = rest.dropFirst().first else {
            return false
        }
        switch next {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "!"), UInt8(ascii: "?"):
            return true
        default: return false
        }
    }
}
