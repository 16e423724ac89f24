#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// Finds runs of bytes in others.
enum ByteSearch {
    /// Where `needle` begins; `nil` if it is not there.
    ///
    /// - Complexity: As fast as memory where the first byte of `needle` is rare; never worse than the
    ///   product of both counts, and linear if that byte comes only once in `needle`.
    static func firstOffset(
        of needle: [UInt8],
        in bytes: UnsafeRawBufferPointer,
        from start: Int = 0
    ) -> Int? {
        guard let base = bytes.baseAddress, let first = needle.first else { return nil }
        var offset = start
        while offset + needle.count <= bytes.count {
            let count = bytes.count - needle.count + 1 - offset
            guard let found = memchr(base + offset, Int32(first), count) else { return nil }
            offset = UnsafeRawPointer(found) - base
            if memcmp(found, needle, needle.count) == 0 { return offset }
            offset += 1
        }
        return nil
    }
}
