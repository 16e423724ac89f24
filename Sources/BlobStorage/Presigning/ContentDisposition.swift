/// Whether a browser shows a blob or saves it, and under what name: the header
/// `Content-Disposition`.
///
///     ContentDisposition.attachment("Übersicht.pdf").text
///     // attachment; filename="_bersicht.pdf"; filename*=UTF-8''%C3%9Cbersicht.pdf
///
/// Any file name will do, one from a user too. What a browser could take for a path or for the end of
/// the name is replaced by `_`: path separators, control characters, marks that turn the direction of
/// text. A name of more than ``maximumFileNameByteCount`` bytes is cut, and keeps its extension.
///
/// - SeeAlso: RFC 6266; RFC 8187
public struct ContentDisposition: Sendable, Hashable {
    /// The most bytes of a file name, as UTF-8: percent-encoded it still fits a header.
    public static let maximumFileNameByteCount = 240
    /// The longest extension, with its dot, that a cut keeps.
    private static let maximumExtensionByteCount = 16

    /// The header's value, in printable ASCII.
    public let text: String

    /// A disposition that is written already, such as one that was kept.
    ///
    /// - Parameter text: The header's value, in printable ASCII.
    public init(verbatim text: String) {
        self.text = text
    }

    /// The browser saves the blob.
    ///
    /// - Parameter fileName: The name to save it under; `nil` or an empty one leaves that to the browser.
    /// - Returns: The disposition.
    public static func attachment(_ fileName: String? = nil) -> ContentDisposition {
        ContentDisposition("attachment", fileName)
    }

    /// The browser shows the blob, if it can.
    ///
    /// - Parameter fileName: The name if it is saved all the same.
    /// - Returns: The disposition.
    public static func inline(_ fileName: String? = nil) -> ContentDisposition {
        ContentDisposition("inline", fileName)
    }

    private init(_ type: String, _ fileName: String?) {
        guard let fileName, !fileName.isEmpty else {
            text = type
            return
        }
        let name = Self.cut(Self.harmless(fileName))
        let (plain, isExact) = Self.plain(name)
        var bytes = [UInt8](type.utf8)
        bytes.append(contentsOf: "; filename=\"".utf8)
        bytes.append(contentsOf: plain)
        bytes.append(UInt8(ascii: "\""))
        if !isExact {
            bytes.append(contentsOf: "; filename*=UTF-8''".utf8)
            Self.appendExtended(name.utf8, to: &bytes)
        }
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// The name without what a browser could take for something else than a part of it.
    private static func harmless(_ fileName: String) -> String {
        var name = String.UnicodeScalarView()
        for scalar in fileName.unicodeScalars {
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0x2F, 0x5C, 0x061C, 0x200E, 0x200F, 0x2028...0x202E,
                0x2066...0x2069:
                name.append("_")
            default: name.append(scalar)
            }
        }
        // White space at the ends would be lost on the way; dots alone name a folder.
        let isFolder = name.count <= 2 && name.allSatisfy { $0 == "." }
        if isFolder { return String(repeating: "_", count: name.count) }
        if name.first == " " {
            name.replaceSubrange(name.startIndex...name.startIndex, with: ["_"])
        }
        if name.last == " " {
            name.removeLast()
            name.append("_")
        }
        return String(name)
    }

    /// The name with no more bytes than it may have, cut between two scalars.
    private static func cut(_ name: String) -> String {
        guard name.utf8.count > maximumFileNameByteCount else { return name }
        var suffix = Substring.UnicodeScalarView()
        if let dot = name.unicodeScalars.lastIndex(of: ".") {
            let found = name[dot...]
            if found.utf8.count <= maximumExtensionByteCount { suffix = found.unicodeScalars }
        }
        var room = maximumFileNameByteCount - Substring(suffix).utf8.count
        var kept = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            room -= UTF8.width(scalar)
            guard room >= 0 else { break }
            kept.append(scalar)
        }
        kept.append(contentsOf: suffix)
        return String(kept)
    }

    /// The name for old browsers, and whether it is the whole truth.
    ///
    /// RFC 6266, appendix D: no backslash escapes, and no percent sign, which some decode here.
    private static func plain(_ name: String) -> ([UInt8], Bool) {
        var bytes: [UInt8] = []
        var isExact = true
        for scalar in name.unicodeScalars {
            switch scalar.value {
            case 0x20, 0x21, 0x23, 0x24, 0x26...0x5B, 0x5D...0x7E: bytes.append(UInt8(scalar.value))
            default:
                bytes.append(UInt8(ascii: "_"))
                isExact = false
            }
        }
        return (bytes, isExact)
    }

    /// Appends bytes as `ext-value` has them: RFC 8187, section 3.2.1.
    private static func appendExtended(_ name: String.UTF8View, to text: inout [UInt8]) {
        let digits = [UInt8]("0123456789ABCDEF".utf8)
        for byte in name {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                text.append(byte)
            case _ where "!#$&+-.^_`|~".utf8.contains(byte): text.append(byte)
            default:
                text.append(UInt8(ascii: "%"))
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
        }
    }
}

extension ContentDisposition: CustomStringConvertible {
    /// The header's value.
    public var description: String { text }
}
