internal import BlobStorage

/// The segment of keys that stands for an owner: two owners never share one.
///
/// Letters, digits, `-`, `_`, `.` and `@` stay as they are, other bytes become `%XX`, a dot at the
/// beginning too, so that no segment is `.` or `..`. What would be too long is `!` and the owner's
/// SHA-256, which no other owner's escaped name can look like.
struct OwnerSegment {
    /// The most bytes of a segment that shows the owner: with the escapes of a file system it still is
    /// one file's name.
    private static let maximumByteCount = 120

    let text: String

    init(_ owner: String) {
        var bytes: [UInt8] = []
        for byte in owner.utf8 {
            if Self.isPlain(byte, first: bytes.isEmpty) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(Self.digits[Int(byte >> 4)])
                bytes.append(Self.digits[Int(byte & 15)])
            }
        }
        guard bytes.count > Self.maximumByteCount else {
            text = String(decoding: bytes, as: UTF8.self)
            return
        }
        text = "!" + Checksum.of(Array(owner.utf8), .sha256).hex
    }

    private static let digits = [UInt8]("0123456789ABCDEF".utf8)

    private static func isPlain(_ byte: UInt8, first: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "@"):
            true
        case UInt8(ascii: "."): !first
        default: false
        }
    }
}
