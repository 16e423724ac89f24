/// A request of a service that speaks AWS's JSON 1.0, in the service's own names.
package protocol AWSJSONRequest: Encodable, Sendable {
    associatedtype Answer: Decodable & Sendable

    /// The operation's name, such as `PutItem`.
    static var operation: String { get }
    /// Whether the service may answer without a body, as if it had said nothing in one.
    static var mayHaveEmptyAnswer: Bool { get }
}

extension AWSJSONRequest {
    package static var mayHaveEmptyAnswer: Bool { false }
}

/// An answer whose fields don't matter.
package struct AWSEmptyAnswer: Decodable, Sendable {}
