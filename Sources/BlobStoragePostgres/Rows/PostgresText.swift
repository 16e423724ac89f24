/// A record's text as a text of PostgreSQL, which holds every character but NUL.
///
/// U+0000 becomes U+0001 U+0001, U+0001 becomes U+0001 U+0002, and all else stays as it is. So two
/// texts are equal, or one is the beginning of the other, if and only if they are so as records have
/// them.
enum PostgresText {
    private static let mark: UInt8 = 1

    /// The text as it is kept.
    static func kept(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 <= mark }) else { return text }
        var bytes: [UInt8] = []
        for byte in text.utf8 { bytes += byte <= mark ? [mark, byte + 1] : [byte] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The text that is kept so; `nil` if no text is.
    static func text(_ kept: String) -> String? {
        guard kept.utf8.contains(mark) else { return kept }
        var bytes: [UInt8] = []
        var rest = kept.utf8.makeIterator()
        while let byte = rest.next() {
            guard byte == mark else {
                bytes.append(byte)
                continue
            }
            guard let next = rest.next(), (1...2).contains(next) else { return nil }
            bytes.append(next - 1)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
