internal import CBlobStorageChecksum

/// The 32 bytes of a SHA-256 or of its HMAC, held in place.
package struct SHA256Digest: Sendable {
    fileprivate var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// Runs `body` on the bytes.
    package func withUnsafeBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try Swift.withUnsafeBytes(of: words, body)
    }

    /// The bytes, for whatever keeps them.
    package var bytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }

    /// The bytes in lower-case hexadecimal.
    package var hex: String { withUnsafeBytes { Hex.text($0) } }

    /// Writes the bytes in lower-case hexadecimal, to 64 bytes of memory.
    package func writeHex(to text: UnsafeMutableRawBufferPointer) {
        withUnsafeBytes { Hex.write($0, to: text) }
    }

    /// Appends the bytes in lower-case hexadecimal.
    package func appendHex(to text: inout [UInt8]) {
        withUnsafeBytes { Hex.append($0, to: &text) }
    }
}

/// Computes SHA-256 of bytes that come in pieces, and can't fail.
///
/// It is a plain value, so that a keyed state can be kept and copied for nothing: with OpenSSL's
/// contexts a copy is an allocation, and the HMAC of a string to sign takes over twice as long.
/// It stands on the code that checksums blobs, which uses the processor's own instructions.
package struct SHA256: Sendable {
    private var state: cblobstorage_sha256

    /// Creates a hasher that has seen no byte.
    package init() {
        state = cblobstorage_sha256()
        cblobstorage_sha256_init(&state)
    }

    /// Takes in the next bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        cblobstorage_sha256_update(&state, bytes.baseAddress, bytes.count)
    }

    /// Takes in the next bytes.
    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest of all bytes so far; the hasher can go on afterwards.
    package func finish() -> SHA256Digest {
        var spent = state
        var digest = SHA256Digest()
        Swift.withUnsafeMutableBytes(of: &digest.words) { bytes in
            cblobstorage_sha256_final(
                &spent,
                bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            )
        }
        return digest
    }

    /// The digest of bytes in memory.
    package static func digest(of bytes: [UInt8]) -> SHA256Digest {
        var hasher = SHA256()
        hasher.update(bytes)
        return hasher.finish()
    }
}

/// A key of HMAC-SHA256 (RFC 2104), with the key's own blocks hashed once for all messages.
package struct HMACKey: Sendable {
    private var inner = SHA256()
    private var outer = SHA256()

    /// Creates a key from its bytes, of any count.
    package init(_ key: [UInt8]) {
        // FIPS 198-1, step 1 to 3: a key of more than a block is hashed, then filled up with zeros.
        let blockByteCount = 64
        var block =
            key.count > blockByteCount ? SHA256.digest(of: key).bytes : key
        block.append(contentsOf: repeatElement(0, count: blockByteCount - block.count))
        inner.update(block.map { $0 ^ 0x36 })
        outer.update(block.map { $0 ^ 0x5C })
    }

    /// The authentication code of a message.
    package func code(for message: [UInt8]) -> SHA256Digest {
        message.withUnsafeBytes { code(for: $0) }
    }
}

extension HMACKey {
    /// The same key with the beginning of all messages hashed once.
    package func beginning(with head: [UInt8]) -> HMACKey {
        var key = self
        key.inner.update(head)
        return key
    }

    /// The authentication code of a message.
    package func code(for message: UnsafeRawBufferPointer) -> SHA256Digest {
        var hasher = inner
        hasher.update(message)
        let digest = hasher.finish()
        hasher = outer
        digest.withUnsafeBytes { hasher.update($0) }
        return hasher.finish()
    }
}

/// A key shows nothing of itself, to `dump` neither.
extension HMACKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "HMACKey" }

    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
