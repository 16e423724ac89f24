import BlobStorage
import CBlobStorageSystem
import Glibc

/// Opens paths beneath a folder, and nowhere else.
///
/// No component may be a symbolic link, so that a link which somebody planted leads nowhere.
struct Confinement: Sendable {
    let usesOpenat2: Bool

    /// Opens a path beneath a folder.
    ///
    /// - Parameters:
    ///   - path: The path from the folder, without `.`, `..` or empty components.
    ///   - folder: Where the path begins.
    ///   - flags: How to open it.
    /// - Returns: The open file or folder.
    /// - Throws: ``SystemError``: `ELOOP` if a symbolic link is in the way, `ENOTDIR` if a file is.
    func open(_ path: String, beneath folder: FileDescriptor, _ flags: Int32) throws(SystemError)
        -> FileDescriptor
    {
        let flags = flags | O_CLOEXEC | O_NOFOLLOW
        if usesOpenat2 {
            let number = ignoringInterrupts {
                cblobstorage_openat2(folder.number, path, flags, 0)
            }
            if number >= 0 { return FileDescriptor(owning: number) }
            let error = SystemError.last("openat2")
            // It may be a file or a symbolic link that is no folder; step by step it shows.
            guard error.code == ENOTDIR else { throw error }
        }
        var parent = folder
        var rest = path[...]
        while let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/")) {
            let component = String(rest[..<slash])
            parent = try step(
                component,
                in: parent,
                cblobstorage_o_path | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
            )
            rest = rest[rest.utf8.index(after: slash)...]
        }
        return try step(String(rest), in: parent, flags)
    }

    private func step(
        _ name: String,
        in folder: FileDescriptor,
        _ flags: Int32
    ) throws(SystemError) -> FileDescriptor {
        let number = ignoringInterrupts { cblobstorage_openat(folder.number, name, flags, 0) }
        guard number >= 0 else {
            let error = SystemError.last("openat")
            // With `O_DIRECTORY` a link gives `ENOTDIR`; `openat2` would call it `ELOOP`.
            var status = stat()
            if error.code == ENOTDIR,
                fstatat(folder.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
                status.st_mode & S_IFMT == S_IFLNK
            {
                throw SystemError("openat", ELOOP)
            }
            throw error
        }
        return FileDescriptor(owning: number)
    }
}
