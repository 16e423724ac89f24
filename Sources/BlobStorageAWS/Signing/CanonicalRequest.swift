internal import BlobStorageCrypto

/// The canonical request and the string to sign of Signature Version 4, written into buffers that
/// are kept for the next one.
///
/// Whoever signs or verifies fills ``headers`` and ``query``, then calls ``build(method:path:pathStyle:payloadHash:)``.
///
/// - SeeAlso: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
package struct CanonicalRequest: Sendable {
    /// The fields that are signed.
    package var headers = CanonicalHeaders()
    /// The pairs of the query, without the signature.
    package var query = CanonicalQuery()
    /// The canonical request, once built.
    package private(set) var bytes: [UInt8] = []
    /// The string to sign, once built.
    package private(set) var stringToSign: [UInt8] = []

    package init() {}

    /// How many bytes of memory are kept for the next request.
    var capacity: Int { bytes.capacity + query.bytes.capacity + headers.capacity }

    /// Forgets the request, and keeps the memory.
    package mutating func removeAll() {
        headers.removeAll()
        query.removeAll()
        bytes.removeAll(keepingCapacity: true)
        stringToSign.removeAll(keepingCapacity: true)
    }

    /// Writes the canonical request of the fields and pairs that are there.
    ///
    /// - Parameters:
    ///   - method: The method, in upper case.
    ///   - path: The path as it is sent.
    ///   - pathStyle: How the service signs paths.
    ///   - payloadHash: What stands for the payload: a SHA-256 in hexadecimal, or a word such as
    ///     `UNSIGNED-PAYLOAD`.
    package mutating func build(
        method: String,
        path: String,
        pathStyle: SignedPathStyle,
        payloadHash: String
    ) {
        let newline = UInt8(ascii: "\n")
        headers.sort()
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: method.utf8)
        bytes.append(newline)
        CanonicalPath.append(path, style: pathStyle, to: &bytes)
        bytes.append(newline)
        query.appendSorted(to: &bytes)
        bytes.append(newline)
        headers.appendLines(to: &bytes)
        bytes.append(newline)
        headers.appendNames(to: &bytes)
        bytes.append(newline)
        bytes.append(contentsOf: payloadHash.utf8)
    }

    /// Writes the string to sign of the canonical request that was built.
    package mutating func buildStringToSign(_ scope: SigningScope) {
        stringToSign.removeAll(keepingCapacity: true)
        scope.appendHead("AWS4-HMAC-SHA256", to: &stringToSign)
        SHA256.digest(of: bytes).appendHex(to: &stringToSign)
    }
}
