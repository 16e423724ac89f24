/// A format of files that is known by its first bytes.
struct FileFormat: Sendable {
    /// Bytes that stand at one place.
    struct Mark: Sendable {
        let offset: Int
        let bytes: [UInt8]

        init(_ bytes: [UInt8], at offset: Int = 0) {
            self.bytes = bytes
            self.offset = offset
        }

        init(_ text: String, at offset: Int = 0) {
            self.init(Array(text.utf8), at: offset)
        }

        func matches(_ start: [UInt8]) -> Bool { start.dropFirst(offset).starts(with: bytes) }
    }

    /// How messages call it.
    let name: String
    /// The media types of such files; the first is the usual one.
    let types: [String]
    /// Whether nothing else begins so: the marks are no words, and long enough.
    let isSure: Bool
    /// The ways in which a file may begin: all the marks of one must be there.
    let beginnings: [[Mark]]

    init(_ name: String, _ types: [String], isSure: Bool = true, _ beginnings: [Mark]...) {
        self.name = name
        self.types = types
        self.isSure = isSure
        self.beginnings = beginnings
    }

    /// Whether bytes are the beginning of such a file.
    func matches(_ start: [UInt8]) -> Bool {
        beginnings.contains { $0.allSatisfy { $0.matches(start) } }
    }

    /// How many bytes of a blob are looked at: the mark that lies farthest is that of tar.
    static let startByteCount: Int64 = 512
}
