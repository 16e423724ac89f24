/// The media type that a key's extension stands for.
///
/// A blob that is put without a media type gets the one of its extension, on every store, so that
/// a file that somebody dropped into a folder and one that was put look the same.
public enum ContentType: Sendable {
    /// The media type of bytes that nothing is known about.
    public static let unknown = "application/octet-stream"

    /// The media type for a key.
    ///
    /// - Parameter key: The key; only what follows the last `.` of its last segment counts.
    /// - Returns: The type of that extension, else ``unknown``.
    public static func guess(for key: BlobKey) -> String {
        let name =
            key.text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .last ?? key.text.utf8[...]
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return unknown }
        let suffix = name[name.index(after: dot)...]
        guard suffix.count <= longestExtension else { return unknown }
        let lower = suffix.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        return types[String(decoding: lower, as: UTF8.self)] ?? unknown
    }

    private static let longestExtension = 11

    /// The media types of extensions in lower case.
    ///
    /// Source: IANA's registry of media types and the WHATWG MIME sniffing standard, for what web
    /// applications keep.
    private static let types: [String: String] = [
        "7z": "application/x-7z-compressed", "aac": "audio/aac", "avi": "video/x-msvideo",
        "avif": "image/avif", "bin": unknown, "bmp": "image/bmp",
        "bz2": "application/x-bzip2", "css": "text/css", "csv": "text/csv",
        "doc": "application/msword",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "eot": "application/vnd.ms-fontobject", "epub": "application/epub+zip",
        "flac": "audio/flac", "gif": "image/gif", "gz": "application/gzip",
        "heic": "image/heic", "heif": "image/heif", "htm": "text/html", "html": "text/html",
        "ico": "image/vnd.microsoft.icon", "ics": "text/calendar",
        "jpeg": "image/jpeg", "jpg": "image/jpeg", "js": "text/javascript",
        "json": "application/json", "jsonl": "application/jsonl", "jxl": "image/jxl",
        "m4a": "audio/mp4", "m4v": "video/mp4", "markdown": "text/markdown",
        "md": "text/markdown", "mjs": "text/javascript", "mkv": "video/matroska",
        "mov": "video/quicktime", "mp3": "audio/mpeg", "mp4": "video/mp4",
        "mpeg": "video/mpeg", "odp": "application/vnd.oasis.opendocument.presentation",
        "ods": "application/vnd.oasis.opendocument.spreadsheet",
        "odt": "application/vnd.oasis.opendocument.text", "oga": "audio/ogg",
        "ogg": "audio/ogg", "ogv": "video/ogg", "opus": "audio/ogg", "otf": "font/otf",
        "parquet": "application/vnd.apache.parquet", "pdf": "application/pdf",
        "png": "image/png", "ppt": "application/vnd.ms-powerpoint",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "rar": "application/vnd.rar", "rtf": "application/rtf", "svg": "image/svg+xml",
        "tar": "application/x-tar", "tgz": "application/gzip", "tif": "image/tiff",
        "tiff": "image/tiff", "ttf": "font/ttf", "txt": "text/plain", "wasm": "application/wasm",
        "wav": "audio/wav", "weba": "audio/webm", "webm": "video/webm",
        "webmanifest": "application/manifest+json", "webp": "image/webp", "woff": "font/woff",
        "woff2": "font/woff2", "xhtml": "application/xhtml+xml",
        "xls": "application/vnd.ms-excel",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xml": "application/xml", "yaml": "application/yaml", "yml": "application/yaml",
        "zip": "application/zip", "zst": "application/zstd",
    ]
}
