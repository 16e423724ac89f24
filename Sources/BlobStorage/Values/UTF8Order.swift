#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Text compared as its UTF-8 bytes.
///
/// `String` compares by canonical equivalence: it calls the two spellings of "é" equal, takes
/// `"\r\n"` for one character, and does not find a slash that a combining mark follows. Stores do
/// none of that, so every comparison of keys, prefixes and headers goes through here.
package enum UTF8Order {
    /// Compares two texts byte by byte: negative, zero or positive, as `memcmp` tells it.
    package static func compare(_ a: String, _ b: String) -> Int {
        let fast = a.utf8.withContiguousStorageIfAvailable { a in
            b.utf8.withContiguousStorageIfAvailable { b in compare(a, b) }
        }
        if let result = fast ?? nil { return result }
        return Array(a.utf8).withUnsafeBufferPointer { a in
            Array(b.utf8).withUnsafeBufferPointer { b in compare(a, b) }
        }
    }

    /// Compares two runs of bytes: negative, zero or positive, as `memcmp` tells it.
    package static func compare(
        _ a: UnsafeBufferPointer<UInt8>,
        _ b: UnsafeBufferPointer<UInt8>
    ) -> Int {
        if let left = a.baseAddress, let right = b.baseAddress {
            let order = memcmp(left, right, min(a.count, b.count))
            if order != 0 { return Int(order) }
        }
        return a.count - b.count
    }

    /// Whether two texts are the same bytes.
    package static func equal(_ a: String, _ b: String) -> Bool {
        a.utf8.count == b.utf8.count && compare(a, b) == 0
    }

    /// Whether `text` begins with the bytes of `prefix`.
    package static func hasPrefix(_ text: String, _ prefix: String) -> Bool {
        text.utf8.count >= prefix.utf8.count && text.utf8.starts(with: prefix.utf8)
    }

    /// Where `pattern` first occurs in `text` at or after the byte `start`, as a byte offset.
    package static func firstRange(
        of pattern: String,
        in text: String,
        from start: Int
    ) -> Range<Int>? {
        // In place where the text is contiguous, which keys always are: a listing asks this of each.
        var (text, pattern) = (text, pattern)
        return text.withUTF8 { text in
            pattern.withUTF8 { pattern in
                guard let base = text.baseAddress, let wanted = pattern.baseAddress,
                    let first = pattern.first
                else { return nil }
                var offset = start
                while offset <= text.count - pattern.count {
                    let places = text.count - pattern.count - offset + 1
                    guard let found = memchr(base + offset, Int32(first), places) else {
                        return nil
                    }
                    offset = UnsafeRawPointer(base).distance(to: found)
                    if memcmp(found, wanted, pattern.count) == 0 {
                        return offset..<(offset + pattern.count)
                    }
                    offset += 1
                }
                return nil
            }
        }
    }

    /// The first `count` bytes of `text`.
    ///
    /// - Precondition: The cut falls between two Unicode scalars.
    package static func prefix(of text: String, count: Int) -> String {
        String(decoding: text.utf8.prefix(count), as: UTF8.self)
    }
}
