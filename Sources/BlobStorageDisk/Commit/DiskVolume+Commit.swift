import BlobStorage
import Glibc

extension DiskVolume {
    /// Begins a file that will become a blob or a part.
    func stage() throws -> StagedFile {
        let staging = try writingParts().staging
        guard has(.unnamedFiles) else { return try StagedFile(in: staging, unnamed: false) }
        do {
            return try StagedFile(in: staging, unnamed: true)
        } catch {
            guard [EOPNOTSUPP, EISDIR, EINVAL, ENOENT].contains(error.code) else { throw error }
            giveUp(.unnamedFiles)
            return try StagedFile(in: staging, unnamed: false)
        }
    }

    /// Makes a staged file ready: gives it its time, its attributes and, if asked, its place on
    /// the disk.
    ///
    /// - Parameters:
    ///   - staged: The file, with all its bytes.
    ///   - record: What the blob has beyond its bytes; `nil` if that is implied.
    ///   - replaced: The file that is there now. Where the file system keeps whole seconds or so,
    ///     the new one's time is after its time, so that no mark comes back.
    ///   - isPart: Whether the file will be a part, whose record is a note that it can do without.
    /// - Returns: The file's status, and so its etag.
    /// - Throws: ``SystemError``.
    func seal(
        _ staged: StagedFile,
        _ record: AttributeRecord?,
        replaced: FileStatus?,
        isPart: Bool = false
    ) throws -> FileStatus {
        var modified = WallClock.now()
        var status = try setModified(modified, of: staged)
        for _ in 0..<Self.maximumTimeSteps {
            // A mark of a time that is out of bounds is no other one's.
            guard let replaced, replaced.modified < .max, status.modified != modified,
                status.modified <= replaced.modified
            else { break }
            modified = max(modified, min(replaced.modified, .max - 1_000_000_000)) + 1_000_000_000
            status = try setModified(modified, of: staged)
        }
        if var record {
            record.version = status.etag.text
            if isPart {
                attributeStore.note(record, on: staged.descriptor)
            } else {
                try attributeStore.write(
                    record,
                    to: staged.descriptor,
                    status,
                    isDurable: isDurable
                )
            }
        }
        do {
            if isDurable { try staged.descriptor.sync() }
        } catch {
            if record != nil { attributeStore.discard(of: status) }
            throw error
        }
        return status
    }

    private func setModified(_ nanoseconds: Int64, of staged: StagedFile) throws -> FileStatus {
        let step: Int64 = has(.fineTimes) ? 1 : 1_000_000_000
        try staged.descriptor.setModified(nanoseconds / step * step)
        let status = try staged.descriptor.fileStatus()
        if status.modified != nanoseconds { giveUp(.fineTimes) }
        return status
    }

    /// Seconds to go on by until a new time shows; FAT keeps every second one, and a file system
    /// that shows none at all must not hold a writer for ever.
    private static var maximumTimeSteps: Int { 4 }

    /// Makes a staged file the blob of a key, at once and whole.
    ///
    /// - Parameters:
    ///   - staged: The file, with all its bytes.
    ///   - key: The blob to write.
    ///   - record: What the blob has beyond its bytes.
    ///   - condition: Decided under the key's lock.
    ///   - operation: The operation to name in an error.
    /// - Returns: The attributes of the blob.
    /// - Throws: ``BlobError`` if the condition fails, or something that is no blob is in the way;
    ///   ``SystemError``.
    func commit(
        _ staged: StagedFile,
        as key: BlobKey,
        _ record: AttributeRecord,
        _ condition: WriteCondition,
        _ operation: String
    ) throws -> BlobAttributes {
        // Checked here to fail before anything is made, and again below, under the lock.
        let isUnseen = condition == .none && has(.fineTimes)
        let replaced = isUnseen ? nil : try locate(key, operation)?.status
        try condition.check(current: replaced?.etag, operation: operation, key: key)
        var record = record
        record.headers = record.headers.resolved(for: key)
        let isImplied = record.isImplied(by: key)
        let status = try seal(staged, isImplied ? nil : record, replaced: replaced)
        record.version = status.etag.text
        do {
            let folder = try place(staged, key, condition, operation)
            if isDurable { try confirm(key, operation) { try makeDurable(folder) } }
        } catch let error as BlobError where error.kind == .outcomeUnknown {
            throw error
        } catch {
            if !isImplied { attributeStore.discard(of: status) }
            throw error
        }
        return attributes(key, status, record)
    }

    /// The version that a key has now.
    func currentVersion(of key: BlobKey, _ operation: String) throws -> ETag? {
        try locate(key, operation)?.status.etag
    }

    /// Calls `sync`, which writes to the disk what was done and can be seen by now.
    func confirm(_ key: BlobKey?, _ operation: String, _ sync: () throws -> Void) throws {
        do {
            try sync()
        } catch let error as SystemError {
            // Readers see the new state; whether a power cut would undo it, nobody knows.
            throw BlobError(
                error,
                kind: .outcomeUnknown,
                operation: operation,
                key: key,
                doing: "the change is visible, but the disk did not confirm it"
            )
        }
    }

    /// Gives a staged file the key's name.
    ///
    /// - Returns: The folder that was changed.
    private func place(
        _ staged: StagedFile,
        _ key: BlobKey,
        _ condition: WriteCondition,
        _ operation: String
    ) throws -> Folder {
        let locks = try writingParts().locks
        for attempt in 0..<Self.maximumAttempts {
            let folder = try makeFolder(for: key, operation)
            do {
                let changed = try locks.withLock(.key, key.text) {
                    // Another process may have been killed while the blob had no name.
                    try finishSwap(of: key)
                    if condition != .none {
                        let current = try currentVersion(of: key, operation)
                        try condition.check(current: current, operation: operation, key: key)
                    }
                    return try place(staged, in: folder, key, operation)
                }
                if let changed { return changed }
                Self.giveWay(attempt)
            } catch {
                removeEmptyFolders(folder.path)
                throw error
            }
        }
        throw contention(operation, key)
    }

    /// Gives a staged file the key's name in a folder; `nil` if the folder is gone.
    private func place(
        _ staged: StagedFile,
        in folder: Folder,
        _ key: BlobKey,
        _ operation: String
    ) throws -> Folder? {
        let name = DiskPath(key).name
        do {
            if try staged.link(to: folder, name, on: self) {
                additions.withLock { $0.note(key) }
                return folder
            }
            guard let status = try folder.status(of: name) else { return nil }
            switch status.kind {
            case .special(let kind):
                throw special(kind, folder.path(of: name), key, operation)
            case .file:
                try staged.replace(name, in: folder)
                attributeStore.discard(of: status)
                return folder
            case .folder:
                // Either nothing is left in it, and the blob takes its place, or there are keys
                // that begin with this one and a slash.
                if try folder.removeFolder(name) { return nil }
                return try placeInside(staged, try folder.folder(name), key, operation)
            }
        } catch let error as SystemError where [ENOENT, EISDIR, ENOTDIR].contains(error.code) {
            return nil
        }
    }

    private func placeInside(
        _ staged: StagedFile,
        _ folder: Folder,
        _ key: BlobKey,
        _ operation: String
    ) throws -> Folder? {
        let name = ReservedName.selfFile
        if try staged.link(to: folder, name, on: self) {
            additions.withLock { $0.note(key) }
            return folder
        }
        guard let status = try folder.status(of: name) else { return nil }
        guard status.isFile else {
            throw special("no regular file", folder.path(of: name), key, operation)
        }
        try staged.replace(name, in: folder)
        attributeStore.discard(of: status)
        return folder
    }
}
