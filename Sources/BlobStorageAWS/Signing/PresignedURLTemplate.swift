internal import BlobStorageCrypto
package import BlobStorageHTTP
package import Foundation

/// Presigned URLs of one second, lifetime and host: what they have in common is written and hashed once.
///
/// It is for requests with no header but `Host` and no parameter of their own, the bulk of all: the rest
/// is signed by ``SigV4Signer/presign(_:expiresIn:region:credentials:at:)``, which gives the same URLs.
/// A URL then costs two hashes and one allocation, about a quarter of the general way.
package final class PresignedURLTemplate: Sendable {
    /// Scheme, authority and the path up to the key, with its slash.
    private let head: [UInt8]
    /// How much of ``head`` is scheme and authority, which the canonical request has not.
    private let originByteCount: Int
    /// What follows the path in a URL, up to the signature.
    private let query: [UInt8]
    /// What follows the path in a canonical request.
    private let canonicalTail: [UInt8]
    /// The key, which has seen the string to sign up to the hash.
    private let key: HMACKey

    /// How many bytes a signature has in hexadecimal.
    private static let signatureByteCount = 64

    /// Creates the template of URLs whose path begins with that of `base`.
    ///
    /// It is `nil` if that path is not spelled as a signature spells it, and so differs from the
    /// canonical one.
    ///
    /// - Parameters:
    ///   - base: Where the URLs go, with a path that ends before the slash of the key.
    ///   - seconds: How long the URLs are good.
    ///   - signer: Whose keys to use.
    ///   - region: The region to sign for.
    ///   - credentials: Who signs.
    ///   - date: When.
    package init?(
        _ base: HTTPURL,
        expiresInSeconds seconds: Int64,
        signer: SigV4Signer,
        region: String,
        credentials: AWSCredentials,
        at date: Date
    ) {
        var path = [UInt8](base.path.utf8)
        var canonicalPath: [UInt8] = []
        CanonicalPath.append(base.path, style: .verbatim, to: &canonicalPath)
        guard path == canonicalPath else { return nil }
        if path.last == UInt8(ascii: "/") { path.removeLast() }
        let scope = SigningScope(at: date, region: region, service: signer.service)
        let origin = [UInt8](base.origin.utf8)
        originByteCount = origin.count
        var canonical = CanonicalRequest()
        canonical.headers.append("host", base.authority)
        signer.addParameters(credentials, scope, seconds: seconds, to: &canonical)
        signer.addToken(credentials, to: &canonical)
        query = [UInt8(ascii: "?")] + canonical.query.bytes + [UInt8]("&X-Amz-Signature=".utf8)
        head = origin + path + [UInt8(ascii: "/")]
        canonical.build(
            method: "",
            path: "/",
            pathStyle: .verbatim,
            payloadHash: "UNSIGNED-PAYLOAD"
        )
        // Without the empty method, its newline and the path of one slash.
        canonicalTail = [UInt8](canonical.bytes.dropFirst(2))
        var signed: [UInt8] = []
        scope.appendHead("AWS4-HMAC-SHA256", to: &signed)
        key = signer.key(credentials.secretAccessKey, scope).key.beginning(with: signed)
    }

    /// The URL of a request.
    ///
    /// - Parameters:
    ///   - method: The method, in capitals.
    ///   - name: What follows in the path, not encoded.
    /// - Returns: The URL with its signature.
    package func url(_ method: StaticString, _ name: String) -> String {
        var name = name
        return name.withUTF8 { name in
            let nameByteCount = AWSPercentEncoding.byteCount(of: name, keepingSlash: true)
            let count = head.count + nameByteCount + query.count + Self.signatureByteCount
            return String(unsafeUninitializedCapacity: count) { url in
                write(method, name, to: UnsafeMutableRawBufferPointer(url))
                return count
            }
        }
    }

    private func write(
        _ method: StaticString,
        _ name: UnsafeBufferPointer<UInt8>,
        to url: UnsafeMutableRawBufferPointer
    ) {
        url.copyBytes(from: head)
        var end = head.count
        end += AWSPercentEncoding.write(
            name,
            keepingSlash: true,
            to: UnsafeMutableRawBufferPointer(rebasing: url[end...])
        )
        var hasher = SHA256()
        method.withUTF8Buffer { hasher.update(UnsafeRawBufferPointer($0)) }
        withUnsafeBytes(of: UInt8(ascii: "\n")) { hasher.update($0) }
        hasher.update(UnsafeRawBufferPointer(rebasing: url[originByteCount..<end]))
        hasher.update(canonicalTail)
        UnsafeMutableRawBufferPointer(rebasing: url[end...]).copyBytes(from: query)
        end += query.count
        // The place of the signature holds the hash first.
        let place = UnsafeMutableRawBufferPointer(
            rebasing: url[end..<end + Self.signatureByteCount]
        )
        hasher.finish().writeHex(to: place)
        key.code(for: UnsafeRawBufferPointer(place)).writeHex(to: place)
    }
}

/// A template holds a key and a session token, which `dump` must not show.
extension PresignedURLTemplate: CustomStringConvertible, CustomReflectable {
    package var description: String { "PresignedURLTemplate" }

    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
