internal import BlobStorage

extension UploadService {
    /// Brings the bytes of a reservation to a key that no client can write to.
    ///
    /// - Parameters:
    ///   - record: The reservation.
    ///   - made: Gets the keys of blobs that this makes.
    /// - Returns: The attributes of the blob.
    /// - Throws: ``UploadError`` of reason `notUploaded`, `incomplete`, or one that ends the
    ///   reservation; `BlobError` that is a lost race if the bytes changed meanwhile.
    func settle(
        _ record: DocumentRecord,
        making made: inout Set<BlobKey>
    ) async throws -> BlobAttributes {
        switch record.route {
        case .direct:
            guard let found = try await attributes(of: record.key) else {
                throw notUploaded(record)
            }
            return found
        case .incoming, .form: return try await settleIncoming(record, making: &made)
        case .parts: return try await settleParts(record, making: &made)
        }
    }

    /// Copies the bytes from where the client wrote them, as they are now.
    private func settleIncoming(
        _ record: DocumentRecord,
        making made: inout Set<BlobKey>
    ) async throws -> BlobAttributes {
        // A store that can copy "if absent" has one copy, the first, whoever makes it. On another one
        // each attempt has a key of its own, and the record tells which one counts.
        let copiesOnce = store.capabilities.features.contains(.conditionalCopy)
        if copiesOnce, let found = try await attributes(of: record.key) { return found }
        let source = keys.incomingKey(for: record)
        guard let waiting = try await attributes(of: source) else { throw notUploaded(record) }
        try judgeSizeAndType(waiting, record)
        let destination = copiesOnce ? record.key : keys.freshKey(for: record)
        made.insert(destination)
        let options = CopyOptions(
            condition: copiesOnce ? .ifAbsent : .none,
            sourceConditions: ReadConditions(ifMatches: waiting.etag)
        )
        do {
            return try await store.copy(source, to: destination, options: options)
        } catch let error as BlobError where error.kind == .alreadyExists {
            guard let found = try await attributes(of: destination) else {
                throw notUploaded(record)
            }
            return found
        }
    }

    /// Makes the parts one blob.
    private func settleParts(
        _ record: DocumentRecord,
        making made: inout Set<BlobKey>
    ) async throws -> BlobAttributes {
        guard let store = store as? any MultipartBlobStore, let layout = record.partLayout,
            let upload = record.multipartUpload
        else { throw corrupted(record) }
        if let found = try await attributes(of: record.key) { return found }
        guard let parts = try await uploadedParts(of: record) else {
            // Another confirmation made them one blob since, or the store has dropped them.
            if let found = try await attributes(of: record.key) { return found }
            throw incomplete(record, "its parts are gone")
        }
        guard parts.count == layout.partCount else {
            throw incomplete(record, "\(parts.count) of \(layout.partCount) parts are there")
        }
        let isOnce = store.capabilities.features.contains(.putIfAbsent)
        let condition: WriteCondition = isOnce ? .ifAbsent : .none
        made.insert(record.key)
        do {
            if let checksum = record.checksum, let store = store as? any ChecksummedCompletion {
                return try await store.completeMultipartUpload(
                    upload,
                    parts: parts,
                    condition: condition,
                    expecting: checksum
                )
            }
            return try await store.completeMultipartUpload(
                upload,
                parts: parts,
                condition: condition
            )
        } catch let error as BlobError where [.invalidArgument, .conflict].contains(error.kind) {
            // The client replaced a part since they were listed, or while they became one.
            throw BlobError(
                .preconditionFailed,
                operation: error.operation,
                key: record.key,
                message: error.message,
                underlying: error
            )
        } catch let error as BlobError where error.kind == .integrityFailure {
            throw UploadError(.wrongChecksum, "the bytes have another checksum", id: record.id)
        } catch let error as BlobError where [.notFound, .alreadyExists].contains(error.kind) {
            guard let found = try await attributes(of: record.key) else {
                throw incomplete(record, "its parts are gone")
            }
            return found
        }
    }

    /// The attributes of a blob; `nil` if there is none.
    func attributes(of key: BlobKey) async throws -> BlobAttributes? {
        do {
            return try await store.head(key)
        } catch let error as BlobError where error.kind == .notFound {
            return nil
        }
    }

    private func notUploaded(_ record: DocumentRecord) -> UploadError {
        let message = "there are no bytes yet; upload them, then confirm again"
        return UploadError(.notUploaded, message, id: record.id)
    }

    private func incomplete(_ record: DocumentRecord, _ what: String) -> UploadError {
        let message = "\(what); ask for another ticket, upload what is missing, then confirm again"
        return UploadError(.incomplete, message, id: record.id)
    }
}
