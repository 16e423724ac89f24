/// Why there is no answer, or no end of one.
package struct HTTPError: Error, Sendable {
    package enum Kind: Sendable, Hashable {
        /// The request can't be sent as it is: a control character in a header, say.
        case invalidRequest
        /// No connection: the name is unknown, or the server refused.
        case connectFailed
        /// The server's certificate, or the way it speaks TLS, is not accepted.
        case tlsFailed
        /// A time limit passed.
        case timedOut
        /// The connection was lost before the answer was whole.
        case connectionLost
        /// The answer is not HTTP, or is larger than allowed.
        case badAnswer
        /// The transport was closed.
        case closed
    }

    package let kind: Kind
    /// What was found; no header's value and no query.
    package let message: String
    /// Whether a byte of the request may have reached the server.
    package let mayHaveArrived: Bool

    package init(_ kind: Kind, _ message: String, mayHaveArrived: Bool) {
        self.kind = kind
        self.message = message
        self.mayHaveArrived = mayHaveArrived
    }
}

extension HTTPError: CustomStringConvertible {
    package var description: String { message }
}
