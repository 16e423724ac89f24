/// What `x-amz-content-sha256` says of a body.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
enum PayloadHash: Sendable, Hashable {
    /// The body has this SHA-256: 64 digits.
    case sha256(String)
    /// Nothing is said of the body.
    case unsigned
    /// The body comes in signed chunks.
    case chunked(hasTrailer: Bool)
    /// The body comes in chunks without signatures, and a trailer.
    case unsignedChunked

    /// Reads the header; `nil` if there is none.
    ///
    /// - Throws: `GatewayError` if it is neither a word that is known nor a hash.
    init?(_ text: String?) throws(GatewayError) {
        guard let text else { return nil }
        switch text {
        case "UNSIGNED-PAYLOAD": self = .unsigned
        case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD": self = .chunked(hasTrailer: false)
        case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER": self = .chunked(hasTrailer: true)
        case "STREAMING-UNSIGNED-PAYLOAD-TRAILER": self = .unsignedChunked
        default:
            guard text.utf8.count == 64, text.utf8.allSatisfy(SignatureClaim.isLowerHexDigit) else {
                throw GatewayError(
                    400,
                    "InvalidArgument",
                    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, "
                        + "STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, "
                        + "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, or a valid sha256 value."
                )
            }
            self = .sha256(text)
        }
    }

    /// What stands for the payload in the canonical request.
    var text: String {
        switch self {
        case .sha256(let digits): digits
        case .unsigned: "UNSIGNED-PAYLOAD"
        case .chunked(hasTrailer: false): "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
        case .chunked: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
        case .unsignedChunked: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
        }
    }

    /// Whether the body is framed as `aws-chunked`.
    var isChunked: Bool {
        switch self {
        case .sha256, .unsigned: false
        case .chunked, .unsignedChunked: true
        }
    }

    /// Whether a checksum comes after the last chunk.
    var hasTrailer: Bool { self == .unsignedChunked || self == .chunked(hasTrailer: true) }
}
