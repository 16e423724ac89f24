import BlobStorage
import CBlobStorageSystem
import Glibc

/// One pass over all folders beneath the root.
struct FolderCheck {
    let volume: DiskVolume
    let repairs: Bool
    let verifiesChecksums: Bool
    private var report = CheckReport()
    /// Records that no file seen so far has; only those that were old when the check began, since
    /// a writer makes the record first, and the blob perhaps in a folder that was checked before.
    private var orphans: Set<String> = []
    /// Whether every file was seen, so that what is left of ``orphans`` is of none.
    private var sawEverything = true

    init(volume: DiskVolume, repairs: Bool, verifiesChecksums: Bool) throws {
        self.volume = volume
        self.repairs = repairs
        self.verifiesChecksums = verifiesChecksums
    }

    mutating func run() throws -> CheckReport {
        if let records = try recordFolder() {
            for name in try FolderListing(records).names where try volume.isOld(name, in: records) {
                orphans.insert(name)
            }
        }
        try check(path: "")
        try checkPrivateFolder()
        return report
    }

    /// Checks a folder of blobs.
    ///
    /// - Parameter path: The folder's path from the root, with a slash at the end if it has any.
    /// - Returns: Whether there is a blob in it.
    /// - Throws: ``SystemError``; `CancellationError`.
    @discardableResult
    private mutating func check(path: String) throws -> Bool {
        try Task.checkCancellation()
        let (names, foundFile) = try checkFiles(path: path)
        var foundBlob = foundFile
        // The folder is closed by now: there may be five hundred on the way down.
        for name in names {
            guard path.utf8.count + name.utf8.count <= Self.maximumPathByteCount else {
                sawEverything = false
                report.add(
                    .foreignName,
                    EscapedText(path + name).description,
                    "no key's folder lies so deep; it is not looked into"
                )
                continue
            }
            do {
                if try check(path: "\(path)\(name)/") {
                    foundBlob = true
                } else {
                    report.add(
                        .emptyFolder,
                        EscapedText(path + name).description,
                        "no blob is in it"
                    )
                }
            } catch let error as SystemError where error.code == ENOENT {
                continue
            } catch let error as SystemError {
                addUnreadable(EscapedText(path + name).description, "the folder: \(error)")
            }
        }
        return foundBlob
    }

    /// The longest path of a key's folder, in bytes: three for each of a key's, and what is put in
    /// where a segment is too long for one name.
    private static let maximumPathByteCount = 4 * BlobKey.maximumByteCount

    private mutating func addUnreadable(_ shown: String, _ message: String) {
        sawEverything = false
        report.add(.unreadable, shown, message)
    }

    /// Checks what lies in a folder, but for folders.
    ///
    /// - Returns: The names of folders, and whether there is a blob.
    private mutating func checkFiles(path: String) throws -> ([String], Bool) {
        let folder = try volume.openFolder(String(path.dropLast()))
        var folders: [String] = []
        var foundBlob = false
        for name in try Self.names(in: folder) {
            let shown = EscapedText(path).description + name.shown
            let status: FileStatus
            do {
                status = try name.status(in: folder)
            } catch {
                if error.code == ENOENT { continue }
                addUnreadable(shown, "\(error)")
                continue
            }
            switch status.kind {
            case .special(let kind):
                report.add(.specialFile, shown, "it is \(kind), which is never followed")
            case .folder:
                if name.text == ReservedName.privateFolder { continue }
                if let text = name.text {
                    folders.append(text)
                } else {
                    sawEverything = false
                    report.add(.foreignName, shown, "no key's folder has this name; rename it")
                }
            case .file:
                orphans.remove(AttributeStore.name(of: status))
                guard let text = name.text, let key = DiskPath.key(of: path + text) else {
                    checkForeign(name, in: folder, path, shown)
                    continue
                }
                foundBlob = true
                do {
                    try checkBlob(key, status, text, in: folder, shown)
                } catch let error as SystemError where error.code == ENOENT {
                    // It was deleted, or moved, a moment ago.
                    continue
                } catch let error as SystemError {
                    report.add(.unreadable, shown, "the file: \(error)")
                }
            }
        }
        return (folders, foundBlob)
    }

