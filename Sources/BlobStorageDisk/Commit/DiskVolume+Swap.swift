import BlobStorage
import CBlobStorageSystem
import Glibc

// A blob `a` is the file `a`, until there is a blob `a/b`: then `a` must be a folder, and the file
// goes on inside it under a reserved name. Readers of `a` see no moment without it.

extension DiskVolume {
    /// Moves a blob's file into a folder of the same name.
    ///
    /// - Parameters:
    ///   - blob: The blob.
    ///   - name: The name of its file.
    ///   - parent: The folder that the file lies in.
    /// - Throws: ``SystemError``.
    func moveIntoFolder(_ blob: BlobKey, _ name: String, in parent: Folder) throws {
        let parts = try writingParts()
        try parts.locks.withLock(.key, blob.text) {
            // Somebody else may have done it, or deleted the blob, before the lock was ours.
            guard let status = try parent.status(of: name), status.isFile else { return }
            if has(.renameExchange), try exchange(name, in: parent, staging: parts.staging) {
                return
            }
            do {
                try swapBySteps(blob, name, in: parent)
            } catch {
                // Goes back, or on if the blob has no name now; if that fails too, readers try it.
                _ = try? finishSwap(of: blob)
                throw error
            }
        }
    }

    /// Puts a folder with the file in it in the file's place, in one step.
    ///
    /// - Returns: `false` if the file system can't exchange names.
    private func exchange(_ name: String, in parent: Folder, staging: Folder) throws -> Bool {
        let temporary = StagedFile.uniqueName()
        _ = try staging.makeFolder(temporary)
        defer { removeTree(temporary, in: staging) }
        let folder = try staging.folder(temporary)
        guard try parent.link(name, to: folder, ReservedName.selfFile) else { return false }
        if isDurable { try folder.descriptor.sync() }
        let status = ignoringInterrupts {
            cblobstorage_renameat2(
                staging.descriptor.number,
                temporary,
                parent.descriptor.number,
                name,
                cblobstorage_rename_exchange
            )
        }
        guard status == 0 else {
            let error = SystemError.last("renameat2")
            guard error.code == EINVAL || error.code == ENOSYS else { throw error }
            giveUp(.renameExchange)
            return false
        }
        // What has the temporary name now is the file's old name.
        try staging.remove(temporary)
        if isDurable { try parent.descriptor.sync() }
        return true
    }

    // MARK: - Where names can't be exchanged
    //
    // The file loses its name before the folder gets it. Readers that find nothing look again under
    // the blob's lock; a note in the private folder tells how to go on after a crash.

    private static var notesName: String { "swaps" }
    private static var noteFile: String { "key" }
    private static var newFolder: String { "folder" }

    private func swapBySteps(_ blob: BlobKey, _ name: String, in parent: Folder) throws {
        guard let notes = try privateFolder.open(Self.notesName, create: true) else { return }
        let noteName = Self.noteName(of: blob)
        removeTree(noteName, in: notes)
        _ = try notes.makeFolder(noteName)
        let note = try notes.folder(noteName)
        _ = try note.makeFolder(Self.newFolder)
        let folder = try note.folder(Self.newFolder)
        guard try parent.link(name, to: folder, ReservedName.selfFile) else { return }
        // Written under another name first: a note that is there is whole.
        let file = try note.open("writing", O_WRONLY | O_CREAT | O_EXCL, mode: 0o666)
        try Array(blob.text.utf8).withUnsafeBytes { try file.write($0, at: 0) }
        if isDurable {
            try file.sync()
            try folder.descriptor.sync()
        }
        try note.rename("writing", to: note, Self.noteFile)
        if isDurable {
            try note.descriptor.sync()
            try notes.descriptor.sync()
        }
        // If the file is alone in its folder, somebody could remove that as empty meanwhile.
        let placeholder = Self.placeholder(noteName)
        _ = try parent.link(name, to: parent, placeholder)
        try parent.remove(name)
        try bringFolder(of: note, to: parent, name)
        try parent.remove(placeholder)
        removeTree(noteName, in: notes)
    }

    private static func placeholder(_ noteName: String) -> String {
        ReservedName.placeholder + noteName.prefix(16)
    }

    /// Gives the folder with the blob's file the blob's name.
    private func bringFolder(of note: Folder, to parent: Folder, _ name: String) throws {
        for attempt in 0..<Self.maximumAttempts {
            if try hasBrought(note, to: parent, name) {
                if isDurable { try parent.descriptor.sync() }
                return
            }
            Self.giveWay(attempt)
        }
        // The note stays, or the blob would have no name at all.
        throw SystemError("renameat", EBUSY)
    }

    /// Tries it once.
    ///
    /// - Returns: `false` if another writer got in the way.
    private func hasBrought(_ note: Folder, to parent: Folder, _ name: String) throws -> Bool {
        do {
            try note.rename(Self.newFolder, to: parent, name)
            return true
        } catch {
            // While nothing had the name, another writer made a folder for a key below it.
            guard [ENOTEMPTY, EEXIST].contains(error.code) else { throw error }
        }
        guard let other = try parent.folderIfThere(name) else { return false }
        let selfFile = ReservedName.selfFile
        do {
            if try note.folder(Self.newFolder).link(selfFile, to: other, selfFile), isDurable {
                try other.descriptor.sync()
            }
            return true
        } catch {
            // That folder has been removed again.
            guard error.code == ENOENT else { throw error }
            return false
        }
    }

    /// Ends a swap that a crash has cut off.
    ///
    /// The blob's lock is held.
    func finishSwap(of blob: BlobKey) throws {
        guard let notes = try privateFolder.open(Self.notesName, create: false) else { return }
        let noteName = Self.noteName(of: blob)
        guard let note = try notes.folderIfThere(noteName) else { return }
        let path = DiskPath(blob)
        // Without the note's key nothing was done; what keeps the parent is removed last.
        if try note.status(of: Self.noteFile) != nil {
            let parent = try openFolder(path.folder)
            let hasFolder = try note.status(of: Self.newFolder) != nil
            if hasFolder, try parent.status(of: path.name)?.isFile != true {
                try bringFolder(of: note, to: parent, path.name)
            }
            try parent.remove(Self.placeholder(noteName))
        }
        removeTree(noteName, in: notes)
    }

    /// Ends all swaps that crashes have cut off, as far as that can be done.
    ///
    /// Where it can't, on a file system that is mounted to be read for instance, the other blobs
    /// must not suffer; whoever asks for the blob itself tries again, and is told.
    func finishSwaps() throws {
        guard let notes = try privateFolder.open(Self.notesName, create: false) else { return }
        for name in try FolderListing(notes).names {
            guard let blob = try? Self.blob(ofNote: name, in: notes) else { continue }
            _ = try? writingParts().locks.withLock(.key, blob.text) { try finishSwap(of: blob) }
        }
    }

    private static func blob(ofNote name: String, in notes: Folder) throws -> BlobKey {
        let file = try notes.folder(name).open(noteFile, O_RDONLY)
        let bytes = try file.read(BlobKey.maximumByteCount, at: 0)
        return try BlobKey(String(decoding: bytes, as: UTF8.self))
    }

    /// Whether names were ever swapped by steps in this folder, by this process or another.
    var knowsSwaps: Bool {
        get throws { try privateFolder.open(Self.notesName, create: false) != nil }
    }

    private static func noteName(of blob: BlobKey) -> String {
        Checksum.of(Array(blob.text.utf8), .sha256).hex
    }
}
