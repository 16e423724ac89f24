/// Where a server listens.
public struct HTTPServerAddress: Sendable, Hashable {
    /// The IP address, without brackets.
    public let host: String
    /// The port.
    public let port: Int

    /// The address as it stands in a URL, such as `http://[::1]:9000`.
    public var url: String {
        host.utf8.contains(UInt8(ascii: ":"))
            ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
    }
}
