internal import BlobStorage

extension UploadService {
    /// Removes reservations whose time is up, documents that are deleted, and what no record knows of.
    ///
    /// It never touches a confirmed document, also when others confirm, delete and restore meanwhile,
    /// and any number of sweeps may run at once. What one can't remove, the next one tries again.
    ///
    /// - Parameter options: Whether it is a dry run, and how far it goes.
    /// - Returns: What was removed, and what could not be.
    /// - Throws: `BlobError` if the records or the listing can't be read.
    /// - Complexity: A few requests for each thing removed, and with the store's listing two for each
    ///   1,000 blobs; memory for a page.
    @discardableResult
    public func sweep(_ options: SweepOptions = SweepOptions()) async throws -> SweepReport {
        var run = SweepRun(service: self, options: options)
        try await run.removeDocuments()
        if options.includesStore {
            try await run.removeOrphans(under: keys.prefix, isIncoming: false)
            try await run.removeOrphans(under: keys.incomingPrefix, isIncoming: true)
            try await run.removeMultipartUploads()
        }
        return run.report
    }
}
