import BlobStorageGateway

/// A parser of what strangers send, or of files that somebody else writes.
enum FuzzTarget: String, CaseIterable, Sendable {
    /// A whole request to a gateway that lets anybody do anything, answered.
    case request
    case query
    case authorization
    case chunks
    case form
    case policy
    /// Documents: the XML reader itself, and those that requests carry.
    case documents
    /// Ranges, etags, dates.
    case headers
    /// Keys as paths of files, and paths as keys.
    case paths
    /// The config and credentials files of AWS's tools.
    case config
    /// Documents that tell of events.
    case events

    /// Feeds an input; what must hold and doesn't stops the process.
    var run: @Sendable ([UInt8]) -> Void {
        switch self {
        case .request: RequestTarget.run
        case .query: GatewayParsers.query
        case .authorization: GatewayParsers.authorization
        case .chunks: GatewayParsers.chunks
        case .form: GatewayParsers.form
        case .policy: GatewayParsers.policy
        case .documents: GatewayParsers.documents
        case .headers: GatewayParsers.headers
        case .paths: PathTarget.run
        case .config: ConfigTarget.run
        case .events: EventTarget.run
        }
    }
}
