import BlobStorage

/// A listing whose keys are percent-encoded, so that a character that XML lacks is in no key.
struct EncodedListing {
    private let bytes: [UInt8]

    /// - Returns: `nil` if the document doesn't say that its keys are encoded.
    init?(_ document: [UInt8]) {
        let mark = "<EncodingType>url</EncodingType>"
        let isEncoded = document.withUnsafeBufferPointer { bytes in
            var start = bytes[...]
            while let next = start.firstIndex(of: UInt8(ascii: "<")) {
                if bytes[next...].starts(with: mark.utf8) { return true }
                start = bytes[(next + 1)...]
            }
            return false
        }
        guard isEncoded else { return nil }
        bytes = document
    }

    /// The document with the characters that XML lacks, and the references to them, left out; `nil` if
    /// there are none.
    ///
    /// - SeeAlso: https://www.w3.org/TR/xml/#charsets
    var withoutIllegalCharacters: [UInt8]? {
        var legal: [UInt8] = []
        legal.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if let end = illegalReference(at: index) ?? illegalCharacter(at: index) {
                index = end
            } else {
                legal.append(bytes[index])
                index += 1
            }
        }
        return legal.count == bytes.count ? nil : legal
    }

    /// The most bytes of a reference, `&#x10FFFF;`, with some zeros.
    private static let maximumReferenceByteCount = 16

    /// The end of a numeric reference to a character that XML lacks.
    private func illegalReference(at start: Int) -> Int? {
        guard bytes[start...].starts(with: "&#".utf8) else { return nil }
        let rest = bytes[start...].prefix(Self.maximumReferenceByteCount)
        guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { return nil }
        var digits = bytes[(start + 2)..<end]
        let isHexadecimal = digits.first == UInt8(ascii: "x")
        if isHexadecimal { digits = digits.dropFirst() }
        let text = String(decoding: digits, as: UTF8.self)
        guard let value = UInt32(text, radix: isHexadecimal ? 16 : 10), !Self.isLegal(value) else {
            return nil
        }
        return end + 1
    }

    /// The end of a control character, of U+FFFE or of U+FFFF.
    private func illegalCharacter(at start: Int) -> Int? {
        let byte = bytes[start]
        if byte < 0x20 { return Self.isLegal(UInt32(byte)) ? nil : start + 1 }
        let noncharacters: [[UInt8]] = [[0xEF, 0xBF, 0xBE], [0xEF, 0xBF, 0xBF]]
        guard byte == 0xEF else { return nil }
        return noncharacters.contains { bytes[start...].starts(with: $0) } ? start + 3 : nil
    }

    private static func isLegal(_ value: UInt32) -> Bool {
        switch value {
        case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}
