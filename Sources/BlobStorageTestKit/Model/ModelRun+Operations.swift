import BlobStorage
import Foundation

extension ModelRun {
    /// Performs an operation on one of the stores.
    func perform(
        _ operation: ModelOperation,
        _ side: Side
    ) async throws -> (ModelOutcome, Effect) {
        var effect = Effect()
        let outcome = try await ModelOutcome.of {
            switch operation {
            case .put(let name, let content, let write):
                let options = putOptions(write, key(name), content, side)
                let body = body(write.body, content)
                let written = try await store(side).put(key(name), body, options: options)
                effect.etag = written.etag
                return ModelOutcome(written, etag: role(ofNew: written, content, side))
            case .get(let name, let range, let read):
                return try await get(name, range, read, side)
            case .head(let name, let read):
                let conditions = try await conditions(read, key(name), side)
                let options = HeadOptions(conditions: conditions)
                let found = try await store(side).head(key(name), options: options)
                return ModelOutcome(found, etag: role(of: found.etag, key(name), side))
            case .delete(let name, let version):
                let etag = version.map { self.etag($0, key(name), side) }
                try await store(side).delete(key(name), options: DeleteOptions(ifMatches: etag))
                return ModelOutcome(text: "done")
            case .deleteMany(let names):
                let failures = try await store(side).delete(names.map(key))
                return ModelOutcome(text: "\(failures.count) failures")
            case .list(let prefix, let delimiter, let startAfter, let limit):
                let options = ListOptions(
                    prefix: self.prefix + prefix,
                    delimiter: delimiter,
                    startAfter: startAfter.map { self.prefix + $0 },
                    limit: limit
                )
                return try await list(options, side)
            case .copy(let source, let name, let replace, let condition, let read):
                let written = try await copy(source, name, replace, condition, read, side)
                effect.etag = written.etag
                return ModelOutcome(written, etag: "new")
            default:
                return try await performUpload(operation, side, &effect)
            }
        }
        return (normalized(outcome, operation), effect)
    }

    /// S3 answers a copy with 412, whichever condition was missed.
    private func normalized(
        _ outcome: ModelOutcome,
        _ operation: ModelOperation
    ) -> ModelOutcome {
        guard case .copy = operation, outcome.kind == .notModified else { return outcome }
        let kind = BlobError.Kind.preconditionFailed
        return ModelOutcome(kind: kind, text: kind.rawValue)
    }

    private func get(
        _ name: String,
        _ range: ByteRange?,
        _ read: ModelRead,
        _ side: Side
    ) async throws -> ModelOutcome {
        let options = GetOptions(conditions: try await conditions(read, key(name), side))
        let blob = try await store(side).get(key(name), range: range, options: options)
        let bytes = try await blob.body.collect(upTo: CaseScope.readLimit)
        let etag = role(of: blob.attributes.etag, key(name), side)
        var outcome = ModelOutcome(blob.attributes, etag: etag)
        outcome.text += ", range \(blob.range), \(fingerprint(bytes))"
        return outcome
    }

    private func copy(
        _ source: String,
        _ name: String,
        _ replace: Int?,
        _ condition: ModelCondition,
        _ read: ModelRead,
        _ side: Side
    ) async throws -> BlobAttributes {
        var options = CopyOptions(
            condition: self.condition(condition, key(name), side),
            sourceConditions: try await conditions(read, key(source), side)
        )
        if let replace {
            let attributes = ModelAttributes.all[replace]
            options.attributes = .replace(attributes.headers, attributes.metadata)
        }
        return try await store(side).copy(key(source), to: key(name), options: options)
    }

    /// Walks a listing to its end; the pages' borders count.
    private func list(_ options: ListOptions, _ side: Side) async throws -> ModelOutcome {
        var options = options
        var pages: [String] = []
        while true {
            let page = try await store(side).list(options)
            let entries = page.entries.map { entry in
                let rest = entry.text.utf8.dropFirst(prefix.utf8.count)
                let name = readable(String(decoding: rest, as: UTF8.self))
                guard case .blob(let blob) = entry else { return "\(name)…" }
                let role = role(of: blob.etag, blob.key, side)
                return "\(name) \(blob.byteCount)" + (role == "current" ? "" : " \(role)")
            }
            pages.append("[\(entries.joined(separator: ", "))]")
            guard let token = page.continuationToken else { break }
            options.continuationToken = token
            // Twice as many as there are keys: the listing does not end.
            if pages.count > 2 * ModelGenerator.keys.count { break }
        }
        return ModelOutcome(text: pages.joined(separator: " "))
    }
}

extension ModelRun {
    private func putOptions(
        _ write: ModelWrite,
        _ key: BlobKey,
        _ content: ModelContent,
        _ side: Side
    ) -> PutOptions {
        let attributes = ModelAttributes.all[write.attributes]
        let checksum: PutChecksum? =
            switch write.checksum {
            case .none: nil
            case .compute(let algorithm): .compute(algorithm)
            case .right(let algorithm): .expect(Checksum.of(content.bytes, algorithm))
            case .wrong(let algorithm): .expect(Checksum.of(content.bytes + [0], algorithm))
            }
        return PutOptions(
            headers: attributes.headers,
            metadata: attributes.metadata,
            condition: condition(write.condition, key, side),
            checksum: checksum
        )
    }

    private func body(_ body: ModelWrite.Body, _ content: ModelContent) -> BlobBody {
        let bytes = content.bytes
        let chunks = CountedChunks(bytes.cut(into: 700))
        let byteCount = Int64(bytes.count)
        switch body {
        case .bytes: return BlobBody(bytes)
        case .stream: return BlobBody(chunks)
        case .knownLength: return BlobBody(chunks, byteCount: byteCount)
        case .tooShort: return BlobBody(chunks, byteCount: byteCount + 1)
        case .tooLong:
            let more = CountedChunks(bytes.cut(into: 700) + [[0]])
            return BlobBody(more, byteCount: byteCount)
        case .throwing:
            let failure = BodyFailure(number: content.number)
            return BlobBody(FailingChunks(chunks: [bytes], failure: failure))
        }
    }
}
