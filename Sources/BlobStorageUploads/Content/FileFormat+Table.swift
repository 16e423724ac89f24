extension FileFormat {
    /// The formats, in the order in which they are tried: containers come before what looks like them.
    ///
    /// Source: the WHATWG MIME Sniffing standard, IANA's registry of media types, and the formats' own
    /// specifications. A format is here if its files always begin so; what often does not, such as
    /// plain text, CSV or MPEG audio with junk before it, is not told by its beginning.
    static let table: [FileFormat] = images + media + documents + archives + fonts + programs

    private static let images = [
        FileFormat(
            "PNG",
            ["image/png", "image/x-png", "image/apng"],
            [Mark([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])]
        ),
        FileFormat(
            "JPEG",
            ["image/jpeg", "image/jpg", "image/pjpeg"],
            [Mark([0xFF, 0xD8, 0xFF])]
        ),
        FileFormat("GIF", ["image/gif"], [Mark("GIF87a")], [Mark("GIF89a")]),
        FileFormat("WebP", ["image/webp"], [Mark("RIFF"), Mark("WEBP", at: 8)]),
        FileFormat(
            "BMP",
            ["image/bmp", "image/x-ms-bmp", "image/x-bmp"],
            isSure: false,
            [Mark("BM")]
        ),
        FileFormat(
            "TIFF",
            ["image/tiff", "image/tiff-fx"],
            [Mark([0x49, 0x49, 0x2A, 0])],
            [Mark([0x4D, 0x4D, 0, 0x2A])],
            [Mark([0x49, 0x49, 0x2B, 0])],
            [Mark([0x4D, 0x4D, 0, 0x2B])]
        ),
        FileFormat(
            "icon",
            ["image/vnd.microsoft.icon", "image/x-icon"],
            isSure: false,
            [Mark([0, 0, 1, 0])],
            [Mark([0, 0, 2, 0])]
        ),
        FileFormat("JPEG XL", ["image/jxl"], isSure: false, [Mark([0xFF, 0x0A])]),
        FileFormat(
            "JPEG XL",
            ["image/jxl"],
            [Mark([0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20, 0x0D, 0x0A, 0x87, 0x0A])]
        ),
        FileFormat("PSD", ["image/vnd.adobe.photoshop"], isSure: false, [Mark("8BPS")]),
        // ISO 23008-12, section 10, and AV1-ISOBMFF: the brand tells images from films.
        FileFormat(
            "HEIF or AVIF",
            [
                "image/avif", "image/heic", "image/heif", "image/heic-sequence",
                "image/heif-sequence",
            ],
            [Mark("ftypavif", at: 4)],
            [Mark("ftypavis", at: 4)],
            [Mark("ftyphei", at: 4)],
            [Mark("ftyphev", at: 4)],
            [Mark("ftypmif1", at: 4)],
            [Mark("ftypmif2", at: 4)],
            [Mark("ftypmsf1", at: 4)]
        ),
    ]

    /// The types of what is made of ISO's boxes: ISO 14496-12.
    private static let boxed = [
        "video/mp4", "audio/mp4", "video/quicktime", "video/x-m4v", "audio/x-m4a", "audio/m4a",
        "video/3gpp", "video/3gpp2", "audio/3gpp", "audio/3gpp2", "application/mp4",
    ]

    private static let media = [
        FileFormat("MP4 or QuickTime", boxed, [Mark("ftyp", at: 4)]),
        // Films of old cameras begin with another atom, named by a word.
        FileFormat(
            "QuickTime",
            boxed,
            isSure: false,
            [Mark("moov", at: 4)],
            [Mark("mdat", at: 4)],
            [Mark("wide", at: 4)],
            [Mark("free", at: 4)],
            [Mark("skip", at: 4)],
            [Mark("pnot", at: 4)]
        ),
        FileFormat(
            "Matroska or WebM",
            [
                "video/webm", "audio/webm", "video/matroska", "video/x-matroska",
                "audio/matroska", "audio/x-matroska",
            ],
            [Mark([0x1A, 0x45, 0xDF, 0xA3])]
        ),
        FileFormat(
            "Ogg",
            ["audio/ogg", "video/ogg", "application/ogg", "audio/opus", "audio/vorbis"],
            [Mark("OggS")]
        ),
        FileFormat(
            "WAV",
            ["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"],
            [Mark("RIFF"), Mark("WAVE", at: 8)],
            [Mark("RF64"), Mark("WAVE", at: 8)],
            [Mark("BW64"), Mark("WAVE", at: 8)]
        ),
        FileFormat(
            "AVI",
            ["video/x-msvideo", "video/avi", "video/vnd.avi", "video/msvideo"],
            [Mark("RIFF"), Mark("AVI ", at: 8)]
        ),
        FileFormat("FLAC", ["audio/flac", "audio/x-flac"], [Mark("fLaC")]),
        FileFormat("AIFF", ["audio/aiff", "audio/x-aiff"], [Mark("FORM"), Mark("AIF", at: 8)]),
        FileFormat("MIDI", ["audio/midi", "audio/x-midi", "audio/sp-midi"], [Mark("MThd")]),
        FileFormat(
            "MPEG program stream",
            ["video/mpeg", "video/mp2p"],
            isSure: false,
            [Mark([0, 0, 1, 0xBA])],
            [Mark([0, 0, 1, 0xB3])]
        ),
    ]

    private static let documents = [
        FileFormat("PDF", ["application/pdf", "application/x-pdf"], [Mark("%PDF-")]),
        FileFormat(
            "PostScript",
            ["application/postscript", "application/illustrator"],
            [Mark("%!PS")]
        ),
        FileFormat("RTF", ["application/rtf", "text/rtf", "text/richtext"], [Mark("{\\rtf")]),
        FileFormat(
            "Office (OLE)",
            [
                "application/msword", "application/vnd.ms-powerpoint",
                "application/vnd.ms-excel", "application/vnd.ms-outlook",
                "application/vnd.visio", "application/x-ole-storage",
            ],
            [Mark([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])]
        ),
        FileFormat("SQLite", ["application/vnd.sqlite3"], [Mark("SQLite format 3\0")]),
        FileFormat(
            "Parquet",
            ["application/vnd.apache.parquet"],
            isSure: false,
            [Mark("PAR1")]
        ),
    ]

    private static let archives = [
        FileFormat(
            "zip",
            [
                "application/zip", "application/x-zip-compressed", "application/epub+zip",
                "application/java-archive", "application/vnd.android.package-archive",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
                "application/vnd.oasis.opendocument.text",
                "application/vnd.oasis.opendocument.spreadsheet",
                "application/vnd.oasis.opendocument.presentation",
                "application/vnd.oasis.opendocument.graphics",
            ],
            [Mark([0x50, 0x4B, 3, 4])],
            [Mark([0x50, 0x4B, 5, 6])],
            [Mark([0x50, 0x4B, 7, 8])]
        ),
        FileFormat("gzip", ["application/gzip", "application/x-gzip"], [Mark([0x1F, 0x8B])]),
        FileFormat(
            "bzip2",
            ["application/x-bzip2", "application/x-bzip"],
            isSure: false,
            [Mark("BZh")]
        ),
        FileFormat("xz", ["application/x-xz"], [Mark([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0])]),
        FileFormat("zstd", ["application/zstd"], [Mark([0x28, 0xB5, 0x2F, 0xFD])]),
        FileFormat(
            "7z",
            ["application/x-7z-compressed"],
            [Mark([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C])]
        ),
        FileFormat(
            "RAR",
            ["application/vnd.rar", "application/x-rar-compressed", "application/x-rar"],
            [Mark([0x52, 0x61, 0x72, 0x21, 0x1A, 7])]
        ),
        FileFormat("tar", ["application/x-tar"], [Mark("ustar", at: 257)]),
    ]

    private static let fonts = [
        FileFormat("WOFF", ["font/woff", "application/font-woff"], [Mark("wOFF")]),
        FileFormat("WOFF2", ["font/woff2"], [Mark("wOF2")]),
        FileFormat(
            "OpenType or TrueType",
            ["font/ttf", "font/otf", "font/sfnt", "font/collection", "application/x-font-ttf"],
            isSure: false,
            [Mark([0, 1, 0, 0])],
            [Mark("OTTO")],
            [Mark("true")],
            [Mark("ttcf")]
        ),
    ]

    private static let programs = [
        FileFormat("ELF", ["application/x-elf", "application/x-executable"], [Mark("\u{7F}ELF")]),
        FileFormat(
            "Windows program",
            [
                "application/vnd.microsoft.portable-executable", "application/x-msdownload",
                "application/x-dosexec",
            ],
            [Mark([0x4D, 0x5A, 0x90, 0])],
            [Mark([0x4D, 0x5A, 0, 0])],
            [Mark([0x4D, 0x5A, 0x78, 0])]
        ),
        FileFormat(
            "Mach-O program",
            ["application/x-mach-binary"],
            [Mark([0xFE, 0xED, 0xFA, 0xCE])],
            [Mark([0xFE, 0xED, 0xFA, 0xCF])],
            [Mark([0xCE, 0xFA, 0xED, 0xFE])],
            [Mark([0xCF, 0xFA, 0xED, 0xFE])],
            [Mark([0xCA, 0xFE, 0xBA, 0xBE])]
        ),
        FileFormat("WebAssembly", ["application/wasm"], [Mark("\0asm")]),
    ]
}
