import BenchSupport
import Glibc

/// Makes many files quickly, as another program might have: the keys that the rows read.
///
/// Empty ones are links to a few files, since ext4 takes ten times as long for files of their own.
struct Filler {
    private let root: String
    private let folders: Int
    private let count: Int
    private let byteCount: Int

    init(_ arguments: Arguments) throws {
        root = try arguments.text("root")
        folders = try arguments.number("folders")
        count = try arguments.number("count")
        byteCount = try arguments.number("bytes")
    }

    /// ext4 takes 65,000.
    private static let maximumLinkCount = 50_000

    func run() throws -> Int64 {
        var first: (folder: Int32, name: String)?
        var made = 0
        let bytes = [UInt8](repeating: 0x78, count: byteCount)
        try makeFolder(root)
        for folder in 0..<max(1, folders) {
            let path = folders == 0 ? root : "\(root)/d\(folder)"
            try makeFolder(path)
            let descriptor = open(path, O_RDONLY | O_DIRECTORY)
            guard descriptor >= 0 else { throw Misuse("\(path) can't be opened") }
            defer { close(descriptor) }
            for index in stride(from: folder, to: count, by: max(1, folders)) {
                if byteCount == 0, let first, made % Self.maximumLinkCount != 0 {
                    guard linkat(first.folder, first.name, descriptor, "f\(index)", 0) == 0 else {
                        throw Misuse("\(path)/f\(index) can't be made")
                    }
                } else {
                    let file = openat(descriptor, "f\(index)", O_WRONLY | O_CREAT | O_EXCL, 0o666)
                    guard file >= 0, write(file, bytes, byteCount) == byteCount else {
                        throw Misuse("\(path)/f\(index) can't be made")
                    }
                    close(file)
                    if byteCount == 0 { first = (dup(descriptor), "f\(index)") }
                }
                made += 1
            }
        }
        return Int64(count)
    }

    /// Makes a folder and those above it.
    private func makeFolder(_ path: String) throws {
        if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/") else {
            throw Misuse("the folder \(path) can't be made")
        }
        try makeFolder(String(path[..<slash]))
        try makeFolder(path)
    }
}
