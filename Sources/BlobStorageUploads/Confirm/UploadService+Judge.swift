internal import BlobStorage

extension UploadService {
    /// Holds a blob against its reservation.
    ///
    /// - Throws: ``UploadError`` of reason `wrongSize`, `wrongType`, `wrongChecksum` or
    ///   `wrongContent`; `BlobError` if the blob can't be read, or is another one meanwhile.
    func judge(_ attributes: BlobAttributes, _ record: DocumentRecord) async throws {
        try judgeSizeAndType(attributes, record)
        // A store that keeps no checksum was held to it by the signature, or by the completion.
        if let expected = record.checksum, let found = attributes.checksum,
            found.algorithm == expected.algorithm, found != expected
        {
            let message = "the bytes have checksum \(found), not \(expected)"
            throw UploadError(.wrongChecksum, message, id: record.id)
        }
        guard policy.checksFirstBytes, attributes.byteCount > 0,
            let type = MediaType(record.contentType ?? "")
        else { return }
        let start = try await firstBytes(of: attributes)
        if let contradiction = ContentCheck(type: type).contradiction(in: start) {
            throw UploadError(
                .wrongContent,
                "the content is wrong: \(contradiction)",
                id: record.id
            )
        }
    }

    /// Holds against the reservation what takes no further request.
    func judgeSizeAndType(_ attributes: BlobAttributes, _ record: DocumentRecord) throws {
        let found = attributes.byteCount
        if let expected = record.byteCount {
            guard found == expected else {
                let message = "there are \(found) bytes; \(expected) were reserved"
                throw UploadError(.wrongSize, message, id: record.id)
            }
        } else if !policy.byteCounts.contains(found) {
            let range = policy.byteCounts
            let bounds = "\(range.lowerBound) to \(range.upperBound)"
            throw UploadError(
                .wrongSize,
                "there are \(found) bytes; \(bounds) are allowed",
                id: record.id
            )
        }
        // Some stores add a charset, so parameters don't count.
        guard let reserved = MediaType(record.contentType ?? ""),
            let type = MediaType(attributes.headers.contentType ?? ""),
            type.essence == reserved.essence
        else {
            // The record keeps the message, so it is no longer than there is room for.
            let start = (attributes.headers.contentType ?? "").utf8.prefix(Self.shownTypeByteCount)
            let type = EscapedText(String(decoding: start, as: UTF8.self))
            let message =
                "the blob has the type \(type); \(record.contentType ?? "none") was reserved"
            throw UploadError(.wrongType, message, id: record.id)
        }
    }

    /// The most bytes of a wrong type that a message shows: more than any that is registered has.
    private static let shownTypeByteCount = 100

    /// The beginning of this very version of a blob.
    private func firstBytes(of attributes: BlobAttributes) async throws -> [UInt8] {
        let count = min(FileFormat.startByteCount, attributes.byteCount)
        // A part of a blob can't be compared with the checksum of the whole.
        let options = GetOptions(
            conditions: ReadConditions(ifMatches: attributes.etag),
            verifiesChecksum: false
        )
        let blob = try await store.get(attributes.key, range: .first(count), options: options)
        return try await blob.body.collect(upTo: Int(count))
    }
}

extension UploadError.Reason {
    /// Whether the bytes themselves are wrong, which nothing but other bytes can heal.
    var isRefusal: Bool {
        switch self {
        case .wrongSize, .wrongType, .wrongChecksum, .wrongContent: true
        default: false
        }
    }
}
