/// The kinds of picture that thumbnails are made of, told by their first bytes.
///
/// What the client says of a file has no say: ImageMagick reads a hundred formats, some of which are
/// programs, and is only ever told one of these four.
enum ImageKind: String, Sendable, CaseIterable {
    case png
    case jpeg
    case gif
    case webp

    /// How many bytes tell a kind.
    static let signatureByteCount = 12

    /// Finds the kind; `nil` if it is none of them.
    ///
    /// - Parameter bytes: The first bytes of the file.
    init?(firstBytes bytes: [UInt8]) {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if bytes.starts(with: "GIF87a".utf8) || bytes.starts(with: "GIF89a".utf8) {
            self = .gif
        } else if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
            self = .webp
        } else {
            return nil
        }
    }
}
