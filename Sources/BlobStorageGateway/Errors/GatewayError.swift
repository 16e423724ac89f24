internal import BlobStorageHandler

/// A failure as S3 tells it: the error document's code, the status, and a message.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
struct GatewayError: Error, Sendable {
    var status: Int
    var code: String
    /// What was found and what was expected; never a secret.
    var message: String
    /// Fields of the document besides the usual ones, such as `StringToSign`, in order.
    var details: [(name: String, value: String)] = []
    /// Header fields of the answer besides the usual ones.
    var headers = HTTPHeaders()
    /// What was thrown, for the program's log; clients are not told.
    var cause: (any Error)?

    init(_ status: Int, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    /// Whether something is wrong here, and not with the request, that the client is not told.
    var isFault: Bool { status >= 500 && status != 501 }
}
