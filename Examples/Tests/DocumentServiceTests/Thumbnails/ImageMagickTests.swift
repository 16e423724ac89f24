import BlobStorage
import Foundation
import Testing

@testable import DocumentService

/// ImageMagick, where it is installed; each test says so where it is not.
@Suite struct ImageMagickTests {
    private let folder: TestFolder
    private let program: ImageMagick?

    init() throws {
        folder = try TestFolder()
        program = ImageMagick.find(nil, searchPath: "/usr/bin:/bin").map { [folder] path in
            ImageMagick(path: path, folder: "\(folder.path)/work")
        }
        try program?.prepare()
        if program == nil {
            FileHandle.standardError.write(Data("SKIPPED thumbnails: no ImageMagick here\n".utf8))
        }
    }

    /// Makes a picture with ImageMagick's own tools, outside of all bounds.
    private func picture(_ name: String, _ arguments: [String]) async throws -> String {
        let path = "\(folder.path)/\(name)"
        let program = try #require(program)
        let made = try await Command.run(program.path, arguments + [path])
        try #require(made.status == 0, "\(made.errors)")
        return path
    }

    private func size(_ path: String) async throws -> String {
        try await Command.run("/usr/bin/identify", ["-format", "%m %wx%h", path]).output
    }

    @Test("each kind makes a small PNG", arguments: ImageKind.allCases)
    func kinds(_ kind: ImageKind) async throws {
        guard let program else { return }
        let input = try await picture("a.\(kind.rawValue)", ["-size", "1000x500", "plasma:"])
        let output = "\(folder.path)/out"
        try await program.makeThumbnail(of: input, kind, in: output)
        #expect(try await size(output) == "PNG 320x160")
    }

    @Test func asSmallPictureStaysAsItIs() async throws {
        guard let program else { return }
        let input = try await picture("a.png", ["-size", "20x10", "xc:red"])
        try await program.makeThumbnail(of: input, .png, in: "\(folder.path)/out")
        #expect(try await size("\(folder.path)/out") == "PNG 20x10")
    }

    @Test func ofAnAnimationTheFirstPictureIsTaken() async throws {
        guard let program else { return }
        let input = try await picture("a.gif", ["-size", "40x40", "xc:red", "xc:blue", "xc:green"])
        let output = "\(folder.path)/out"
        try await program.makeThumbnail(of: input, .gif, in: output)
        #expect(try await size(output) == "PNG 40x40")
    }

    @Test(
        "a picture that is too wide, or takes too much memory, is refused",
        arguments: [(17_000, 1), (1, 17_000), (15_000, 15_000)]
    )
    func tooLarge(_ width: Int, _ height: Int) async throws {
        guard let program else { return }
        let input = "\(folder.path)/a.png"
        try Data(BlackPicture.png(width, height)).write(to: URL(filePath: input))
        let start = ContinuousClock.now
        await #expect(throws: ThumbnailError.self) {
            try await program.makeThumbnail(of: input, .png, in: "\(folder.path)/out")
        }
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test(
        "what is something else, or broken, is refused",
        arguments: [
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "%!PS\nshowpage\n", "",
            "push graphic-context\nviewbox 0 0 9 9\nimage over 0,0 0,0 '/etc/passwd'\n",
        ]
    )
    func others(_ text: String) async throws {
        guard let program else { return }
        let input = "\(folder.path)/a"
        try Data(text.utf8).write(to: URL(filePath: input))
        for kind in ImageKind.allCases {
            await #expect(throws: ThumbnailError.self) {
                try await program.makeThumbnail(of: input, kind, in: "\(folder.path)/out")
            }
        }
    }

    @Test func thePolicyForbidsEveryOtherFormat() async throws {
        guard let program else { return }
        for input in ["xc:red", "label:a", "text:/etc/passwd", "msl:/dev/null", "http://a/"] {
            let result = try await Command.run(
                program.path,
                [input, "png:\(folder.path)/out"],
                environment: ["PATH": "/usr/bin:/bin", "MAGICK_CONFIGURE_PATH": program.folder]
            )
            #expect(result.status != 0, "\(input)")
            #expect(result.errors.contains("policy"), "\(input): \(result.errors)")
        }
    }
}

/// Pictures that ImageMagick itself does not make within its usual bounds.
private enum BlackPicture {
    /// A PNG of one bit a pixel.
    ///
    /// - SeeAlso: https://www.w3.org/TR/png-3/
    static func png(_ width: Int, _ height: Int) -> [UInt8] {
        // Each row has a byte for its filter.
        let bytes = [UInt8](repeating: 0, count: (1 + (width + 7) / 8) * height)
        let header = number(width) + number(height) + [1, 0, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", header) + chunk("IDAT", zlib(bytes)) + chunk("IEND", [])
    }

    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + data
        return number(data.count) + body + Checksum.of(body, .crc32).bytes
    }

    private static func number(_ number: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// Zeros as a stream of blocks that are not compressed (RFC 1950, RFC 1951).
    private static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(65_535)
            rest = rest.dropFirst(block.count)
            let (low, high) = (UInt8(block.count & 255), UInt8(block.count >> 8))
            stream += [rest.isEmpty ? 1 : 0, low, high, ~low, ~high]
            stream += block
        } while !rest.isEmpty
        // Adler-32 of zeros: the first sum stays 1, the second counts.
        return stream + number((bytes.count % 65_521) << 16 | 1)
    }
}
