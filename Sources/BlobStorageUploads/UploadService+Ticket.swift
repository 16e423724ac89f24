public import BlobStorage
internal import Foundation

extension UploadService {
    /// Makes a ticket anew: for requests that expired, and to go on after a lost connection.
    ///
    /// A ticket in parts lists those that are there, and has requests for the first that are not. A
    /// client that does not know whether its bytes are all there tries to confirm first.
    ///
    /// - Parameters:
    ///   - id: The document.
    ///   - owner: Whose it is.
    /// - Returns: The ticket to hand to the client.
    /// - Throws: ``UploadError`` of reason `notFound`, `expired`, `alreadyConfirmed`, `deleted` or
    ///   `conflict`, or the one that confirming was refused with; `BlobError` if a store fails.
    public func ticket(_ id: DocumentID, owner: String) async throws -> UploadTicket {
        for _ in 0..<Self.maximumAttemptCount {
            let record = try await find(id, owner: owner)
            try requirePending(record)
            guard record.route == .parts else { return try await mint(record, uploaded: []) }
            if let parts = try await uploadedParts(of: record) {
                return try await mint(record, uploaded: parts)
            }
            if try await attributes(of: record.key) != nil {
                // A confirmation was cut off after the parts had become the blob.
                return try await mint(record, uploaded: nil)
            }
            // The store has dropped the upload, by a rule for old ones perhaps: all over again.
            var renewed = record
            let upload = try await beginMultipartUpload(record)
            renewed.multipartUpload = upload
            do {
                renewed = try await metadata.update(renewed)
            } catch let error as BlobError where error.isLostRace {
                await drop(upload)
                continue
            }
            return try await mint(renewed, uploaded: [])
        }
        throw conflict(id)
    }

    /// Signs what the client is to send.
    ///
    /// - Parameters:
    ///   - record: The reservation.
    ///   - uploaded: The parts that are there; `nil` if they are the blob already.
    /// - Returns: The ticket.
    /// - Throws: ``UploadError`` of reason `expired`; `BlobError` as the presigner throws it.
    func mint(_ record: DocumentRecord, uploaded: [UploadedPart]?) async throws -> UploadTicket {
        let deadline = deadline(of: record)
        let left = Duration.seconds(deadline.timeIntervalSince(now()).rounded(.down))
        // A request is good no longer than the reservation, so that nothing comes after the sweep.
        let lifetime = min(policy.requestLifetime, left)
        guard lifetime >= .seconds(1) else { throw expired(record) }
        let method: UploadMethod
        switch record.route {
        case .direct: method = .put(try await presignPut(record, record.key, .ifAbsent, lifetime))
        case .incoming:
            let key = keys.incomingKey(for: record)
            method = .put(try await presignPut(record, key, .none, lifetime))
        case .form: method = .form(try await presignForm(record, lifetime))
        case .parts: method = .parts(try await presignParts(record, uploaded, lifetime))
        }
        return UploadTicket(id: record.id, method: method, reservedUntil: deadline)
    }

    private func presignPut(
        _ record: DocumentRecord,
        _ key: BlobKey,
        _ condition: WriteCondition,
        _ lifetime: Duration
    ) async throws -> PresignedRequest {
        let options = PresignOptions(
            headers: ContentHeaders(contentType: record.contentType),
            byteCount: record.byteCount,
            checksum: record.checksum,
            condition: condition
        )
        return try await store.presign(.put, key, expiresIn: lifetime, options: options)
    }

    private func presignForm(
        _ record: DocumentRecord,
        _ lifetime: Duration
    ) async throws -> PresignedForm {
        let bounds = policy.byteCounts
        let most = min(bounds.upperBound, Self.maximumPutByteCount)
        let conditions = UploadFormConditions(
            byteCounts: bounds.lowerBound...most,
            contentType: record.contentType.map { .exact($0) } ?? .unspecified,
            checksum: record.checksum
        )
        let key = keys.incomingKey(for: record)
        return try await store.presignForm(key, expiresIn: lifetime, conditions: conditions)
    }

    private func presignParts(
        _ record: DocumentRecord,
        _ uploaded: [UploadedPart]?,
        _ lifetime: Duration
    ) async throws -> UploadParts {
        guard let layout = record.partLayout, let upload = record.multipartUpload else {
            throw corrupted(record)
        }
        let there = uploaded.map { Set($0.map(\.number)) } ?? Set(layout.numbers)
        let missing = layout.numbers.lazy.filter { !there.contains($0) }
        var parts: [PresignedPart] = []
        for number in missing.prefix(UploadParts.maximumRequestCount) {
            let byteCount = layout.byteCount(of: number)
            let request = try await store.presign(
                .uploadPart(number, uploadID: upload.id),
                record.key,
                expiresIn: lifetime,
                options: PresignOptions(byteCount: byteCount)
            )
            parts.append(
                PresignedPart(
                    number: number,
                    offset: layout.offset(of: number),
                    byteCount: byteCount,
                    request: request
                )
            )
        }
        return UploadParts(
            byteCount: layout.byteCount,
            partByteCount: layout.partByteCount,
            partCount: layout.partCount,
            uploaded: there.sorted(),
            parts: parts
        )
    }
}
