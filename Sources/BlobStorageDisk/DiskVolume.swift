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
    /// Folders whose own entry, and those of all folders above, are known to be on the disk.
    let durableFolders = Locked(Set<String>())
    /// Counts the blobs that were added, so that a listing that goes on knows of new ones.
    let additions = Locked(UInt64(0))
    /// Listings that may go on.
    let pausedWalks = PausedWalks()

    private let writing = Locked<WritingParts?>(nil)

    /// What only writes need; made by the first one.
    struct WritingParts: Sendable {
        let locks: KeyLocks
        let staging: Folder
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
        let number = ignoringInterrupts {
            Glibc.open(rootPath, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        guard number >= 0 else {
            throw Self.cannotOpen(rootPath, SystemError.last("open"))
        }
        root = Folder(descriptor: FileDescriptor(owning: number), path: "")
        self.durability = durability
        self.multipartLimits = multipartLimits
        var features = features
        if !AttributeStore.works(on: root.descriptor) { features.remove(.extendedAttributes) }
        if !Self.hasOpenat2(root.descriptor) { features.remove(.openat2) }
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
    func writingParts() throws -> WritingParts {
        if let parts = writing.withLock({ $0 }) { return parts }
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
