import BlobStorage
import Foundation
import Glibc

/// What lies beneath a root and belongs to no blob and no upload.
struct Litter {
    private(set) var paths: [String] = []
    private var inodes: Set<UInt64> = []
    private var records: [(path: String, inode: UInt64)] = []

    /// Looks at all files, those of the private folder too.
    init(root: String) throws {
        try look(at: root, path: "")
        for record in records where !inodes.contains(record.inode) { paths.append(record.path) }
    }

    private mutating func look(at folder: String, path: String) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        if names.isEmpty, !path.isEmpty, !path.hasPrefix(".blob-storage") {
            paths.append("\(path)/")
        }
        for name in names {
            let inner = path.isEmpty ? name : "\(path)/\(name)"
            var status = stat()
            guard lstat("\(folder)/\(name)", &status) == 0 else { continue }
            switch path {
            case ".blob-storage/staging", ".blob-storage/swaps":
                paths.append(inner)
            case ".blob-storage/attributes":
                let inode = UInt64(name.prefix { $0 != "-" }, radix: 16) ?? 0
                records.append((inner, inode))
            case _ where path.hasPrefix(".blob-storage"): break
            default: inodes.insert(UInt64(status.st_ino))
            }
            if status.st_mode & S_IFMT == S_IFDIR {
                try look(at: "\(folder)/\(name)", path: inner)
            }
        }
    }
}
