import BlobStorage
import Glibc

/// Where a blob's file was found.
struct LocatedFile {
    let folder: Folder
    let name: String
    let status: FileStatus
}

extension DiskVolume {
    /// Finds a blob's file; `nil` if there is none.
    ///
    /// - Throws: ``BlobError`` of kind `corrupted` if something is there that is no blob.
    func locate(_ key: BlobKey, _ operation: String) throws -> LocatedFile? {
        let path = DiskPath(key)
        let folder: Folder
        do {
            folder = try openFolder(path.folder)
        } catch let error as SystemError where [ENOENT, ENOTDIR].contains(error.code) {
            return nil
        } catch let error as SystemError where error.code == ELOOP {
            throw special("a symbolic link", path.folder, key, operation)
        }
        guard let status = try folder.status(of: path.name) else { return nil }
        switch status.kind {
        case .file:
            return LocatedFile(folder: folder, name: path.name, status: status)
        case .special(let kind):
            throw special(kind, path.text, key, operation)
        case .folder:
            let name = ReservedName.selfFile
            do {
                let inner = try folder.folder(path.name)
                guard let status = try inner.status(of: name), status.isFile else { return nil }
                return LocatedFile(folder: inner, name: name, status: status)
            } catch {
                // The folder went a moment ago, and no blob of this key was in it.
                guard [ENOENT, ENOTDIR].contains(error.code) else { throw error }
                return nil
            }
        }
    }

    /// Deletes blobs.
    ///
    /// - Returns: The keys that are still there, and why.
    func delete(_ keys: [BlobKey]) throws -> [DeleteFailure] {
        // What every deletion needs is made once, or fails once.
        if try privateFolder.base(create: false) != nil || keys.contains(where: mayBeThere) {
            _ = try writingParts()
        }
        var failures: [DeleteFailure] = []
        // Paths, since a thousand open folders may be more than a process may have.
        var changed: Set<String> = []
        for key in keys {
            if Task.isCancelled {
                // What is gone by now stays gone.
                try syncAfterDelete(changed, nil)
                throw CancellationError()
            }
            do {
                if let path = try remove(key, condition: .none) { changed.insert(path) }
            } catch {
                failures.append(DeleteFailure(key: key, error: mapped(error, "delete", key)))
            }
        }
        try syncAfterDelete(changed, nil)
        return failures
    }

    private func mayBeThere(_ key: BlobKey) -> Bool {
        do {
            return try locate(key, "delete") != nil
        } catch {
            return true
        }
    }

    /// Deletes a blob, if the condition holds.
    func delete(_ key: BlobKey, condition: WriteCondition) throws {
        if let path = try remove(key, condition: condition) { try syncAfterDelete([path], key) }
    }

    private func syncAfterDelete(_ paths: Set<String>, _ key: BlobKey?) throws {
        guard isDurable else { return }
        try confirm(key, "delete") {
            for path in paths { try syncDeepest(path) }
        }
    }

    /// Syncs the deepest folder on a path that is still there.
    ///
    /// Whoever has removed the others may not have synced it yet, and may never come to.
    private func syncDeepest(_ path: String) throws {
        var path = path
        while true {
            do {
                return try openFolder(path).descriptor.sync()
            } catch let error as SystemError where [ENOENT, ENOTDIR].contains(error.code) {
                guard !path.isEmpty else { throw error }
                path = Self.cut(path).parent
            }
        }
    }

    /// Removes a blob's name.
    ///
    /// - Returns: The path of the folder that was changed and is still there; `nil` if nothing was
    ///   changed.
    private func remove(_ key: BlobKey, condition: WriteCondition) throws -> String? {
        if try privateFolder.base(create: false) == nil, try locate(key, "delete") == nil {
            // Nothing to delete, and no reason to make a private folder.
            try condition.check(current: nil, operation: "delete", key: key)
            return nil
        }
        let found = try writingParts().locks.withLock(.key, key.text) {
            try finishSwap(of: key)
            let found = try locate(key, "delete")
            try condition.check(current: found?.status.etag, operation: "delete", key: key)
            guard let found, try found.folder.remove(found.name) else { return nil as LocatedFile? }
            attributeStore.discard(of: found.status)
            return found
        }
        guard let found else { return nil }
        return removeEmptyFolders(found.folder.path)
    }

    /// Makes an error of the file system one of the store.
    func mapped(_ error: any Error, _ operation: String, _ key: BlobKey?) -> BlobError {
        switch error {
        case let error as BlobError: error
        case let error as SystemError: BlobError(error, operation: operation, key: key)
        default:
            BlobError(
                .unavailable,
                operation: operation,
                key: key,
                message: "\(error)",
                underlying: error
            )
        }
    }
}
