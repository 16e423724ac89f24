/// How a signature covers a request's body.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
package enum PayloadSigning: Sendable, Hashable {
    /// By the SHA-256 of the body, as hexadecimal text, or of no body.
    case sha256(String)
    /// Not at all (`UNSIGNED-PAYLOAD`): for TLS.
    case unsigned
    /// Chunk by chunk, while the body is sent (`STREAMING-AWS4-HMAC-SHA256-PAYLOAD`); with a
    /// checksum after the last one if `trailer` names its header (`…-TRAILER`).
    case chunked(trailer: String?)
    /// The body in unsigned chunks with a checksum after the last one
    /// (`STREAMING-UNSIGNED-PAYLOAD-TRAILER`).
    case unsignedChunked(trailer: String)

    /// For a request without a body.
    package static let empty = PayloadSigning.sha256(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )

    /// What stands for the payload in the canonical request and in `x-amz-content-sha256`.
    var text: String {
        switch self {
        case .sha256(let hash): hash
        case .unsigned: "UNSIGNED-PAYLOAD"
        case .chunked(nil): "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
        case .chunked: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
        case .unsignedChunked: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
        }
    }

    /// Whether ``text`` is a word and no hash, which a server has to be told.
    var isWord: Bool {
        if case .sha256 = self { false } else { true }
    }

    /// Whether each chunk has a signature.
    var signsChunks: Bool {
        if case .chunked = self { true } else { false }
    }
}
