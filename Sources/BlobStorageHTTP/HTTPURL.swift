/// Where a request goes: the parts of a URL as they stand in the request, already encoded.
package struct HTTPURL: Sendable, Hashable {
    /// The protocols that are spoken.
    package enum Scheme: String, Sendable, Hashable {
        case http
        case https

        /// The port that need not be named.
        package var defaultPort: Int { self == .http ? 80 : 443 }
    }

    package var scheme: Scheme
    /// A name, an IPv4 address, or an IPv6 address in brackets.
    package var host: String
    /// `nil` is the scheme's own.
    package var port: Int?
    /// The path, percent-encoded; it begins with a slash and is sent as it is.
    package var path: String
    /// What follows the question mark, percent-encoded; `nil` if there is none.
    package var query: String?

    package init(
        _ scheme: Scheme,
        host: String,
        port: Int? = nil,
        path: String = "/",
        query: String? = nil
    ) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.query = query
    }

    /// What the `Host` header says: the port is left out where it is the scheme's own.
    package var authority: String {
        guard let port, port != scheme.defaultPort else { return host }
        return "\(host):\(port)"
    }

    /// Path and query.
    package var target: String {
        query.map { "\(path)?\($0)" } ?? path
    }

    /// The URL as text, with its query, which may hold a signature: not for errors or logs.
    package var text: String { "\(scheme.rawValue)://\(authority)\(target)" }

    /// Scheme and authority, fit for an error message.
    package var origin: String { "\(scheme.rawValue)://\(authority)" }
}
