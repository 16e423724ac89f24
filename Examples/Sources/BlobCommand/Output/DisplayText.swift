/// Text as it is shown: one line, whatever is in it, that can't steer the terminal.
///
/// Control characters, and those that turn the direction of writing, become `\u{…}`; so that no two
/// texts look alike, `\` becomes `\\`.
struct DisplayText: CustomStringConvertible {
    let description: String

    init(_ text: String) {
        description = Self.escaped(text, escapesBackslash: true)
    }

    /// Text that has its backslashes escaped already, such as an error's.
    init(message: String) {
        description = Self.escaped(message, escapesBackslash: false)
    }

    private static func escaped(_ text: String, escapesBackslash: Bool) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            if isHarmful(scalar) {
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            } else if escapesBackslash, scalar == "\\" {
                shown += "\\\\"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    /// Whether a scalar could steer a terminal, or make a line read as what it is not.
    static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// How many columns a text takes, near enough to cut it.
    static func width(of text: some StringProtocol) -> Int {
        text.reduce(0) { $0 + width(of: $1) }
    }

    /// The end of a text, in at most `width` columns.
    static func tail(of text: String, width: Int) -> String {
        guard self.width(of: text) > width else { return text }
        var kept: [Character] = []
        var room = width - 1
        for character in text.reversed() {
            room -= self.width(of: character)
            guard room >= 0 else { break }
            kept.append(character)
        }
        return "…" + String(kept.reversed())
    }

    private static func width(of character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        // From here on most are wide: Hangul, CJK, emoji.
        let isWide = (0x1100...0x115F).contains(scalar.value) || scalar.value >= 0x2E80
        return isWide ? 2 : 1
    }
}
