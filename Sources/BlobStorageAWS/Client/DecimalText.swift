/// Whole numbers as text.
enum DecimalText {
    /// A run of up to nine digits, and nothing else, as a number.
    static func parse(_ digits: some Collection<UInt8>) -> Int? {
        // Nine digits can't overflow.
        guard (1...9).contains(digits.count) else { return nil }
        var number = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + Int(digit - 0x30)
        }
        return number
    }
}
