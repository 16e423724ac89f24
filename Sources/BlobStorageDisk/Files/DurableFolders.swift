/// The folders whose own entry, and those of all folders above, are known to be on the disk.
struct DurableFolders {
    /// Folders that are remembered; those that are forgotten are synced once more.
    private static let maximumCount = 4_096

    private var paths: Set<String> = []
    /// How often a folder was removed, or may have been.
    private(set) var removalCount: UInt64 = 0

    func contains(_ path: String) -> Bool { paths.contains(path) }

    /// Takes out a folder that was made.
    mutating func forget(_ path: String) {
        paths.remove(path)
    }

    /// Takes out a folder that is about to be removed.
    mutating func noteRemoval(of path: String) {
        removalCount += 1
        paths.remove(path)
    }

    /// Takes in folders that were synced.
    ///
    /// - Parameters:
    ///   - synced: The paths.
    ///   - removalCount: What the count was before the first was synced: a folder that was removed
    ///     since then, and made anew, is another one.
    mutating func note(_ synced: [String], asOf removalCount: UInt64) {
        guard removalCount == self.removalCount else { return }
        if paths.count + synced.count > Self.maximumCount { paths.removeAll() }
        paths.formUnion(synced)
    }
}
