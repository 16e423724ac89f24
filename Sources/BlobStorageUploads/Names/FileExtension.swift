internal import BlobStorage

/// The extension of a file's name: 1 to 16 letters and digits of ASCII, in lower case.
struct FileExtension {
    static let maximumByteCount = 16

    let text: String

    /// The extension of a name from outside; `nil` if it has none, or none that can be trusted in a
    /// key.
    ///
    /// The name is what follows the last slash, or backslash, of a path; a name that begins with its
    /// only dot has no extension.
    init?(ofFileNamed name: String) {
        let slashes = [UInt8(ascii: "/"), UInt8(ascii: "\\")]
        let last = name.utf8.split(omittingEmptySubsequences: false) { slashes.contains($0) }.last
        guard let last, let dot = last.lastIndex(of: UInt8(ascii: ".")), dot > last.startIndex
        else {
            return nil
        }
        let lower = last[last.index(after: dot)...].map {
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 + 0x20 : $0
        }
        self.init(verbatim: String(decoding: lower, as: UTF8.self))
    }

    /// An extension as it is; `nil` unless it is one.
    init?(verbatim text: String) {
        guard (1...Self.maximumByteCount).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) })
        else { return nil }
        self.text = text
    }

    /// Whether a key may end with this extension when the document has that type.
    ///
    /// A web server that serves a folder goes by extensions. One that browsers run scripts in must be
    /// what the type says: `cat.html` as `image/png` becomes a key without an extension.
    func fits(_ type: MediaType) -> Bool {
        let guess = ContentType.guess(for: BlobKey(unchecked: "a." + text))
        guard let meant = MediaType(guess), meant.canScript else { return true }
        return meant.essence == type.essence
    }
}
