/// Where a server listens, and what it allows.
public struct HTTPServerOptions: Sendable {
    /// The address to listen on: a host name or an IP address of version 4 or 6.
    ///
    /// Only this machine reaches `127.0.0.1`; everybody who can reach the machine reaches `0.0.0.0`, or
    /// `::` of both versions.
    public var host = "127.0.0.1"
    /// The port; 0 lets the system choose one.
    public var port = 0
    /// The most bytes of a request's line and header fields; 431 beyond.
    public var headByteLimit = 32 << 10
    /// The most bytes of a request's body; 413 beyond, `nil` for no limit.
    public var bodyByteLimit: Int64?
    /// The most connections at once; others are closed at once, or wait until there is room.
    public var connectionLimit = 1_000
    /// The most connections at once of one address, others are closed; `nil` for no limit.
    public var connectionLimitPerAddress: Int?
    /// How long a connection may be silent, within a request too, until it is closed; in whole
    /// seconds.
    public var idleTime: Duration = .seconds(60)
    /// How long a client may take for the head of its request; 408 after that.
    ///
    /// On a connection that is kept, the idle time comes on top.
    public var headTime: Duration = .seconds(20)
    /// Called after each request, on the connection's thread.
    public var onRequest: (@Sendable (HTTPServerAccess) -> Void)?

    /// Creates options; all have defaults.
    public init() {}
}
