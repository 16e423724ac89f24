import Testing

@testable import BlobStorageUploads

@Suite struct ContentCheckTests {
    /// Beginnings of files, by what `file` and the specifications of the formats say.
    private static let samples: [String: [UInt8]] = [
        "png": [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D],
        "jpeg": [0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10, 0x4A, 0x46, 0x49, 0x46, 0],
        "gif": Array("GIF89a".utf8) + [1, 0, 1, 0],
        "webp": Array("RIFF".utf8) + [0x24, 0, 0, 0] + Array("WEBPVP8 ".utf8),
        "wav": Array("RIFF".utf8) + [0x24, 0, 0, 0] + Array("WAVEfmt ".utf8),
        "mp4": [0, 0, 0, 0x20] + Array("ftypisom".utf8),
        "mov": [0, 0, 0, 0x14] + Array("ftypqt  ".utf8),
        "oldmov": [0, 0, 0, 8] + Array("wide".utf8) + [0, 0, 1, 0] + Array("mdat".utf8),
        "heic": [0, 0, 0, 0x18] + Array("ftypheic".utf8),
        "avif": [0, 0, 0, 0x20] + Array("ftypavif".utf8),
        "webm": [0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42],
        "id3": Array("ID3".utf8) + [4, 0, 0], "mp3": [0xFF, 0xFB, 0x90, 0x64],
        "pdf": Array("%PDF-1.7\n".utf8), "zip": [0x50, 0x4B, 3, 4, 0x14, 0],
        "ole": [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0], "gzip": [0x1F, 0x8B, 8, 0],
        "elf": [0x7F, 0x45, 0x4C, 0x46, 2, 1], "exe": [0x4D, 0x5A, 0x90, 0, 3, 0],
        "html": Array("<!DOCTYPE html><html>".utf8), "script": Array("\n\t <script>".utf8),
        "svg": Array("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8),
        "bomsvg": [0xEF, 0xBB, 0xBF] + Array("<?xml version='1.0'?><svg/>".utf8),
        "utf16": [0xFF, 0xFE, 0x3C, 0, 0x68, 0, 0x74, 0, 0x6D, 0],
        "rtf": Array("{\\rtf1".utf8), "text": Array("Hello, all of you".utf8),
        "csv": Array("a;b;c\n1;2;3\n".utf8), "less": Array("< 3 of them".utf8),
        "bmtext": Array("BMW builds cars".utf8), "free": Array("Get free beer".utf8),
        "nothing": [], "one": [0x89],
        "tar": [UInt8](repeating: 0x61, count: 257) + Array("ustar".utf8),
    ]

    private static func contradiction(_ type: String, _ sample: String) throws -> String? {
        let check = ContentCheck(type: try #require(MediaType(type)))
        return check.contradiction(in: try #require(samples[sample], "\(sample)"))
    }

    @Test(
        "takes what is as declared",
        arguments: [
            ("image/png", "png"), ("image/jpeg", "jpeg"), ("image/jpg", "jpeg"),
            ("image/gif", "gif"), ("image/webp", "webp"), ("audio/wav", "wav"),
            ("video/mp4", "mp4"), ("audio/mp4", "mp4"), ("video/quicktime", "mov"),
            ("video/quicktime", "oldmov"), ("image/heic", "heic"), ("image/avif", "avif"),
            ("video/webm", "webm"), ("video/x-matroska", "webm"), ("audio/mpeg", "id3"),
            ("audio/mpeg", "mp3"), ("application/pdf", "pdf"), ("application/zip", "zip"),
            ("application/x-zip-compressed", "zip"), ("application/gzip", "gzip"),
            ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "zip"),
            ("application/msword", "ole"), ("application/msword", "rtf"),
            ("application/vnd.ms-excel", "ole"), ("application/vnd.ms-excel", "csv"),
            ("application/x-tar", "tar"), ("image/svg+xml", "svg"), ("image/svg+xml", "bomsvg"),
            ("text/html", "html"), ("text/plain", "text"), ("text/plain", "html"),
            ("text/plain", "bmtext"), ("text/plain", "free"), ("text/plain", "less"),
            ("text/csv", "csv"), ("application/octet-stream", "png"),
            ("application/octet-stream", "html"), ("application/octet-stream", "elf"),
            ("application/x-thing", "zip"), ("application/json", "text"),
            ("image/x-new-format", "text"), ("image/x-new-format", "png"),
            ("video/x-new-format", "mp4"), ("audio/x-new-format", "mp4"), ("text/plain", "nothing"),
            ("image/x-new-format", "less"),
        ]
    )
    func takes(_ type: String, _ sample: String) throws {
        #expect(try Self.contradiction(type, sample) == nil)
    }

    @Test(
        "refuses what contradicts its type",
        arguments: [
            ("image/png", "jpeg"), ("image/png", "html"), ("image/png", "svg"),
            ("image/png", "script"), ("image/png", "text"), ("image/png", "one"),
            ("image/png", "nothing"), ("image/jpeg", "png"), ("image/gif", "html"),
            ("image/webp", "wav"), ("image/x-new-format", "html"), ("image/x-new-format", "svg"),
            ("image/x-new-format", "utf16"), ("image/x-new-format", "bomsvg"),
            ("image/x-new-format", "elf"), ("image/x-new-format", "pdf"),
            ("image/x-new-format", "mp4"), ("audio/mpeg", "html"), ("audio/mpeg", "exe"),
            ("audio/mpeg", "png"), ("video/mp4", "html"), ("video/mp4", "webm"),
            ("video/x-new-format", "script"), ("font/x-new", "html"), ("application/pdf", "html"),
            ("application/pdf", "zip"), ("application/zip", "exe"), ("application/msword", "exe"),
            ("application/vnd.ms-excel", "pdf"), ("text/plain", "png"), ("text/plain", "zip"),
            ("text/plain", "elf"), ("text/plain", "pdf"), ("text/csv", "gzip"),
            ("text/html", "exe"), ("image/svg+xml", "png"), ("image/svg+xml", "text"),
            ("image/heic", "mp4"), ("image/x-icon", "html"), ("image/x-icon", "zip"),
        ]
    )
    func refuses(_ type: String, _ sample: String) throws {
        #expect(try Self.contradiction(type, sample) != nil)
    }

    @Test func tellsWhatItFound() throws {
        let found = try Self.contradiction("image/png", "html")
        #expect(found == "it is no PNG, as image/png is; it is text with markup")
        let other = try Self.contradiction("text/plain", "zip")
        #expect(other == "it is a zip, not text/plain")
    }

    @Test func noFormatIsTakenForAnother() {
        // A beginning that two sure formats claim would be told as the wrong one of them.
        for (name, start) in Self.samples {
            let claims = FileFormat.table.filter { $0.isSure && $0.matches(start) }.map(\.name)
            let containers = [["HEIF or AVIF", "MP4 or QuickTime"]]
            #expect(claims.count <= 1 || containers.contains(claims), "\(name): \(claims)")
        }
    }
}
