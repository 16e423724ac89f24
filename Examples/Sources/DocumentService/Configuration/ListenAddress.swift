/// An address and a port to listen on: `127.0.0.1:8080`, `[::1]:8080`, `:8080`.
struct ListenAddress: Sendable, Equatable {
    let host: String
    let port: Int

    /// Reads an address.
    ///
    /// - Throws: ``ConfigurationError``.
    init(_ text: String) throws {
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")),
            let port = Self.port(text.utf8[text.utf8.index(after: colon)...])
        else {
            throw ConfigurationError(
                .listen,
                "it is not HOST:PORT, such as 127.0.0.1:8080, with a port from 0 to 65535"
            )
        }
        self.port = port
        var host = text.utf8[..<colon]
        if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(UInt8(ascii: ":")) {
            throw ConfigurationError(.listen, "an address with colons stands in brackets: [::1]:80")
        }
        guard host.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ConfigurationError(.listen, "its host has what no host's name has")
        }
        self.host = host.isEmpty ? "0.0.0.0" : String(decoding: host, as: UTF8.self)
    }

    /// Whether it is all addresses of the machine, none of which is the one to tell.
    var isEverywhere: Bool { host == "0.0.0.0" || host == "::" }

    private static func port(_ digits: Substring.UTF8View) -> Int? {
        guard (1...5).contains(digits.count),
            digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(String(decoding: digits, as: UTF8.self)), port <= 65_535
        else { return nil }
        return port
    }
}
