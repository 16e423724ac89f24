internal import BlobStorage
internal import BlobStorageCrypto

/// The etag that S3 gives to a blob made of parts.
enum MultipartETag {
    /// The MD5 of the parts' MD5s and the count of parts; `nil` if a part's etag is no MD5.
    ///
    /// AWS doesn't promise it, so it proves that a blob is the one that was made of the parts, and never
    /// that it is not.
    static func text(of parts: [ETag]) -> String? {
        var digests: [UInt8] = []
        for part in parts {
            var digits = Array(part.text.utf8)
            if digits.count == 34, digits.first == UInt8(ascii: "\""), digits.last == digits.first {
                digits = Array(digits.dropFirst().dropLast())
            }
            guard let digest = Hex.bytes(digits), digest.count == 16 else { return nil }
            digests += digest
        }
        guard let digest = try? DigestAlgorithm.md5.digest(of: digests) else { return nil }
        return "\"\(Hex.text(digest))-\(parts.count)\""
    }
}
