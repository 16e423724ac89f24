import BlobStorage
import BlobStorageAWS
import BlobStorageCrypto
import BlobStorageHandler
import Foundation

/// A secret that a sender of events and their receiver share.
struct SharedToken: Sendable {
    /// Fewer can be guessed.
    static let minimumByteCount = 16
    private static let maximumByteCount = 512

    /// Digests are compared, so that the time does not tell the token's length either.
    private let digest: [UInt8]

    init(_ token: String) throws {
        guard (Self.minimumByteCount...Self.maximumByteCount).contains(token.utf8.count),
            token.utf8.allSatisfy({ (0x21..<0x7F).contains($0) })
        else {
            throw BlobError(
                .invalidArgument,
                operation: "receive",
                message: "the token has \(token.utf8.count) bytes; it must have "
                    + "\(Self.minimumByteCount) to \(Self.maximumByteCount), all of visible ASCII"
            )
        }
        digest = SHA256.digest(of: Array(token.utf8)).bytes
    }

    /// Whether a request has the token in one of its places.
    ///
    /// A request with several tokens must have the right one in all.
    func isGiven(in request: HTTPServerRequest) -> Bool {
        let given =
            request.headers.values(of: "Authorization").map(Self.inHeader)
            + Self.inQuery(request.target)
        guard !given.isEmpty else { return false }
        return given.allSatisfy { token in
            token.map { ConstantTime.isEqual(SHA256.digest(of: $0).bytes, digest) } ?? false
        }
    }

    private static func inHeader(_ value: String) -> [UInt8]? {
        guard let space = value.utf8.firstIndex(of: UInt8(ascii: " ")) else { return nil }
        let scheme = value.utf8[..<space].map { $0 | 0x20 }
        let rest = Array(value.utf8[space...].drop { $0 == UInt8(ascii: " ") })
        if scheme.elementsEqual("bearer".utf8) { return rest }
        guard scheme.elementsEqual("basic".utf8),
            let pair = Data(base64Encoded: Data(rest)),
            let colon = pair.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        return Array(pair[pair.index(after: colon)...])
    }

    private static func inQuery(_ target: String) -> [[UInt8]?] {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return [] }
        return target.utf8[mark...].dropFirst().split(separator: UInt8(ascii: "&"))
            .filter { $0.starts(with: "token=".utf8) }
            .map { field in
                let text = String(decoding: field.dropFirst("token=".utf8.count), as: UTF8.self)
                return S3URLDecoding.decode(text).map { Array($0.utf8) }
            }
    }
}
