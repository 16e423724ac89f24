/// Media types, as far as the service reads them.
enum MediaType {
    /// Whether a text is a type such as `image/png`, or a family of types such as `image/*`, in lower
    /// case, in which types are compared.
    static func isPattern(_ text: String) -> Bool {
        let halves = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard halves.count == 2, isToken(halves[0]) else { return false }
        return isToken(halves[1]) || halves[1].elementsEqual("*".utf8)
    }

    /// The type without its parameters, in lower case: `application/json`.
    static func essence(_ text: String) -> String {
        let bytes = text.utf8.prefix { $0 != UInt8(ascii: ";") }
        let plain = bytes.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        let lower = plain.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return String(decoding: lower, as: UTF8.self)
    }

    /// RFC 9110, section 5.6.2, without the capitals.
    private static func isToken(_ bytes: Substring.UTF8View) -> Bool {
        !bytes.isEmpty
            && bytes.allSatisfy { byte in
                switch byte {
                case 0x61...0x7A, 0x30...0x39: true
                case UInt8(ascii: "*"): false
                default: "!#$%&'+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
