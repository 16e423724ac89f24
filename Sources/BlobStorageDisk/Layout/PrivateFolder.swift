import BlobStorage
import Glibc

/// The folder beneath the root that holds everything but blobs: staging, uploads, locks.
///
/// It is made by the first write; a folder that is only read stays as it is.
final class PrivateFolder: Sendable {
    /// The layout that this package writes.
    private static let formatVersion = "1"

    private let root: Folder
    private let isDurable: Bool
    private let opened = Locked([String: Folder]())

    init(root: Folder, isDurable: Bool) {
        self.root = root
        self.isDurable = isDurable
    }

    /// Opens a folder in the private folder.
    ///
    /// - Returns: `nil` if there is none and none is to be made.
    func open(_ name: String, create: Bool) throws -> Folder? {
        if let folder = opened.withLock({ $0[name] }) { return folder }
        guard let base = try base(create: create) else { return nil }
        let folder: Folder
        if create {
            let made = try base.makingFolder(name)
            // Also one that is there: whoever made it may have been killed before it was synced.
            if isDurable { try sync(base) }
            folder = made.folder
        } else {
            guard let found = try base.folderIfThere(name) else { return nil }
            folder = found
        }
        opened.withLock { $0[name] = folder }
        return folder
    }

    /// Forgets the folders that are open, after somebody has removed them.
    func forget() {
        opened.withLock { $0 = [:] }
    }

    /// Syncs the private folder; a sync that failed is not tried again on its descriptor, which would
    /// say that all is well.
    private func sync(_ base: Folder) throws {
        do {
            try base.descriptor.sync()
        } catch {
            opened.withLock { $0[ReservedName.privateFolder] = nil }
            throw error
        }
    }

    /// Opens the file of locks.
    func openLockFile() throws -> FileDescriptor {
        guard let base = try base(create: true) else { throw SystemError("openat", ENOENT) }
        return try base.open("locks", O_RDWR | O_CREAT, mode: 0o666)
    }

    /// Opens the private folder itself; checks, or writes, its format.
    func base(create: Bool) throws -> Folder? {
        let name = ReservedName.privateFolder
        if let folder = opened.withLock({ $0[name] }) { return folder }
        let folder: Folder
        if create {
            folder = try root.makingFolder(name).folder
            if isDurable { try root.descriptor.sync() }
        } else {
            guard let found = try root.folderIfThere(name) else { return nil }
            folder = found
        }
        try checkFormat(folder, create: create)
        opened.withLock { $0[name] = folder }
        return folder
    }

    private func checkFormat(_ folder: Folder, create: Bool) throws {
        do {
            let bytes = try folder.open("format", O_RDONLY).read(64, at: 0)
            let text = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
            // An empty one was cut off by a crash while the folder was made.
            guard text.isEmpty || text == Self.formatVersion else {
                let message =
                    "the folder has format \"\(text)\", this version of the package knows "
                    + "\(Self.formatVersion); use a newer version"
                throw BlobError(.unsupported, operation: "open", message: message)
            }
        } catch let error as SystemError where error.code == ENOENT {
            guard create else { return }
            let file = try folder.open("format", O_WRONLY | O_CREAT, mode: 0o666)
            try Array("\(Self.formatVersion)\n".utf8).withUnsafeBytes { try file.write($0, at: 0) }
            guard isDurable else { return }
            try file.sync()
            try folder.descriptor.sync()
        }
    }
}
