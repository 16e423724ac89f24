import BlobStorage

extension ModelRun {
    /// Performs an operation on a multipart upload; without an upload it does nothing.
    func performUpload(
        _ operation: ModelOperation,
        _ side: Side,
        _ effect: inout Effect
    ) async throws -> ModelOutcome {
        let skipped = ModelOutcome(text: "no upload")
        guard let store = store(side) as? any MultipartBlobStore else { return skipped }
        switch operation {
        case .beginUpload(_, let name, let index):
            let attributes = ModelAttributes.all[index]
            let options = MultipartOptions(
                headers: attributes.headers,
                metadata: attributes.metadata
            )
            effect.upload = try await store.createMultipartUpload(key(name), options: options)
            return ModelOutcome(text: "begun")
        case .uploadPart(let slot, let number, let content, let isFull, let isWrong):
            guard let upload = uploads[slot]?.upload[side] else { return skipped }
            let minimum = Int(store.multipartLimits.minimumPartByteCount)
            let bytes = isFull ? content.bytes(minimum) : content.bytes
            let algorithm = store.capabilities.checksums.min { $0.rawValue < $1.rawValue }
            let wrong = algorithm.map { Checksum.of(bytes + [0], $0) }
            let part = try await store.uploadPart(
                number,
                of: upload,
                BlobBody(bytes),
                checksum: isWrong ? wrong : nil
            )
            effect.part = part
            return ModelOutcome(text: "part \(part.number), \(part.byteCount) bytes")
        case .listParts(let slot):
            guard let upload = uploads[slot]?.upload[side] else { return skipped }
            let parts = try await store.parts(of: upload)
            let texts = parts.map { "\($0.number): \($0.byteCount)" }
            return ModelOutcome(text: "parts [\(texts.joined(separator: ", "))]")
        case .completeUpload(let slot, let choice, let condition):
            // Completing twice may find the upload gone, or the blob as the first time left it.
            guard let upload = uploads[slot], !upload.isCompleted else { return skipped }
            let written = try await store.completeMultipartUpload(
                upload.upload[side],
                parts: parts(of: upload, choice, side),
                condition: self.condition(condition, upload.key, side)
            )
            effect.etag = written.etag
            return ModelOutcome(written, etag: "new")
        case .abortUpload(let slot):
            guard let upload = uploads[slot]?.upload[side] else { return skipped }
            try await store.abortMultipartUpload(upload)
            return ModelOutcome(text: "aborted")
        case .listUploads(let prefix):
            return try await listUploads(store, prefix)
        default:
            return skipped
        }
    }

    private func parts(of upload: Upload, _ choice: ModelParts, _ side: Side) -> [UploadedPart] {
        var parts = upload.parts.values.map { $0[side] }.sorted { $0.number < $1.number }
        switch choice {
        case .all: break
        case .withoutFirst:
            let features = store(.store).capabilities.features
            if features.contains(.subsetOfParts) { parts.removeFirst(min(1, parts.count)) }
        case .reversed: parts.reverse()
        case .none: parts = []
        case .wrongETag:
            guard let first = parts.first else { break }
            parts[0] = UploadedPart(
                number: first.number,
                etag: "\"0123456789abcdef0123456789abcdef\"",
                byteCount: first.byteCount
            )
        }
        return parts
    }

    private func listUploads(
        _ store: any MultipartBlobStore,
        _ prefix: String
    ) async throws -> ModelOutcome {
        var names: [String] = []
        var token: String?
        repeat {
            let page = try await store.listMultipartUploads(
                prefix: self.prefix + prefix,
                continuationToken: token,
                limit: 3
            )
            names += page.uploads.map { readable($0.upload.key.text.dropPrefix(self.prefix)) }
            token = page.continuationToken
        } while token != nil && names.count < 1_000
        // Ceph orders "a b" before "a"; the kit's own cases look at the order.
        names.sort { UTF8Order.compare($0, $1) < 0 }
        return ModelOutcome(text: "uploads [\(names.joined(separator: ", "))]")
    }
}

extension String {
    /// The text without the bytes of a prefix that it begins with.
    func dropPrefix(_ prefix: String) -> String {
        String(decoding: utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }
}
