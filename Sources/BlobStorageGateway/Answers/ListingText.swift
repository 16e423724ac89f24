internal import BlobStorageAWS
internal import Foundation

/// Writes keys in a listing, encoded if the request wants it.
///
/// - SeeAlso: `encoding-type` in
///   https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
struct ListingText: Sendable {
    let isEncoded: Bool

    /// - Throws: `GatewayError` for an encoding that S3 has not.
    init(_ parameters: QueryParameters) throws(GatewayError) {
        let type = parameters["encoding-type"] ?? ""
        guard type.isEmpty || type == "url" else {
            throw .invalidArgument("Invalid Encoding Method specified in Request")
        }
        isEncoded = !type.isEmpty
    }

    func callAsFunction(_ text: String) -> String {
        isEncoded ? AWSPercentEncoding.encode(text, keepingSlash: true) : text
    }
}

/// A store's continuation token as text that any document and any URL can hold.
enum TokenText {
    static func encode(_ token: String) -> String { Data(token.utf8).base64EncodedString() }

    /// - Throws: `GatewayError` if the text is none that was given out.
    static func decode(_ text: String) throws(GatewayError) -> String {
        guard let data = Data(base64Encoded: text),
            let token = String(validating: data, as: UTF8.self)
        else { throw .invalidArgument("The continuation token provided is incorrect") }
        return token
    }
}
