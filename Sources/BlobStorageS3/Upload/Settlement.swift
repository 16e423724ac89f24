internal import BlobStorage
internal import BlobStorageAWS

extension S3Store {
    /// Calls `send`, and finds out what became of it if its answer was lost.
    ///
    /// Equal bytes with other tags are not what was written, so those that a write gives are read.
    ///
    /// - Returns: What `send` returns; the attributes that were found, if they are what was written.
    /// - Throws: `BlobError`, of kind `outcomeUnknown` if it couldn't be found out.
    func settled(
        _ written: Written,
        _ operation: String,
        deadline: Duration?,
        _ send: () async throws -> BlobAttributes
    ) async throws -> BlobAttributes {
        do {
            return try await send()
        } catch let failure as AWSFailure {
            if failure.mayHaveHappened,
                let found = await settledVersion(of: written.key, operation, deadline),
                written.isSame(as: found),
                await hasTags(of: written, operation, deadline)
            {
                return found
            }
            let context = S3FailureContext(
                operation,
                key: written.key,
                condition: written.options.condition,
                isChange: true
            )
            throw context.error(failure)
        }
    }

    /// The attributes of a blob that was just made of parts.
    ///
    /// If nobody can say when it was written, or somebody has replaced it since, they are those that
    /// this call gave it: it is there, and no error may say otherwise.
    func attributes(of written: Written, _ etag: ETag) async -> BlobAttributes {
        if let found = await version(of: written.key, "put"), found.etag.isSameUnquoted(as: etag) {
            return found
        }
        return BlobAttributes(
            key: written.key,
            byteCount: written.byteCount,
            etag: etag,
            lastModified: client.time.now(),
            headers: written.options.headers.resolved(for: written.key),
            metadata: written.options.metadata,
            checksum: written.checksum
        )
    }

    /// The attributes of a blob that was just made, of which the answer told the etag alone.
    ///
    /// - Parameters:
    ///   - key: The blob.
    ///   - operation: The operation that made it.
    ///   - deadline: When that must be done; `nil` gives it the time of an operation.
    /// - Returns: The attributes.
    /// - Throws: `BlobError` of kind `outcomeUnknown` if they can't be read: no other kind may hide
    ///   that the blob is there.
    func attributes(
        ofMade key: BlobKey,
        _ operation: String,
        deadline: Duration? = nil
    ) async throws -> BlobAttributes {
        do {
            return try await head(key, operation, deadline: deadline)
        } catch let error as BlobError {
            throw BlobError(
                .outcomeUnknown,
                operation: operation,
                key: key,
                message: "the blob was made, but what is there now can't be read: \(error.message)",
                underlying: error,
                remote: error.remote
            )
        }
    }

    /// The etag of a blob if completing an upload has made it, though the answer was lost.
    ///
    /// Equal bytes in equal parts have the same etag, whoever has put them there: the upload must be
    /// gone too, and then the tags are its own. A store that goes on to list it, or doesn't say,
    /// leaves the outcome unknown.
    ///
    /// - Parameters:
    ///   - upload: The upload.
    ///   - parts: The parts that it was completed with.
    ///   - written: What else is known of the blob.
    ///   - failure: How completing it failed at last.
    ///   - deadline: When completing it must be done.
    /// - Returns: The etag; `nil` if it is another blob, or nobody says.
    func completed(
        _ upload: MultipartUpload,
        _ parts: [SentPart],
        _ written: Written?,
        after failure: AWSFailure,
        deadline: Duration?
    ) async -> ETag? {
        let operation = "completeMultipartUpload"
        guard let found = await settledVersion(of: upload.key, operation, deadline),
            let expected = MultipartETag.text(of: parts.map(\.part.etag)),
            UTF8Order.equal(expected, found.etag.text),
            written?.fits(found) ?? true
        else { return nil }
        // The last attempt may have been told already what is asked here.
        if failure.answer?.code == Self.noSuchUpload { return found.etag }
        return await isGone(upload, deadline) ? found.etag : nil
    }

    /// The code that S3 has for an upload that was completed or aborted, or never begun; another 404
    /// may be that of a store which can't list parts.
    private static let noSuchUpload = "NoSuchUpload"

    /// Whether an upload is gone; `false`, too, if nobody says.
    private func isGone(_ upload: MultipartUpload, _ deadline: Duration?) async -> Bool {
        let isGone: Bool? = await client.aws.withinQuota {
            do {
                _ = try await listParts(of: upload, startAfter: 0, limit: 1, deadline: deadline)
                return false
            } catch {
                let code = (error as? BlobError)?.remote?.code
                return code == Self.noSuchUpload ? true : nil
            }
        }
        return isGone ?? false
    }

    /// Whether a blob has the tags that a write gives it; `false`, too, if nobody says.
    private func hasTags(
        of written: Written,
        _ operation: String,
        _ deadline: Duration?
    ) async -> Bool {
        let expected = tagsToWrite(written.options.tags)
        if expected.isEmpty { return true }
        let found: BlobTags? = await client.aws.withinQuota {
            do {
                return try await tags(of: written.key, operation, deadline: deadline)
            } catch {
                // The error to tell is that of the change, not that of looking.
                return nil
            }
        }
        return found == expected
    }

    /// What is there after an answer was lost; `nil` if nothing is, or nobody says.
    ///
    /// It is a request more, so it counts as a retry does: callers of a dead server must not keep it
    /// down by asking what became of them.
    private func settledVersion(
        of key: BlobKey,
        _ operation: String,
        _ deadline: Duration?
    ) async -> BlobAttributes? {
        await client.aws.withinQuota { await version(of: key, operation, deadline: deadline) }
    }

    /// What is there now; `nil` if nothing is, or nobody says.
    private func version(
        of key: BlobKey,
        _ operation: String,
        deadline: Duration? = nil
    ) async -> BlobAttributes? {
        do {
            return try await head(key, operation, deadline: deadline)
        } catch {
            // The error to tell is that of the change, not that of looking.
            return nil
        }
    }
}

extension ETag {
    /// Whether two etags are the same but for their quotes, which some stores' documents leave out.
    func isSameUnquoted(as other: ETag) -> Bool {
        let quote = UInt8(ascii: "\"")
        return text.utf8.lazy.filter { $0 != quote }
            .elementsEqual(other.text.utf8.lazy.filter { $0 != quote })
    }
}
