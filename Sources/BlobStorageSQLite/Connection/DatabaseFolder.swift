import BlobStorage
import Glibc

/// The folder that a database file is in.
enum DatabaseFolder {
    /// Makes the folders above a file that are not there.
    ///
    /// - Throws: `BlobError`.
    static func make(above path: String) throws {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return }
        let folder = String(path[..<slash])
        var status = stat()
        if folder.isEmpty || stat(folder, &status) == 0 { return }
        try make(above: folder)
        guard ignoringInterrupts({ mkdir(folder, 0o777) }) != 0, errno != EEXIST else { return }
        let error = SystemError.last("mkdir")
        // Not that there is no such record: the path is wrong.
        let isAboutPath = [ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG].contains(error.code)
        throw BlobError(
            error,
            kind: isAboutPath ? .invalidArgument : nil,
            operation: "prepare",
            doing: "the folder \"\(EscapedText(folder))\" can't be made"
        )
    }
}
