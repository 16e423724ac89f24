import BlobStorage
import Foundation
import Glibc

/// Takes away a folder that was a bucket, unless there is something in it.
struct BucketFolder {
    let path: String

    /// What the store keeps beside its blobs (Docs/disk-layout.md), and the server the bucket's
    /// settings: staging, unfinished uploads, locks.
    static let privateFolder = ".blob-storage"

    /// Which folder it is, whatever its name: another one in its place has another number.
    static func number(_ path: String) -> UInt64? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
        return UInt64(status.st_ino)
    }

    /// Removes the folder, with the folders in it, if there is no file but the store's own.
    ///
    /// The folder is out of the way first, so that no request finds it any more. A file that a request
    /// in progress yet puts into it is never removed: then the folder comes back.
    ///
    /// - Throws: `BlobError` of kind `conflict` if there is a file in it.
    func remove() throws {
        let parent = (path as NSString).deletingLastPathComponent
        let aside = "\(parent)/.deleted-\(UUID().uuidString)"
        guard !Self.hasFile(path) else { throw Self.notEmpty }
        guard rename(path, aside) == 0 else { throw Self.failed("rename", errno) }
        guard !Self.hasFile(aside) else {
            try putBack(aside)
            throw Self.notEmpty
        }
        try? FileManager.default.removeItem(atPath: "\(aside)/\(Self.privateFolder)")
        guard Self.removeFolders(aside) else {
            try putBack(aside)
            throw Self.notEmpty
        }
    }

    private func putBack(_ aside: String) throws {
        guard rename(aside, path) == 0 else { throw Self.failed("rename", errno) }
    }

    /// Whether there is anything but folders, outside of what is the store's own.
    private static func hasFile(_ path: String, isTop: Bool = true) -> Bool {
        for name in names(path) ?? [""] where !isTop || name != privateFolder {
            guard number("\(path)/\(name)") != nil, !hasFile("\(path)/\(name)", isTop: false) else {
                return true
            }
        }
        return false
    }

    /// Removes folders from the leaves up; `rmdir` removes none that has anything in it.
    private static func removeFolders(_ path: String) -> Bool {
        for name in names(path) ?? [] {
            let inner = "\(path)/\(name)"
            guard number(inner) != nil, removeFolders(inner) else { return false }
        }
        return rmdir(path) == 0
    }

    private static func names(_ path: String) -> [String]? {
        try? FileManager.default.contentsOfDirectory(atPath: path)
    }

    private static var notEmpty: BlobError {
        let message = "there are files in the bucket's folder"
        return BlobError(.conflict, operation: "deleteBucket", message: message)
    }

    private static func failed(_ call: String, _ code: Int32) -> BlobError {
        let reason = String(cString: strerror(code))
        return BlobError(
            code == EACCES || code == EPERM ? .permissionDenied : .unavailable,
            operation: "deleteBucket",
            message: "the bucket's folder can't be removed: \(call): \(reason)"
        )
    }
}
