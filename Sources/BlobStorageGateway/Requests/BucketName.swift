/// What may be the name of a bucket.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
enum BucketName {
    /// Whether a bucket may be looked up by the name: it is one segment of a path.
    ///
    /// Whoever has the buckets may make a path of it, and signatures don't tell `/a/b/c` from
    /// `/a%2Fb/c`.
    static func isSegment(_ name: String) -> Bool {
        name != "." && name != ".."
            && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") }
    }

    /// Whether a bucket may be made with the name: 3 to 63 of `a`–`z`, `0`–`9`, dots and hyphens, a
    /// letter or a digit at both ends, no two dots in a row, and no IP address.
    static func isValid(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard (3...63).contains(bytes.count), let first = bytes.first, let last = bytes.last,
            isLetterOrDigit(first), isLetterOrDigit(last)
        else { return false }
        var previous: UInt8 = 0
        for byte in bytes {
            guard isLetterOrDigit(byte) || byte == hyphen || byte == dot else { return false }
            if byte == dot, previous == dot { return false }
            previous = byte
        }
        return !isAddress(bytes)
    }

    private static let hyphen = UInt8(ascii: "-")
    private static let dot = UInt8(ascii: ".")

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || isDigit(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isAddress(_ bytes: [UInt8]) -> Bool {
        let labels = bytes.split(separator: dot, omittingEmptySubsequences: false)
        return labels.count == 4
            && labels.allSatisfy { (1...3).contains($0.count) && $0.allSatisfy(isDigit) }
    }
}
