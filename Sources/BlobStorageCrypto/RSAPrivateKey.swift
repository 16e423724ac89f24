internal import CBlobStorageOpenSSL

/// A key that signs by RSA with PKCS#1 v1.5 padding (RFC 8017, section 8.2).
///
/// Unchecked, because it holds a C pointer: the key never changes after it was read, and OpenSSL lets
/// threads sign with one key, each in a context of its own.
package final class RSAPrivateKey: @unchecked Sendable {
    /// The most bytes of a key's text; one of 16,384 bits has about 13 KiB.
    private static let maximumTextByteCount = 64 << 10
    /// What OpenSSL takes for secure: a shorter one can't sign much of a digest.
    private static let minimumBitCount: Int32 = 1_024

    private let key: OpaquePointer

    /// Reads a key in PEM: `BEGIN RSA PRIVATE KEY` (PKCS#1) or `BEGIN PRIVATE KEY` (PKCS#8).
    ///
    /// - Throws: ``CryptoError``, which shows nothing of the text.
    package init(pem text: [UInt8]) throws(CryptoError) {
        guard (1...Self.maximumTextByteCount).contains(text.count) else {
            throw CryptoError("the private key has \(text.count) bytes; in PEM it has a few KiB")
        }
        // OpenSSL reads the text where it is, so it has to stay there until the key is read.
        let key = text.withUnsafeBytes { text -> OpaquePointer? in
            guard let source = BIO_new_mem_buf(text.baseAddress, Int32(text.count)) else {
                return nil
            }
            defer { BIO_free(source) }
            // Without a callback of ours OpenSSL would ask the terminal for the key's password.
            return PEM_read_bio_PrivateKey(source, nil, { _, _, _, _ in -1 }, nil)
        }
        // What went wrong would stay with this thread, and be taken for the next call's error.
        ERR_clear_error()
        guard let key else {
            throw CryptoError("the text holds no private key in PEM, or one with a password")
        }
        guard EVP_PKEY_is_a(key, "RSA") == 1 else {
            EVP_PKEY_free(key)
            throw CryptoError("the private key is no RSA key")
        }
        guard EVP_PKEY_get_bits(key) >= Self.minimumBitCount else {
            EVP_PKEY_free(key)
            throw CryptoError("the RSA key has fewer than \(Self.minimumBitCount) bits")
        }
        self.key = key
    }

    deinit {
        EVP_PKEY_free(key)
    }

    /// Signs the digest of a message; the same message has the same signature each time.
    ///
    /// - Throws: ``CryptoError`` if OpenSSL lacks memory, or its policy rules out the digest.
    package func signature(
        of message: [UInt8],
        digest: DigestAlgorithm
    ) throws(CryptoError) -> [UInt8] {
        defer { ERR_clear_error() }
        guard let context = EVP_MD_CTX_new() else {
            throw CryptoError("there is no memory for a signature")
        }
        defer { EVP_MD_CTX_free(context) }
        // PKCS#1 v1.5 is what RSA keys sign by unless they are told otherwise.
        guard EVP_DigestSignInit_ex(context, nil, digest.name, nil, nil, key, nil) == 1 else {
            throw CryptoError("this system's OpenSSL does not sign with RSA and \(digest)")
        }
        var byteCount = Int(EVP_PKEY_get_size(key))
        var signature = [UInt8](repeating: 0, count: byteCount)
        let status = EVP_DigestSign(context, &signature, &byteCount, message, message.count)
        guard status == 1, byteCount <= signature.count else {
            throw CryptoError("OpenSSL made no RSA signature")
        }
        return Array(signature.prefix(byteCount))
    }
}

/// A key shows nothing of itself, to `dump` neither.
extension RSAPrivateKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "RSAPrivateKey" }

    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
