import BlobStorageTestKit
import Glibc

/// The bytes of one upload: made from the reservation's nonce and the number of the sending, so that
/// whoever reads them knows which sending they are of.
///
/// They begin as files of their type do, and go on with a head that names nonce, part and sending.
package struct FireContent: Sendable, Hashable {
    /// The fewest bytes: beginning and head.
    package static let minimumByteCount = 80

    package let nonce: UInt64
    package let contentType: String
    /// 0 for a whole file, else the part's number.
    package let part: Int
    /// Tells the sendings of one reservation apart; 0 is the one that a checksum was told of.
    package let sending: UInt64

    package init(nonce: UInt64, contentType: String, part: Int = 0, sending: UInt64) {
        self.nonce = nonce
        self.contentType = contentType
        self.part = part
        self.sending = sending
    }

    /// What is sent.
    ///
    /// - Parameters:
    ///   - byteCount: How many bytes, at least ``minimumByteCount``.
    ///   - isGenuine: Whether the bytes begin as files of their type do.
    /// - Returns: The bytes.
    package func bytes(_ byteCount: Int, isGenuine: Bool = true) -> [UInt8] {
        var bytes = part <= 1 ? Self.beginning(of: contentType) : []
        if !isGenuine { bytes = bytes.map { ~$0 } }
        bytes += Array(head.utf8)
        precondition(bytes.count <= byteCount, "too few bytes for a head")
        var random = SplitMix64(nonce ^ sending &* 0x9E37_79B9 ^ UInt64(part))
        bytes.reserveCapacity(byteCount)
        while bytes.count < byteCount {
            // One word, many times: quick, and different between any two sendings. It is text, so
            // that it is of every type that the run knows.
            var block = Array(Self.hex(random.next()).utf8)
            while block.count < 4_096 { block += block }
            bytes += block
        }
        bytes.removeLast(bytes.count - byteCount)
        return bytes
    }

    /// Whether files of its type begin in a way of their own.
    package var hasBeginning: Bool { !Self.beginning(of: contentType).isEmpty }

    /// The content that some bytes of a reservation are, whole and genuine; `nil` if they are none.
    package static func find(
        in bytes: [UInt8],
        nonce: UInt64,
        contentType: String,
        part: Int = 0
    ) -> FireContent? {
        let start = part <= 1 ? beginning(of: contentType).count : 0
        let head = bytes.dropFirst(start).prefix(headByteCount)
        let words = String(decoding: head, as: UTF8.self).split(separator: " ")
        guard words.count == 4, let sending = UInt64(words[3], radix: 16) else { return nil }
        let content = FireContent(
            nonce: nonce,
            contentType: contentType,
            part: part,
            sending: sending
        )
        guard bytes.count >= minimumByteCount else { return nil }
        let expected = content.bytes(bytes.count)
        // Not ==, which takes its time for megabytes where nothing is optimised.
        return memcmp(expected, bytes, bytes.count) == 0 ? content : nil
    }

    /// The same count of bytes for every head.
    private static let headByteCount = 5 + 17 + 6 + 16

    private var head: String {
        "fire \(Self.hex(nonce)) \(Self.hex(UInt64(part), 5)) \(Self.hex(sending))"
    }

    private static func hex(_ number: UInt64, _ width: Int = 16) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: width - digits.utf8.count) + digits
    }

    /// How files of a type begin.
    private static func beginning(of contentType: String) -> [UInt8] {
        switch contentType {
        // PNG, section 5.2; and the first chunk's length and type.
        case "image/png":
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
        case "application/pdf": Array("%PDF-1.7\n".utf8)
        default: []
        }
    }
}

extension FireContent: CustomStringConvertible {
    /// The sending, and the part's number.
    package var description: String { String(sending, radix: 16) }
}
