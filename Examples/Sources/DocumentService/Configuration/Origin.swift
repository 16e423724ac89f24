/// Scheme, host and port of a URL, as browsers compare them: `https://files.example:8443`.
enum Origin {
    /// The origin of an `http` or `https` URL, in lower case; `nil` if it is none.
    static func of(_ url: String) -> String? {
        let bytes = url.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        let schemes = ["https://", "http://"].map { [UInt8]($0.utf8) }
        guard let scheme = schemes.first(where: { bytes.starts(with: $0) }) else { return nil }
        let ends = [UInt8]("/?#".utf8)
        let authority = bytes[scheme.count...].prefix { !ends.contains($0) }
        let isPlain = authority.allSatisfy { byte in
            switch byte {
            case 0x61...0x7A, 0x30...0x39: true
            default: "-._:[]".utf8.contains(byte)
            }
        }
        guard let first = authority.first, first != UInt8(ascii: ":"), isPlain else { return nil }
        return String(decoding: scheme + authority, as: UTF8.self)
    }

    /// Whether a URL is an origin, with a slash behind it or nothing.
    static func isWhole(_ url: String) -> Bool {
        guard let origin = of(url) else { return false }
        let rest = url.utf8.dropFirst(origin.utf8.count)
        return rest.isEmpty || rest.elementsEqual("/".utf8)
    }

    /// The names that a loopback address goes by, beside its own: pages of both are the same page.
    static func twins(of origin: String) -> [String] {
        let names = ["http://127.0.0.1", "http://localhost"]
        guard let name = names.first(where: { isHost($0, of: origin) }) else { return [origin] }
        let port = String(decoding: origin.utf8.dropFirst(name.utf8.count), as: UTF8.self)
        return names.map { $0 + port }
    }

    private static func isHost(_ name: String, of origin: String) -> Bool {
        guard origin.utf8.starts(with: name.utf8) else { return false }
        let rest = origin.utf8.dropFirst(name.utf8.count)
        return rest.isEmpty || rest.first == UInt8(ascii: ":")
    }
}
