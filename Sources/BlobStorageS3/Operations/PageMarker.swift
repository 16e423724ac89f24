internal import BlobStorage
internal import Foundation

/// Where a page of a listing ends that S3 continues by key and id, as one token.
struct PageMarker: Sendable, Hashable {
    let key: String
    let id: String

    init(key: String, id: String) {
        self.key = key
        self.id = id
    }

    /// Reads a token.
    ///
    /// - Throws: `BlobError` of kind `invalidArgument` if it is none of ours.
    init(token: String, operation: String) throws {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2,
            let key = Data(base64Encoded: String(decoding: Array(parts[0]), as: UTF8.self)),
            let id = Data(base64Encoded: String(decoding: Array(parts[1]), as: UTF8.self))
        else {
            let message = "the continuation token is none that this listing has given out"
            throw BlobError(.invalidArgument, operation: operation, message: message)
        }
        self.key = String(decoding: key, as: UTF8.self)
        self.id = String(decoding: id, as: UTF8.self)
    }

    /// The token.
    var token: String {
        [key, id].map { Data($0.utf8).base64EncodedString() }.joined(separator: ".")
    }
}
