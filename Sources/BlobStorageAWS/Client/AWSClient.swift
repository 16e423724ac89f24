package import BlobStorageHTTP

/// Sends requests to an AWS service: signs each attempt anew, tries again what is worth it, corrects
/// the clock, decodes errors.
package struct AWSClient: Sendable {
    private let transport: any HTTPTransport

    package init(
        service: String,
        transport: any HTTPTransport,
        credentials: (any AWSCredentialsProvider)?,
        retry: RetryPolicy = RetryPolicy(),
        time: TimeSource = .system
    ) {
        self.transport = transport
    }

    /// Sends a request, again if need be, and interprets its answer.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - interpret: Makes the result of an answer with a status below 300. What it throws as
    ///     ``AWSFailure`` (200 with an error in the body, say) or as ``HTTPError`` (a body that
    ///     broke) counts as the attempt's failure and may be tried again.
    /// - Returns: What `interpret` returned.
    /// - Throws: ``AWSFailure``; `CancellationError`; what the credentials provider, the
    ///   request's body or `interpret` throws.
    package func perform<Result: Sendable>(
        _ request: AWSRequest,
        _ interpret: @Sendable (HTTPResponse) async throws -> Result
    ) async throws -> Result {
        fatalError("not there yet")
    }
}
