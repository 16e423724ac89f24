/// Reads the parts of a date from text, byte by byte.
package struct DateScanner {
    private var rest: Substring.UTF8View

    package init(_ text: String) {
        rest = Substring(text).utf8
    }

    package var isAtEnd: Bool { rest.isEmpty }

    /// Reads exactly these characters, or nothing.
    package mutating func skip(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { text in
            guard rest.starts(with: text) else { return false }
            rest = rest.dropFirst(text.count)
            return true
        }
    }

    /// Reads a number of exactly so many digits.
    package mutating func number(digitCount: Int) -> Int? {
        var value = 0
        for _ in 0..<digitCount {
            guard let digit = rest.first, (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 0x30)
            rest = rest.dropFirst()
        }
        return value
    }

    /// Reads one of several names and tells which.
    package mutating func name(of names: [StaticString]) -> Int? {
        for (index, name) in names.enumerated() where skip(name) { return index }
        return nil
    }

    /// Reads digits as what follows a decimal point; those after the ninth don't count.
    package mutating func fraction() -> Double? {
        var numerator = 0.0
        var denominator = 1.0
        var count = 0
        while let digit = rest.first, (0x30...0x39).contains(digit) {
            if count < 9 {
                numerator = numerator * 10 + Double(digit - 0x30)
                denominator *= 10
            }
            count += 1
            rest = rest.dropFirst()
        }
        return count > 0 ? numerator / denominator : nil
    }
}
