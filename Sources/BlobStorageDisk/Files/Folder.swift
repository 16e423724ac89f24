import BlobStorage
import CBlobStorageSystem
import Glibc

/// An open folder.
///
/// Names are looked up in it alone and no symbolic link is followed.
struct Folder: Sendable {
    let descriptor: FileDescriptor
    /// The folder's path from the root; empty for the root itself.
    let path: String

    /// The path from the root of a name in this folder.
    func path(of name: String) -> String {
        path.isEmpty ? name : "\(path)/\(name)"
    }

    /// Looks a name up; `nil` if there is none.
    func status(of name: String) throws(SystemError) -> FileStatus? {
        var status = stat()
        let result = ignoringInterrupts {
            fstatat(descriptor.number, name, &status, AT_SYMLINK_NOFOLLOW)
        }
        guard result == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else { throw SystemError.last("fstatat") }
            return nil
        }
        return FileStatus(status)
    }

    /// Opens a name in this folder.
    func open(_ name: String, _ flags: Int32, mode: UInt32 = 0) throws(SystemError)
        -> FileDescriptor
    {
        let flags = flags | O_NOFOLLOW | O_CLOEXEC
        let number = ignoringInterrupts {
            cblobstorage_openat(descriptor.number, name, flags, mode)
        }
        guard number >= 0 else { throw SystemError.last("openat") }
        return FileDescriptor(owning: number)
    }

    /// Opens a folder in this folder; one that can be listed and synced.
    func folder(_ name: String) throws(SystemError) -> Folder {
        Folder(descriptor: try open(name, O_RDONLY | O_DIRECTORY), path: path(of: name))
    }

    /// Makes a folder.
    ///
    /// - Returns: Whether it was made; `false` if the name was taken.
    func makeFolder(_ name: String) throws(SystemError) -> Bool {
        guard ignoringInterrupts({ mkdirat(descriptor.number, name, 0o777) }) == 0 else {
            guard errno == EEXIST else { throw SystemError.last("mkdirat") }
            return false
        }
        return true
    }

    /// Opens a folder in this folder; `nil` if there is none.
    func folderIfThere(_ name: String) throws(SystemError) -> Folder? {
        do {
            return try folder(name)
        } catch {
            guard error.code == ENOENT else { throw error }
            return nil
        }
    }

    /// Opens a folder in this folder, and makes it if there is none.
    func makingFolder(_ name: String) throws(SystemError) -> (folder: Folder, isNew: Bool) {
        if let folder = try folderIfThere(name) { return (folder, false) }
        let isNew = try makeFolder(name)
        return (try folder(name), isNew)
    }

    /// Removes the name of a file; `false` if there was none.
    @discardableResult
    func remove(_ name: String) throws(SystemError) -> Bool {
        try remove(name, flags: 0)
    }

    /// Removes an empty folder; `false` if there was none.
    @discardableResult
    func removeFolder(_ name: String) throws(SystemError) -> Bool {
        do {
            return try remove(name, flags: AT_REMOVEDIR)
        } catch {
            // A file may have taken its place.
            guard [ENOTEMPTY, EEXIST, ENOTDIR].contains(error.code) else { throw error }
            return false
        }
    }

    private func remove(_ name: String, flags: Int32) throws(SystemError) -> Bool {
        guard ignoringInterrupts({ unlinkat(descriptor.number, name, flags) }) == 0 else {
            guard errno == ENOENT else { throw SystemError.last("unlinkat") }
            return false
        }
        return true
    }

    /// Gives a file a second name; `false` if that name is taken.
    func link(_ name: String, to other: Folder, _ otherName: String) throws(SystemError) -> Bool {
        let result = ignoringInterrupts {
            linkat(descriptor.number, name, other.descriptor.number, otherName, 0)
        }
        guard result == 0 else {
            guard errno == EEXIST else { throw SystemError.last("linkat") }
            return false
        }
        return true
    }

    /// Moves a name, replacing what has the new one.
    func rename(_ name: String, to other: Folder, _ otherName: String) throws(SystemError) {
        let result = ignoringInterrupts {
            renameat(descriptor.number, name, other.descriptor.number, otherName)
        }
        guard result == 0 else { throw SystemError.last("renameat") }
    }
}
