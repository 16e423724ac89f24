import BlobStorage
import BlobStorageServer
import BlobStorageUploads

extension Problem {
    /// The problem that a client is told of when something throws.
    ///
    /// What a store says is for the log: a client learns whether another try makes sense.
    static func of(_ error: any Error) -> Problem {
        switch error {
        case let problem as Problem: problem
        case let error as UploadError: of(error)
        case let error as BlobError: of(error)
        case is CancellationError:
            Problem(.unavailable, "the client has left, or the service is stopping", headers: soon)
        default: internalError(error)
        }
    }

    private static let soon: HTTPHeaders = ["Retry-After": "1"]

    private static func of(_ error: UploadError) -> Problem {
        switch error.reason {
        case .invalid: Problem(.invalidUpload, error.message)
        case .conflict: Problem(.conflict, error.message, headers: soon)
        default:
            // A reason of a newer version is a problem with the request, whatever else it is.
            Problem(ProblemKind(rawValue: error.reason.rawValue) ?? .invalidUpload, error.message)
        }
    }

    private static func of(_ error: BlobError) -> Problem {
        switch error.kind {
        case .throttled, .unavailable, .timedOut, .conflict, .outcomeUnknown, .outOfSpace:
            Problem(
                .unavailable,
                "a store does not answer, or is busy",
                headers: ["Retry-After": "5"],
                cause: "\(error)"
            )
        // About what the client sent; what a remote store calls wrong is for the operator to read.
        case .invalidArgument where error.remote == nil, .tooLarge where error.remote == nil:
            Problem(.invalidRequest, error.message)
        default: internalError(error)
        }
    }

    private static func internalError(_ error: any Error) -> Problem {
        Problem(.internalError, "the log has more, under this instance", cause: "\(error)")
    }
}
