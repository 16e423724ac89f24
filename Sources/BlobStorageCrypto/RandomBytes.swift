internal import CBlobStorageOpenSSL

/// Bytes that nobody can guess.
package enum RandomBytes {
    /// Makes bytes with OpenSSL's generator.
    ///
    /// - Throws: ``CryptoError`` if the generator has no entropy.
    package static func make(count: Int) throws(CryptoError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard let wanted = Int32(exactly: count), RAND_bytes(&bytes, wanted) == 1 else {
            throw CryptoError("OpenSSL made no \(count) random bytes")
        }
        return bytes
    }
}
