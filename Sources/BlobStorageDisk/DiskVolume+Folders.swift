import BlobStorage
import Glibc

extension DiskVolume {
    /// Opens a folder by its path from the root.
    func openFolder(_ path: String) throws -> Folder {
        if path.isEmpty { return root }
        let descriptor = try confinement.open(
            path,
            beneath: root.descriptor,
            O_RDONLY | O_DIRECTORY
        )
        return Folder(descriptor: descriptor, path: path)
    }

    /// Opens the folder that a key's file lies in, and makes it if there is none.
    ///
    /// A blob whose name the folder needs moves into it.
    func makeFolder(for key: BlobKey, _ operation: String) throws -> Folder {
        let path = DiskPath(key)
        do {
            return try openFolder(path.folder)
        } catch let error as SystemError where [ENOENT, ENOTDIR, ELOOP].contains(error.code) {
            // Made below, one by one.
        }
        let steps = DiskPath.folderSteps(of: key)
        for attempt in 0..<Self.maximumAttempts {
            if let folder = try make(steps, for: key, operation) { return folder }
            Self.giveWay(attempt)
        }
        throw contention(operation, key)
    }

    /// Makes the folders on the way to a key's file.
    ///
    /// - Returns: The last one; `nil` if another writer got in the way, who may remove a folder
    ///   that is empty, or move a blob, at any moment.
    private func make(
        _ steps: [DiskPath.Step],
        for key: BlobKey,
        _ operation: String
    ) throws -> Folder? {
        var parent = root
        for step in steps {
            do {
                guard let folder = try make(step, in: parent, for: key, operation) else {
                    return nil
                }
                parent = folder
            } catch {
                // What was made has nothing in it; a folder that has something stays.
                _ = try? parent.removeFolder(step.name)
                removeEmptyFolders(parent.path)
                throw error
            }
        }
        return parent
    }

    private func make(
        _ step: DiskPath.Step,
        in parent: Folder,
        for key: BlobKey,
        _ operation: String
    ) throws -> Folder? {
        do {
            let made = try parent.makingFolder(step.name)
            if made.isNew { durableFolders.withLock { $0.forget(made.folder.path) } }
            return made.folder
        } catch {
            switch error.code {
            case ENOENT: return nil
            case ENOTDIR, ELOOP: break
            default: throw error
            }
        }
        guard let status = try parent.status(of: step.name), !status.isFolder else { return nil }
        guard status.isFile, let blob = step.blob else {
            var kind = "a file"
            if case .special(let name) = status.kind { kind = name }
            throw special(kind, parent.path(of: step.name), key, operation)
        }
        try moveIntoFolder(blob, step.name, in: parent)
        do {
            return try parent.folderIfThere(step.name)
        } catch {
            // The folder has become empty, and been removed, and the blob written anew.
            guard error.code == ENOTDIR else { throw error }
            return nil
        }
    }

    /// Lets other threads go on before the next attempt, longer after many.
    static func giveWay(_ attempt: Int) {
        usleep(UInt32(attempt * 20))
    }

    /// How often something is tried again that other writers got in the way of.
    static var maximumAttempts: Int { 100 }

    func contention(_ operation: String, _ key: BlobKey) -> BlobError {
        BlobError(
            .conflict,
            operation: operation,
            key: key,
            message: "other writers made and removed its folder \(Self.maximumAttempts) times"
        )
    }

    /// Removes the folders on a path that have become empty, the deepest first.
    ///
    /// One that can't be removed is left: no listing shows it.
    ///
    /// - Returns: The path of the deepest folder that is still there.
    @discardableResult
    func removeEmptyFolders(_ path: String) -> String {
        var path = path
        while !path.isEmpty {
            let (parentPath, name) = Self.cut(path)
            do {
                let parent = try openFolder(parentPath)
                durableFolders.withLock { $0.noteRemoval(of: path) }
                guard try parent.removeFolder(name) else { break }
            } catch {
                // Somebody else may have removed it, and a blob may have its name by now.
                guard let error = error as? SystemError, [ENOENT, ENOTDIR].contains(error.code)
                else { break }
            }
            path = parentPath
        }
        return path
    }

    /// Syncs a folder that was changed, and whatever makes it reachable from the root.
    func makeDurable(_ folder: Folder) throws {
        let removalCount = durableFolders.withLock { $0.removalCount }
        try folder.descriptor.sync()
        var path = folder.path
        var made: [String] = []
        // A folder that another task made a moment ago may not be on the disk yet.
        while !path.isEmpty, !durableFolders.withLock({ $0.contains(path) }) {
            let parent = Self.cut(path).parent
            do {
                try openFolder(parent).descriptor.sync()
                made.append(path)
            } catch let error as SystemError where [ENOENT, ENOTDIR].contains(error.code) {
                // Somebody has deleted the blob already, and this folder with it.
                made.removeAll()
            }
            path = parent
        }
        // Only now: whoever finds a folder here asks for none of those above it.
        durableFolders.withLock { $0.note(made, asOf: removalCount) }
    }

    static func cut(_ path: String) -> (parent: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", path) }
        return (String(path[..<slash]), String(path[path.utf8.index(after: slash)...]))
    }
}
