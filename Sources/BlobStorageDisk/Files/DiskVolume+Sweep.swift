import BlobStorage
import Glibc

extension DiskVolume {
    /// How old something in the staging folder must be before it counts as left by a crash, in
    /// nanoseconds: its writer may be about to lock it.
    static var graceNanoseconds: Int64 { 60 * 1_000_000_000 }

    /// Removes what crashed writers have left in the staging folder.
    func sweepStaging(_ staging: Folder) throws {
        for name in try leftovers(in: staging) { removeTree(name, in: staging) }
    }

    /// The names in the staging folder whose writers are gone.
    func leftovers(in staging: Folder) throws -> [String] {
        let now = WallClock.now()
        return try FolderListing(staging).names.filter { name in
            guard let status = try staging.status(of: name),
                now.subtractingWithinBounds(status.modified) > Self.graceNanoseconds
            else { return false }
            guard status.isFile else { return true }
            // What can't be opened may be another user's, who is at work on it.
            guard let file = try? staging.open(name, O_RDONLY | O_NONBLOCK) else { return false }
            return !StagedFile.isAlive(file)
        }
    }

    /// Removes a file, or a folder and what is in it, in the private folder.
    ///
    /// What can't be removed is left to the next sweep; nobody sees it.
    func removeTree(_ name: String, in folder: Folder) {
        if (try? folder.remove(name)) != nil { return }
        guard let inner = try? folder.folder(name) else { return }
        for name in (try? FolderListing(inner).names) ?? [] { removeTree(name, in: inner) }
        _ = try? folder.removeFolder(name)
    }
}
