/// What a transport may vary.
package struct HTTPTransportOptions: Sendable {
    /// Through which proxy requests go.
    package enum Proxy: Sendable, Hashable {
        /// None, whatever the environment says.
        case none
        /// The ones that `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` name.
        case environment
        /// The one at a URL, which may hold a user's name and password.
        case url(String)
    }

    /// The most connections to one host, and so the most requests at once; more of them wait.
    package var connectionsPerHost = 64
    /// The most connections that are in use at once, and about as many are kept for later.
    package var connectionCount = 256
    /// The PEM file with the certificate authorities to trust in place of the system's.
    package var certificateAuthorityFile: String?
    package var proxy: Proxy = .none
    /// How many bytes of an answer's body may wait for their reader.
    package var waitingByteCount = 2 << 20
    /// The most bytes of an answer's header fields, those of interim answers included.
    package var headByteLimit = 64 << 10
    /// The most header fields of an answer.
    package var headFieldLimit = 256
    /// How many threads send and receive; each has connections of its own.
    package var threadCount = 1

    package init() {}
}

extension HTTPTransportOptions.Proxy: CustomStringConvertible, CustomReflectable {
    /// The choice without the URL, which may hold a password.
    package var description: String {
        switch self {
        case .none: "none"
        case .environment: "environment"
        case .url: "url"
        }
    }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
