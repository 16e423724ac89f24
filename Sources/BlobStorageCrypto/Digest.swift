internal import CBlobStorageOpenSSL

/// A digest that OpenSSL computes.
package enum DigestAlgorithm: Sendable, Hashable, CaseIterable {
    case sha256
    /// For answers that name it; not for security.
    case sha1
    /// For `Content-MD5` and etags; not for security.
    case md5

    /// How many bytes a digest has.
    package var byteCount: Int {
        switch self {
        case .sha256: 32
        case .sha1: 20
        case .md5: 16
        }
    }

    /// OpenSSL's name.
    var name: String {
        switch self {
        case .sha256: "SHA256"
        case .sha1: "SHA1"
        case .md5: "MD5"
        }
    }

    /// OpenSSL's algorithm, fetched once: a fetch costs as much as hashing some hundred bytes.
    fileprivate func fetched() throws(CryptoError) -> OpaquePointer {
        let found =
            switch self {
            case .sha256: FetchedDigest.sha256
            case .sha1: FetchedDigest.sha1
            case .md5: FetchedDigest.md5
            }
        guard let algorithm = found.algorithm else {
            throw CryptoError("this system's OpenSSL does not offer \(self)")
        }
        return algorithm
    }
}

/// An algorithm that lives as long as the process.
///
/// Unchecked, because it holds a C pointer; OpenSSL's algorithms never change once fetched.
private struct FetchedDigest: @unchecked Sendable {
    static let sha256 = FetchedDigest(.sha256)
    static let sha1 = FetchedDigest(.sha1)
    static let md5 = FetchedDigest(.md5)

    /// `nil` if the system's policy leaves it out.
    let algorithm: OpaquePointer?

    init(_ digest: DigestAlgorithm) {
        algorithm = EVP_MD_fetch(nil, digest.name, nil)
    }
}

/// Computes a digest of bytes that come in pieces.
package final class DigestHasher {
    private let context: OpaquePointer
    private let byteCount: Int

    /// Creates a hasher that has seen no byte.
    ///
    /// - Throws: ``CryptoError`` if OpenSSL lacks the algorithm, or memory.
    package init(_ algorithm: DigestAlgorithm) throws(CryptoError) {
        let fetched = try algorithm.fetched()
        guard let context = EVP_MD_CTX_new() else {
            throw CryptoError("there is no memory for a digest")
        }
        guard EVP_DigestInit_ex2(context, fetched, nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw CryptoError("OpenSSL did not begin a digest")
        }
        self.context = context
        byteCount = algorithm.byteCount
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Takes in the next bytes.
    package func update(_ bytes: UnsafeRawBufferPointer) {
        let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(status == 1, "a digest is updated after its end")
    }

    /// Takes in the next bytes.
    package func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest of all bytes; the hasher is spent afterwards.
    package func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { digest, count in
            let status = EVP_DigestFinal_ex(context, digest.baseAddress, nil)
            precondition(status == 1, "a digest is finished twice")
            count = byteCount
        }
    }
}

extension DigestAlgorithm {
    /// The digest of bytes in memory.
    ///
    /// - Throws: ``CryptoError`` if OpenSSL lacks the algorithm, or memory.
    package func digest(of bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
        let hasher = try DigestHasher(self)
        hasher.update(bytes)
        return hasher.finish()
    }
}
