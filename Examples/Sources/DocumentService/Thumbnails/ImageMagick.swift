import Foundation

/// ImageMagick's `convert`, as a program that reads what strangers have sent.
///
/// It is a process of its own, which is killed when it takes too long; it may read four formats, and
/// no more memory, time, file size or pixels than these bounds. The formats stand before the file
/// names, so that no name and no first byte chooses one, and its policy forbids all others and every
/// helper program.
struct ImageMagick: Sendable {
    /// The longest side of a thumbnail, in pixels.
    static let thumbnailSide = 320

    private static let bounds = [
        "-limit", "memory", "128MiB", "-limit", "map", "128MiB", "-limit", "disk", "0",
        "-limit", "area", "64MP", "-limit", "width", "16KP", "-limit", "height", "16KP",
        "-limit", "thread", "1", "-limit", "time", "10",
    ]
    /// Bounds of the kernel, should a decoder not care: address space and file size in KiB, seconds of
    /// the processor.
    private static let shell = "ulimit -v 1048576 -f 20480 -t 20 -c 0; exec \"$0\" \"$@\""
    /// How long one picture may take in all.
    private static let timeLimit = Duration.seconds(20)

    /// The path of the program.
    let path: String
    /// A folder with the policy, and room for files.
    let folder: String

    /// Finds the program.
    ///
    /// - Parameters:
    ///   - name: Its path, or its name in `PATH`; `nil` looks for `convert`.
    ///   - searchPath: The value of `PATH`.
    /// - Returns: Its path; `nil` if there is none.
    static func find(_ name: String?, searchPath: String?) -> String? {
        let name = name ?? "convert"
        let isExecutable = FileManager.default.isExecutableFile(atPath:)
        if name.utf8.contains(UInt8(ascii: "/")) { return isExecutable(name) ? name : nil }
        let folders = (searchPath ?? "/usr/bin:/bin").utf8.split(separator: UInt8(ascii: ":"))
        return folders.map { String(decoding: $0, as: UTF8.self) + "/" + name }
            .first(where: isExecutable)
    }

    /// Prepares the folder.
    ///
    /// - Throws: What the file system does.
    func prepare() throws {
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try Data(Self.policy.utf8).write(to: URL(filePath: "\(folder)/policy.xml"))
    }

    /// Removes the folder.
    func removeFolder() {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Makes a small PNG of a picture.
    ///
    /// - Parameters:
    ///   - input: The picture's file.
    ///   - kind: What kind of picture it is.
    ///   - output: The file to write.
    /// - Throws: ``ThumbnailError``; `CancellationError`, after which the process is gone too.
    func makeThumbnail(of input: String, _ kind: ImageKind, in output: String) async throws {
        var arguments = ["-c", Self.shell, path] + Self.bounds
        if kind == .jpeg {
            // The decoder itself leaves out what is thrown away later.
            let side = 2 * Self.thumbnailSide
            arguments += ["-define", "jpeg:size=\(side)x\(side)"]
        }
        // The first picture of an animation.
        arguments += ["\(kind.rawValue):\(input)[0]", "-auto-orient"]
        arguments += ["-thumbnail", "\(Self.thumbnailSide)x\(Self.thumbnailSide)>"]
        arguments += ["-colorspace", "sRGB", "-strip", "-depth", "8", "png:\(output)"]
        let child = ChildProcess(
            path: "/bin/sh",
            arguments: arguments,
            environment: [
                "PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": folder,
                "MAGICK_CONFIGURE_PATH": folder, "MAGICK_TEMPORARY_PATH": folder,
            ],
            folder: folder
        )
        guard let status = try await child.run(within: Self.timeLimit) else {
            throw ThumbnailError("the program was killed after \(Self.timeLimit)")
        }
        guard status == 0 else {
            throw ThumbnailError("the program ended with the status \(status)")
        }
    }

    /// What ImageMagick may do, whatever the system's own policy allows.
    ///
    /// - SeeAlso: https://imagemagick.org/script/security-policy.php
    private static let policy = """
        <?xml version="1.0" encoding="UTF-8"?>
        <policymap>
          <policy domain="delegate" rights="none" pattern="*"/>
          <policy domain="filter" rights="none" pattern="*"/>
          <policy domain="path" rights="none" pattern="@*"/>
          <policy domain="coder" rights="none" pattern="*"/>
          <policy domain="coder" rights="read | write" pattern="{PNG,JPEG,GIF,WEBP}"/>
        </policymap>

        """
}

/// Why there is no thumbnail.
struct ThumbnailError: Error, Sendable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
