internal import CBlobStorageOpenSSL

/// Comparisons whose time does not tell where two secrets differ.
package enum ConstantTime {
    /// Whether two runs of bytes are the same; their counts are no secret.
    package static func isEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        return a.withUnsafeBytes { a in
            b.withUnsafeBytes { b in
                CRYPTO_memcmp(a.baseAddress, b.baseAddress, a.count) == 0
            }
        }
    }

    /// Whether two texts, such as signatures, are the same bytes; their counts are no secret.
    package static func isEqual(_ a: String, _ b: String) -> Bool {
        isEqual([UInt8](a.utf8), [UInt8](b.utf8))
    }
}
