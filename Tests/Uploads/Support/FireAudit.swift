package import BlobStorage

/// Looks whether confirmed records have the blobs that they tell of.
package struct FireAudit: Sendable {
    /// What was found.
    package enum Finding: Sendable {
        /// The blob is there, with these sendings as its parts.
        case sound(String)
        /// The record changed meanwhile, so the look tells nothing.
        case changed
        /// The record is confirmed, and something about its blob is wrong.
        case broken(String)
    }

    private let metadata: any MetadataStore
    private let store: any BlobStore

    package init(metadata: any MetadataStore, store: any BlobStore) {
        self.metadata = metadata
        self.store = store
    }

    /// Reads the blob of a confirmed record.
    ///
    /// A blob goes only after its record has changed, so what is missing while the record is the same
    /// before and after the look has been lost.
    package func look(at record: DocumentRecord) async throws -> Finding {
        let fault: String
        do {
            let blob = try await store.get(record.key)
            let bytes = try await blob.body.collect(upTo: Int(FireStage.maximumByteCount))
            switch Self.compare(record, blob.attributes, bytes) {
            case .success(let sendings): return .sound(sendings)
            case .failure(let error): fault = error.text
            }
        } catch let error as BlobError where error.kind == .notFound {
            fault = "there is no blob \(record.key)"
        } catch let error as BlobError
            where error.isRetryable || error.kind == .preconditionFailed
        {
            // Deleted while it was read, or a busy server.
            fault = "its blob can't be read: \(error)"
        }
        guard let now = try await metadata.find(record.id), now == record else { return .changed }
        return .broken("\(fault); the record is \(record)")
    }

    private struct Fault: Error {
        let text: String
    }

    /// Compares all that a record tells, and finds whose bytes they are.
    private static func compare(
        _ record: DocumentRecord,
        _ attributes: BlobAttributes,
        _ bytes: [UInt8]
    ) -> Result<String, Fault> {
        guard let document = FireDocument(record) else {
            return .failure(Fault(text: "its attributes are lost"))
        }
        guard attributes.etag == record.etag else {
            return .failure(Fault(text: "the blob has the etag \(attributes.etag)"))
        }
        guard attributes.byteCount == record.byteCount, bytes.count == document.byteCount else {
            return .failure(Fault(text: "the blob has \(attributes.byteCount) bytes"))
        }
        guard attributes.headers.contentType == document.contentType else {
            let type = attributes.headers.contentType ?? "no type"
            return .failure(Fault(text: "the blob has the type \(type)"))
        }
        if let checksum = record.checksum, Checksum.of(bytes, checksum.algorithm) != checksum {
            return .failure(Fault(text: "the blob has another checksum"))
        }
        var sendings: [String] = []
        for (part, range) in parts(of: bytes.count) {
            let content = FireContent.find(
                in: Array(bytes[range]),
                nonce: document.nonce,
                contentType: document.contentType,
                part: part
            )
            guard let content else {
                return .failure(Fault(text: "the blob has bytes that nobody sent, in part \(part)"))
            }
            sendings.append("\(content)")
        }
        return .success(sendings.joined(separator: ","))
    }

    /// The parts in which so many bytes were sent; 0 stands for all at once.
    private static func parts(of byteCount: Int) -> [(Int, Range<Int>)] {
        guard byteCount >= FireStage.multipartThreshold else { return [(0, 0..<byteCount)] }
        let size = Int(FireStage.partByteCount)
        return stride(from: 0, to: byteCount, by: size).enumerated().map { index, start in
            (index + 1, start..<min(start + size, byteCount))
        }
    }
}
