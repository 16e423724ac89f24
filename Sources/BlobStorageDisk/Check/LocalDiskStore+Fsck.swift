import BlobStorage

extension LocalDiskStore {
    /// Checks the whole folder, and repairs what can be repaired without losing a byte.
    ///
    /// Nothing of this is needed after a crash: every blob is whole then, and readable. It cleans
    /// up, and tells what other programs have done to the folder. Other writers may go on
    /// meanwhile.
    ///
    /// - Parameters:
    ///   - repair: Whether to repair, or only to report.
    ///   - verifyingChecksums: Whether to read every blob that has a checksum.
    /// - Returns: What was found.
    /// - Throws: ``BlobError`` if the folder as a whole can't be read; `CancellationError`.
    /// - Complexity: A look at each file; all bytes of the blobs with checksums, if asked.
    public func fsck(
        repair: Bool = false,
        verifyingChecksums: Bool = false
    ) async throws -> CheckReport {
        try await perform("fsck", nil) { volume in
            var check = try FolderCheck(
                volume: volume,
                repairs: repair,
                verifiesChecksums: verifyingChecksums
            )
            return try check.run()
        }
    }
}
