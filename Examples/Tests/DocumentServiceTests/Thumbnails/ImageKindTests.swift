import Testing

@testable import DocumentService

@Suite struct ImageKindTests {
    // The signatures are those of the formats' own specifications.
    @Test(
        "a kind is told by its first bytes",
        arguments: [
            ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13], .png),
            ([0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 74, 70, 73, 70, 0, 1], .jpeg),
            (Array("GIF89a\u{1}\0\u{1}\0\0\0".utf8), .gif),
            (Array("GIF87a\u{1}\0\u{1}\0\0\0".utf8), .gif),
            (Array("RIFF\0\0\0\0WEBP".utf8), .webp),
            (Array("RIFF\0\0\0\0WAVE".utf8), nil), (Array("RIFF".utf8), nil),
            (Array("<svg xmlns=".utf8), nil), (Array("%!PS-Adobe-".utf8), nil),
            (Array("push graphi".utf8), nil), (Array("GIF88a".utf8), nil), ([], nil),
        ] as [([UInt8], ImageKind?)]
    )
    func signatures(_ bytes: [UInt8], _ kind: ImageKind?) {
        #expect(ImageKind(firstBytes: bytes) == kind)
    }
}
