import BlobStorage

@testable import BlobStorageDisk

/// A key has one path, a path at most one key, and no path leaves the root.
enum PathTarget {
    static let run: @Sendable ([UInt8]) -> Void = { bytes in
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        if let key = try? BlobKey(text) { check(key) }
        if let key = DiskPath.key(of: text) { check(key) }
    }

    private static func check(_ key: BlobKey) {
        let path = DiskPath(key).text
        precondition(DiskPath.key(of: path) == key, "the path of a key is another key's")
        for name in path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        {
            precondition((1...255).contains(name.count), "a name that no file system holds")
            precondition(!name.elementsEqual(".".utf8) && !name.elementsEqual("..".utf8))
            precondition(!name.contains(0), "a name with a zero byte")
        }
        _ = DiskPath.folderSteps(of: key)
    }
}
