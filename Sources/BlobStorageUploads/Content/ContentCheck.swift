internal import BlobStorage

/// Whether the first bytes of a document contradict its media type.
///
/// It refuses what is certainly wrong, and nothing else:
///
/// - A type whose files always begin alike must begin so: `image/png` is a PNG.
/// - An image, a sound, a film or a font of another type must not be text with markup, which a browser
///   could take for a page, nor a format of another kind: a zip, a program, a PDF.
/// - Text must not be a format that is none.
/// - Anything else may be anything.
///
/// It is no virus scanner, and reads no further than the beginning.
struct ContentCheck {
    let type: MediaType

    /// Holds the first bytes against the type.
    ///
    /// - Parameter start: The first ``FileFormat/startByteCount`` bytes; all of them, if there are
    ///   fewer.
    /// - Returns: What is wrong; `nil` if nothing is.
    func contradiction(in start: [UInt8]) -> String? {
        let expected = FileFormat.table.filter { $0.types.contains(type.essence) }
        if let others = Self.lenient[type.essence] { return judgeLenient(start, others) }
        if let format = expected.first {
            if expected.contains(where: { $0.matches(start) }) { return nil }
            return "it is no \(format.name), as \(type.essence) is; " + looks(start)
        }
        if Self.markup.contains(type.essence) {
            return Markup.isMarkup(start) ? nil : "it does not begin with a tag; " + looks(start)
        }
        switch type.type {
        case "image", "audio", "video", "font":
            if Markup.isMarkup(start) { return "it is text with markup, not \(type.essence)" }
            guard let found = detected(start), !found.isOf(type.type) else { return nil }
            return "it is a \(found.name), not \(type.essence)"
        case "text":
            guard let found = detected(start), !found.isOf("text") else { return nil }
            return "it is a \(found.name), not \(type.essence)"
        default: return nil
        }
    }

    /// Types that clients give to files of other formats too, or whose files begin in many ways, and
    /// the formats that such files may be: only another format, or markup, contradicts them.
    ///
    /// MPEG audio begins with a frame, a tag or junk. Windows calls CSV files
    /// `application/vnd.ms-excel`; old documents of Office are often RTF or a page, new ones zips.
    private static let lenient: [String: Set<String>] = [
        "audio/mpeg": [], "audio/mp3": [], "audio/x-mp3": [], "audio/aac": [],
        "image/x-icon": [], "image/vnd.microsoft.icon": [],
        "application/msword": ["zip", "RTF"],
        "application/vnd.ms-excel": ["zip"],
        "application/vnd.ms-powerpoint": ["zip"],
    ]

    /// Types that are markup, and begin with a tag.
    private static let markup: Set<String> = ["image/svg+xml"]

    private func judgeLenient(_ start: [UInt8], _ others: Set<String>) -> String? {
        if type.type != "application", Markup.isMarkup(start) {
            return "it is text with markup, not \(type.essence)"
        }
        guard let found = detected(start), !found.types.contains(type.essence) else { return nil }
        let isNear = type.type != "application" && found.isOf(type.type)
        return isNear || others.contains(found.name)
            ? nil : "it is a \(found.name), not \(type.essence)"
    }

    /// The format that the bytes are, if that is sure.
    private func detected(_ start: [UInt8]) -> FileFormat? {
        FileFormat.table.first { $0.isSure && $0.matches(start) }
    }

    private func looks(_ start: [UInt8]) -> String {
        if start.isEmpty { return "it has no bytes" }
        if Markup.isMarkup(start) { return "it is text with markup" }
        if let found = detected(start) { return "it is a \(found.name)" }
        return "it begins otherwise"
    }
}

extension FileFormat {
    /// Whether such files are of a kind, such as `image`; sound and film share their containers.
    fileprivate func isOf(_ kind: String) -> Bool {
        let kinds = ["audio", "video"].contains(kind) ? ["audio", "video"] : [kind]
        return types.contains { type in kinds.contains { UTF8Order.hasPrefix(type, $0 + "/") } }
    }
}
