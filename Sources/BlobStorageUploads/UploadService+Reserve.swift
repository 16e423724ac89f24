internal import BlobStorage
internal import Foundation

extension UploadService {
    /// Reserves a place for a document.
    ///
    /// - Parameters:
    ///   - request: What the client says of the document.
    ///   - owner: Whose document it will be: 1 to 512 bytes.
    /// - Returns: The ticket to hand to the client.
    /// - Throws: ``UploadError`` of reason `typeNotAllowed`, `extensionNotAllowed`, `tooLarge`,
    ///   `empty`, `invalid`, `checksumNotSupported` or `quotaExceeded`, or `expired` if reserving took
    ///   longer than a reservation lasts; whatever the quota throws; `BlobError` if a store fails.
    public func reserve(_ request: UploadRequest, owner: String) async throws -> UploadTicket {
        try Self.check(owner: owner)
        let (type, suffix) = try policy.check(request)
        let (route, layout) = try plan(request)
        try await policy.quota?(request, owner)
        let id = ids.next()
        let created = now()
        var record = DocumentRecord(
            id: id,
            owner: owner,
            key: keys.key(owner: owner, id: id, suffix),
            created: created,
            fileName: request.fileName.flatMap { $0.isEmpty ? nil : $0 },
            contentType: type.text,
            byteCount: request.byteCount,
            checksum: request.checksum,
            expires: created.addingTimeInterval(policy.reservationLifetime.inSeconds),
            attributes: request.attributes
        )
        record.route = route
        record.partLayout = layout
        try Self.check(record)
        if route == .parts { record.multipartUpload = try await beginMultipartUpload(record) }
        // The record comes before the first signature, so that a blob without one is an orphan.
        do {
            record = try await metadata.insert(record)
        } catch {
            // Whether the record is there is not known; if it is, it goes the way of all unused ones.
            if let upload = record.multipartUpload { await drop(upload) }
            throw error
        }
        do {
            return try await mint(record, uploaded: [])
        } catch {
            // Nobody has the id, so nobody will ever come with it.
            await quietly { try await purge(record) }
            throw error
        }
    }

    /// Chooses the way for the bytes, and how they are cut.
    ///
    /// - Throws: ``UploadError`` of reason `tooLarge` or `checksumNotSupported`.
    private func plan(_ request: UploadRequest) throws -> (Route, PartLayout?) {
        let capabilities = store.capabilities
        guard let byteCount = request.byteCount else {
            try check(request.checksum, among: capabilities.checksums)
            return (.form, nil)
        }
        if let most = capabilities.maximumBlobByteCount, byteCount > most {
            let message = "the document has \(byteCount) bytes; the store takes at most \(most)"
            throw UploadError(.tooLarge, message)
        }
        let fitsOnePut = byteCount <= Self.maximumPutByteCount
        if byteCount >= policy.multipartThreshold || !fitsOnePut,
            let store = store as? any MultipartBlobStore
        {
            let checksums = capabilities.multipartChecksums
            let isCovered = request.checksum.map { checksums.contains($0.algorithm) } ?? true
            let layout = PartLayout(
                byteCount: byteCount,
                wanted: policy.partByteCount,
                limits: store.multipartLimits
            )
            if isCovered, let layout { return (.parts, layout) }
            if !fitsOnePut { try check(request.checksum, among: checksums) }
        }
        guard fitsOnePut else {
            let most = Self.maximumPutByteCount
            throw UploadError(
                .tooLarge,
                "the document has \(byteCount) bytes; one request to the store takes at most \(most)"
            )
        }
        try check(request.checksum, among: capabilities.checksums)
        return (capabilities.features.contains(.putIfAbsent) ? .direct : .incoming, nil)
    }

    private func check(_ checksum: Checksum?, among kinds: Set<ChecksumAlgorithm>) throws {
        guard let checksum, !kinds.contains(checksum.algorithm) else { return }
        let names = kinds.map(\.rawValue).sorted().joined(separator: ", ")
        throw UploadError(
            .checksumNotSupported,
            "the store can't hold this upload to a checksum of \(checksum.algorithm.rawValue); "
                + (kinds.isEmpty ? "it keeps none" : "it keeps \(names)")
        )
    }

    /// Throws unless every metadata store could keep the record.
    private static func check(_ record: DocumentRecord) throws {
        do {
            try record.validate(operation: "reserve")
        } catch let error as BlobError {
            throw UploadError(.invalid, error.message)
        }
    }

    /// The most bytes of one request, or of one form, on S3: 5 GiB.
    static let maximumPutByteCount = UploadFormConditions.defaultByteCounts.upperBound

    static func check(owner: String) throws {
        let range = 1...DocumentRecord.maximumOwnerByteCount
        guard !range.contains(owner.utf8.count) else { return }
        throw UploadError(
            .invalid,
            "the owner has \(owner.utf8.count) bytes; it has 1 to \(range.upperBound)"
        )
    }
}
