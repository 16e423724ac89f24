extension StringProtocol {
    /// The text without blanks at its ends.
    var trimmed: String {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        let bytes = Array(utf8)
        guard let start = bytes.firstIndex(where: { !isBlank($0) }),
            let end = bytes.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(decoding: bytes[start...end], as: UTF8.self)
    }

    /// The text with its ASCII letters in lower case.
    var lowercasedASCII: String {
        guard utf8.contains(where: { (0x41...0x5A).contains($0) }) else { return String(self) }
        return String(
            decoding: utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 },
            as: UTF8.self
        )
    }

    /// The items between commas, without blanks and without empty ones; a comma between double quotes
    /// is none.
    var listItems: [String] {
        var items: [String] = []
        var item: [UInt8] = []
        var isQuoted = false
        func finish() {
            let text = String(decoding: item, as: UTF8.self).trimmed
            if !text.isEmpty { items.append(text) }
            item = []
        }
        for byte in utf8 {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: ","), !isQuoted {
                finish()
            } else {
                item.append(byte)
            }
        }
        finish()
        return items
    }

    /// The number that the text's decimal digits are; `nil` for anything else, signs too.
    var decimal: Int64? {
        guard (1...19).contains(utf8.count), utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int64(String(self))
    }
}
