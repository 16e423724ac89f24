import BlobStorage
import CBlobStorageSystem
import Glibc

/// An open root folder and what belongs to it.
///
/// Its functions block; the store calls them on the threads for that.
final class DiskVolume: Sendable {
    let root: Folder
    let durability: Durability
    let multipartLimits: MultipartLimits
    let privateFolder: PrivateFolder

    /// What is still used of the kernel and the file system.
    let features: Locked<DiskFeatures>
    /// The folders that need no sync.
    let durableFolders = Locked(DurableFolders())
    /// The blobs that were added, so that a listing that goes on knows of new ones.
    let additions = Locked(RecentAdditions())
    /// Listings that may go on.
    let pausedWalks = PausedWalks()
    /// Whether the file system counts the names of its folders.
    private let countsNames: Bool

    private let writing = Locked<WritingParts?>(nil)

    /// What only writes need; made by the first one.
    struct WritingParts: Sendable {
        let locks: KeyLocks
        let staging: Folder

        /// Whether both are still where other processes find theirs.
        var areInPlace: Bool {
            get throws {
                let isStaging = try staging.descriptor.fileStatus().nameCount > 0
                return try isStaging && locks.file.fileStatus().nameCount > 0
            }
        }
    }

    /// Opens a root folder.
    ///
    /// - Throws: ``BlobError`` of kind `storeNotFound` if there is no such folder.
    init(
        rootPath: String,
        durability: Durability,
        multipartLimits: MultipartLimits,
        features: DiskFeatures
    ) throws {
        try Self.check(rootPath)
        let number = ignoringInterrupts {
            Glibc.open(rootPath, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        guard number >= 0 else {
            throw Self.cannotOpen(rootPath, SystemError.last("open"))
        }
        root = Folder(descriptor: FileDescriptor(owning: number), path: "")
        countsNames = try root.descriptor.fileStatus().nameCount > 0
        self.durability = durability
        self.multipartLimits = multipartLimits
        var features = features
        if !AttributeStore.works(on: root.descriptor) { features.remove(.extendedAttributes) }
        if !Self.hasOpenat2(root.descriptor) { features.remove(.openat2) }
        // A file without a name may be given one only by way of /proc, which a chroot may lack.
        if access("/proc/self/fd", X_OK) != 0 { features.remove(.unnamedFiles) }
        self.features = Locked(features)
        privateFolder = PrivateFolder(root: root, isDurable: durability == .full)
        try finishSwaps()
    }

    private static func cannotOpen(_ path: String, _ error: SystemError) -> BlobError {
        let name = "\"\(EscapedText(path))\""
        switch error.code {
        case ENOENT:
            let message = "there is no folder \(name); prepare() makes it"
            return BlobError(
                .storeNotFound,
                operation: "open",
                message: message,
                underlying: error
            )
        case ENOTDIR:
            let message = "\(name), or what it lies in, is no folder"
            return BlobError(
                .invalidArgument,
                operation: "open",
                message: message,
                underlying: error
            )
        default:
            return BlobError(error, operation: "open", doing: "the folder \(name)")
        }
    }

    /// Refuses a path that the system would read only in part.
    static func check(_ rootPath: String) throws {
        guard rootPath.utf8.contains(0) else { return }
        throw BlobError(
            .invalidArgument,
            operation: "open",
            message: "the path \"\(EscapedText(rootPath))\" has a NUL, where it would be cut"
        )
    }

    /// Whether the root was not removed, as far as the file system tells.
    ///
    /// On overlayfs a folder of a lower layer looks as it did.
    var isThere: Bool {
        guard let status = try? root.descriptor.fileStatus() else { return false }
        return status.nameCount > 0 || !countsNames
    }

    var isDurable: Bool { durability == .full }

    func has(_ feature: DiskFeatures) -> Bool {
        features.withLock { $0.contains(feature) }
    }

    /// Gives a feature up that a call has shown to be missing.
    func giveUp(_ feature: DiskFeatures) {
        features.withLock { _ = $0.remove(feature) }
    }

    var confinement: Confinement { Confinement(usesOpenat2: has(.openat2)) }

    var attributeStore: AttributeStore {
        AttributeStore(
            usesExtendedAttributes: has(.extendedAttributes),
            privateFolder: privateFolder
        )
    }

    /// What writes need; makes the private folder if there is none.
    ///
    /// Somebody may remove it under a store that is open: a lock in a file that has no name would
    /// keep nobody else out.
    func writingParts() throws -> WritingParts {
        if let parts = writing.withLock({ $0 }) {
            if try parts.areInPlace { return parts }
            writing.withLock { writing in
                if writing?.locks === parts.locks { writing = nil }
            }
            privateFolder.forget()
        }
        do {
            return try makeWritingParts()
        } catch let error as SystemError where error.code == ENOENT {
            throw BlobError(
                error,
                kind: .storeNotFound,
                operation: "open",
                doing: "the store's own folder can't be made; the root is gone"
            )
        }
    }

    private func makeWritingParts() throws -> WritingParts {
        guard let staging = try privateFolder.open("staging", create: true) else {
            throw SystemError("openat", ENOENT)
        }
        let parts = WritingParts(
            locks: KeyLocks(file: try privateFolder.openLockFile()),
            staging: staging
        )
        try sweepStaging(staging)
        // Two threads may come here at once; they must use one set of mutexes.
        return writing.withLock { writing in
            if let first = writing { return first }
            writing = parts
            return parts
        }
    }

    private static func hasOpenat2(_ root: FileDescriptor) -> Bool {
        // Names that can't be there; all that matters is whether the call is known and allowed.
        let confinement = Confinement(usesOpenat2: true)
        do {
            _ = try confinement.open(ReservedName.selfFile, beneath: root, cblobstorage_o_path)
            return true
        } catch {
            return error.code != ENOSYS && error.code != EPERM
        }
    }
}
