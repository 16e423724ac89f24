import BlobStorage
import CBlobStorageSystem
import Glibc

/// A file on its way to become a blob: written, and not yet visible.
///
/// It has no name where the file system can do that, and vanishes with its descriptor; else it has
/// a name in the staging folder and a lock that tells that its writer lives.
final class StagedFile: Sendable {
    let descriptor: FileDescriptor
    private let staging: Folder
    /// The name in the staging folder; `nil` as long as the file has none.
    private let name: Locked<String?>

    init(in staging: Folder, unnamed: Bool) throws(SystemError) {
        self.staging = staging
        if unnamed {
            descriptor = try staging.open(".", cblobstorage_o_tmpfile | O_RDWR, mode: 0o666)
            name = Locked(nil)
        } else {
            let unique = Self.uniqueName()
            descriptor = try staging.open(unique, O_RDWR | O_CREAT | O_EXCL, mode: 0o666)
            name = Locked(unique)
            Self.markAlive(descriptor)
        }
    }

    /// Gives the file its name, if that is free.
    ///
    /// - Returns: `false` if the name is taken.
    func link(to folder: Folder, _ newName: String, on volume: DiskVolume) throws -> Bool {
        guard let name = name.withLock({ $0 }) else {
            let status = ignoringInterrupts {
                cblobstorage_link_open_file(descriptor.number, folder.descriptor.number, newName)
            }
            guard status == 0 else {
                guard errno == EEXIST else { throw SystemError.last("linkat") }
                return false
            }
            return true
        }
        if volume.has(.renameNoReplace) {
            let status = ignoringInterrupts {
                cblobstorage_renameat2(
                    staging.descriptor.number,
                    name,
                    folder.descriptor.number,
                    newName,
                    cblobstorage_rename_noreplace
                )
            }
            if status == 0 {
                self.name.withLock { $0 = nil }
                return true
            }
            let error = SystemError.last("renameat2")
            if error.code == EEXIST { return false }
            guard error.code == EINVAL || error.code == ENOSYS else { throw error }
            volume.giveUp(.renameNoReplace)
        }
        guard try staging.link(name, to: folder, newName) else { return false }
        // The file has its name now, whatever becomes of the other one.
        discard()
        return true
    }

    /// Gives the file a name that another file has.
    func replace(_ oldName: String, in folder: Folder) throws {
        let name: String
        if let ownName = self.name.withLock({ $0 }) {
            name = ownName
        } else {
            // A link can't replace; a rename can, and needs a name to begin with.
            Self.markAlive(descriptor)
            name = Self.uniqueName()
            let status = ignoringInterrupts {
                cblobstorage_link_open_file(descriptor.number, staging.descriptor.number, name)
            }
            guard status == 0 else { throw SystemError.last("linkat") }
            self.name.withLock { $0 = name }
        }
        try staging.rename(name, to: folder, oldName)
        self.name.withLock { $0 = nil }
    }

    /// Removes what the file system has of the file, if it was not given its name.
    func discard() {
        guard let name = name.withLock({ $0 }) else { return }
        // What can't be removed now is removed by the next process that opens the store.
        _ = try? staging.remove(name)
        self.name.withLock { $0 = nil }
    }

    /// Whether the writer of a file in the staging folder lives.
    static func isAlive(_ file: FileDescriptor) -> Bool {
        // A lock that is shared needs no right to write, and a writer's stands against it, too.
        guard cblobstorage_lock(file.number, 0, 1, false, false) == 0 else { return true }
        _ = cblobstorage_unlock(file.number, 0, 1)
        return false
    }

    private static func markAlive(_ file: FileDescriptor) {
        // Without the lock the file's age still protects it for a while.
        _ = cblobstorage_lock(file.number, 0, 1, true, false)
    }

    static func uniqueName() -> String {
        "\(String(UInt64.random(in: .min ... .max), radix: 16))-\(getpid())"
    }
}
