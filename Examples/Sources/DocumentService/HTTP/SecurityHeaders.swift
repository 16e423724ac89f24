import BlobStorageServer

/// What the page may do in a browser: load its own files, and speak with the service and the store.
struct SecurityHeaders: Sendable {
    /// The policy of the page.
    let contentSecurityPolicy: String

    /// Creates the headers.
    ///
    /// - Parameters:
    ///   - uploads: The origins that files are sent to.
    ///   - downloads: The origins that thumbnails and files come from.
    init(uploads: [String], downloads: [String]) {
        let images = Set(downloads).sorted().joined(separator: " ")
        let all = Set(uploads + downloads).sorted().joined(separator: " ")
        contentSecurityPolicy = [
            "default-src 'none'", "script-src 'self'", "style-src 'self'",
            "img-src 'self' blob: data: \(images)", "connect-src 'self' \(all)",
            "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
        ].joined(separator: "; ")
    }

    /// Adds them to a file of the page.
    func apply(to headers: inout HTTPHeaders) {
        headers["Content-Security-Policy"] = contentSecurityPolicy
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
    }
}
