/// The bytes that may stand where in a message (RFC 9110, RFC 9112, RFC 3986).
enum HTTPSyntax {
    /// A byte of a header's name, or of a method.
    static func isToken(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }

    /// A byte of a header's value; bytes beyond ASCII are left to those who agree on them.
    static func isFieldContent(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\t") || (byte >= 0x20 && byte != 0x7F)
    }

    /// A byte of a path: anything visible that does not end it.
    static func isPathByte(_ byte: UInt8) -> Bool {
        isQueryByte(byte) && byte != UInt8(ascii: "?")
    }

    /// A byte of a query.
    static func isQueryByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "#")
    }

    /// A byte of a host's name or IPv4 address.
    static func isNameByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "-._~".utf8.contains(byte)
    }

    /// A byte of an IPv6 address.
    static func isAddressByte(_ byte: UInt8) -> Bool {
        "0123456789abcdefABCDEF:.".utf8.contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