    private mutating func checkBlob(
        _ key: BlobKey,
        _ status: FileStatus,
        _ name: String,
        in folder: Folder,
        _ shown: String
    ) throws {
        report.blobCount += 1
        report.byteCount = report.byteCount.addingWithinBounds(status.byteCount)
        let file = try folder.open(name, O_RDONLY | O_NONBLOCK)
        switch try volume.attributeStore.read(file, status) {
        case .none, .noneBeside:
            if verifiesChecksums { report.unverifiedCount += 1 }
        case .unreadable:
            var isRepaired = false
            if repairs { isRepaired = try volume.dropAttributes(of: key) }
            report.add(
                .unreadableAttributes,
                shown,
                "a repair drops the attributes and keeps the bytes",
                isRepaired: isRepaired
            )
        case .record(let record):
            guard verifiesChecksums else { return }
            guard let checksum = record.checksum, record.version == status.etag.text else {
                report.unverifiedCount += 1
                return
            }
            report.verifiedCount += 1
            var hasher = ChecksumHasher(checksum.algorithm)
            try hasher.update(file, byteCount: status.byteCount)
            guard hasher.checksum() != checksum else { return }
            let message = "the bytes have \(hasher.checksum()), not \(checksum)"
            report.add(.checksumMismatch, shown, message)
        }
    }

    private mutating func checkForeign(
        _ name: RawName,
        in folder: Folder,
        _ path: String,
        _ shown: String
    ) {
        // Read without its escapes, the path may be the key that somebody meant.
        // A placeholder is no such key: it goes when the swap that it belongs to is ended.
        guard let text = name.text,
            let key = try? BlobKey(path + text),
            !path.utf8.contains(UInt8(ascii: "%")),
            !UTF8Order.hasPrefix(text, ReservedName.placeholder)
        else {
            report.add(.foreignName, shown, "it stands for no key; rename it")
            return
        }
        let canonical = DiskPath(key)
        var isRepaired = false
        if repairs, UTF8Order.equal(canonical.folder, folder.path) {
            // A link, unlike a rename, never replaces.
            isRepaired = (try? folder.link(text, to: folder, canonical.name)) ?? false
            if isRepaired { isRepaired = (try? folder.remove(text)) ?? false }
        }
        report.add(
            .foreignName,
            shown,
            "no key has this name; the key \"\(EscapedText(key.text))\" has \"\(canonical.name)\"",
            isRepaired: isRepaired
        )
    }

    private mutating func checkPrivateFolder() throws {
        let base = ReservedName.privateFolder
        if let staging = try volume.privateFolder.open("staging", create: false) {
            for name in try volume.leftovers(in: staging) {
                if repairs { volume.removeTree(name, in: staging) }
                report.add(
                    .leftover,
                    "\(base)/staging/\(name)",
                    "its writer is gone",
                    isRepaired: repairs
                )
            }
        }
        report.uploadCount = try volume.uploads(prefix: "").count
        guard sawEverything, let records = try recordFolder() else { return }
        for name in orphans.sorted() {
            // One whose blob was replaced or deleted meanwhile is gone.
            guard try records.status(of: name) != nil else { continue }
            if repairs { try records.remove(name) }
            report.add(
                .orphanedAttributes,
                "\(base)/\(AttributeStore.folderName)/\(name)",
                "no blob has this version",
                isRepaired: repairs
            )
        }
    }

    private func recordFolder() throws -> Folder? {
        try volume.privateFolder.open(AttributeStore.folderName, create: false)
    }

    private static func names(in folder: Folder) throws -> [RawName] {
        var names: [RawName] = []
        try FolderListing(folder).visit { name, _ in names.append(RawName(bytes: [UInt8](name))) }
        return names.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }
}

/// A name as the file system has it, which need not be text.
private struct RawName {
    let bytes: [UInt8]

    /// The name as text; `nil` if it is none.
    var text: String? { String(validating: bytes, as: UTF8.self) }

    /// The name as it is shown.
    var shown: String {
        if let text { return EscapedText(text).description }
        return bytes.map { byte in
            (0x20..<0x7F).contains(byte)
                ? String(UnicodeScalar(byte)) : "\\x" + String(byte, radix: 16)
        }.joined()
    }

    func status(in folder: Folder) throws(SystemError) -> FileStatus {
        // A C string, which a Swift string that is no text could not be.
        let name = (bytes + [0]).map { CChar(bitPattern: $0) }
        var status = stat()
        guard fstatat(folder.descriptor.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw SystemError.last("fstatat")
        }
        return FileStatus(status)
    }
}

extension DiskVolume {
    /// Drops what can't be read of a blob's attributes.
    fileprivate func dropAttributes(of key: BlobKey) throws -> Bool {
        try writingParts().locks.withLock(.key, key.text) {
            guard let found = try locate(key, "fsck") else { return false }
            let file = try found.folder.open(found.name, O_RDONLY | O_NONBLOCK)
            guard case .unreadable = try attributeStore.read(file, found.status) else {
                return false
            }
            try attributeStore.drop(file, found.status)
            return true
        }
    }

    /// Whether a file in the private folder is older than a writer's next step could be.
    fileprivate func isOld(_ name: String, in folder: Folder) throws -> Bool {
        guard let status = try folder.status(of: name) else { return false }
        let age = WallClock.now().subtractingWithinBounds(status.modified)
        return age > Self.graceNanoseconds
    }
}
