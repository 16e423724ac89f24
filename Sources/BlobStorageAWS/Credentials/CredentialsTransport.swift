internal import BlobStorageHTTP

/// What providers that a user makes ask their services with.
enum CredentialsTransport {
    /// One for the process: credentials are asked for rarely, and by few.
    static let shared: any HTTPTransport = Missing()

    /// Stands in for the transport over libcurl.
    private struct Missing: HTTPTransport {
        func send(_ request: HTTPRequest) async throws -> HTTPResponse {
            throw HTTPError(.closed, "there is no transport", mayHaveArrived: false)
        }

        func close() {}
    }
}
