public import Foundation

extension BlobStore {
    /// Removes the blobs whose time is up by lifecycle rules, and aborts the multipart uploads that were
    /// begun too long ago.
    ///
    /// It runs once: call it every hour, say. Of several rules that a blob fits, the earliest counts.
    /// Each blob is looked at right before it is deleted, and is deleted only as the version that was
    /// seen, where the store decides (``Capabilities/Feature/deleteIfMatches``). So one that is written
    /// meanwhile stays, unless it comes between the two and has the same etag, as the same bytes have on
    /// S3. A change of its tags alone may come too late.
    ///
    /// - Parameters:
    ///   - rules: The rules; those that are not enabled do nothing.
    ///   - now: The time that counts as now.
    /// - Returns: What was removed, and what could not be.
    /// - Throws: ``BlobError`` of kind `invalidArgument` for a rule that makes no sense, before anything
    ///   is removed; what listing throws; `CancellationError`. What was removed by then stays removed.
    /// - Complexity: A listing of all blobs and uploads under the rules' prefixes, a page in memory; a
    ///   request for each upload and two for each blob that are due, one after the other, and one for the
    ///   tags of each that is due by them.
    /// - SeeAlso: S3 https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
    public func apply(
        _ rules: [LifecycleRule],
        now: Date = Date()
    ) async throws -> LifecycleReport {
        for rule in rules { try rule.validate() }
        var run = LifecycleRun(self, rules, now: now)
        try await run.removeBlobs()
        try await run.abortUploads()
        return run.report
    }
}
