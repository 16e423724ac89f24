import BlobStorage
import Glibc

/// Where the bytes of a get go.
enum OutputTarget: Equatable {
    case standardOutput
    /// A file, which is replaced when all bytes are there.
    case file(String)
    /// A FIFO or a device, which is written to.
    case stream(String)

    /// Reads the FILE operand.
    ///
    /// - Throws: ``UsageError`` if nothing is named and the key gives no name.
    init(argument: String?, key: BlobKey) throws {
        guard let path = argument else {
            self = .file(try Self.fileName(of: key))
            return
        }
        guard path != "-" else {
            self = .standardOutput
            return
        }
        guard !path.isEmpty else { throw UsageError("FILE is empty") }
        var status = stat()
        guard !path.utf8.contains(0), stat(path, &status) == 0 else {
            self = .file(path)
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: self = .file(path)
        case S_IFDIR:
            let separator = path.utf8.last == UInt8(ascii: "/") ? "" : "/"
            self = .file("\(path)\(separator)\(try Self.fileName(of: key))")
        default: self = .stream(path)
        }
    }

    /// The last segment of a key, if it can be the name of a file.
    private static func fileName(of key: BlobKey) throws -> String {
        let segments = key.text.utf8.split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        let name = segments.last.map { String(Substring($0)) } ?? ""
        guard !["", ".", ".."].contains(name), !name.utf8.contains(0), name.utf8.count <= 255 else {
            let shown = DisplayText(name)
            throw UsageError("the key's last segment, \"\(shown)\", can't name a file; give FILE")
        }
        return name
    }
}
