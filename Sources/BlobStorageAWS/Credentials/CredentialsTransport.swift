internal import BlobStorageHTTP

/// What providers that a user makes ask their services with.
enum CredentialsTransport {
    /// One for the process: credentials are asked for rarely, and by few.
    static let shared: any HTTPTransport = CurlTransport()
}
