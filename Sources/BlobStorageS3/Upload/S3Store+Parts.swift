internal import BlobStorage
internal import BlobStorageAWS

extension S3Store {
    /// Puts a body part by part; one that ends with its first part is put in one request.
    func putParts(
        _ key: BlobKey,
        _ body: BlobBody,
        _ options: PutOptions
    ) async throws -> BlobAttributes {
        let planner = partPlanner
        let sizes: PartSizes =
            if let byteCount = body.byteCount {
                .plan(try planner.plan(byteCount: byteCount, operation: "put", key: key))
            } else {
                .schedule(planner.schedule())
            }
        var reader = PartReader(body, sizes, limit: planner.maximumByteCount, key: key)
        var next = try await reader.next()
        if next?.isLast ?? true { return try await putBytes(key, next?.bytes ?? [], options) }
        let asked = options.checksum?.algorithm
        try requireKeptOfParts(options.checksum, key)
        // One that only is expected, and can't be kept, is not sent.
        let kept = asked.flatMap { vendor.multipartChecksums.contains($0) ? $0 : nil }
        let upload = try await beginUpload(
            key,
            MultipartOptions(
                headers: options.headers,
                metadata: options.metadata,
                checksum: kept,
                tags: options.tags
            ),
            "put"
        )
        return try await aborting(upload) {
            // What can't be combined from the parts is computed of the whole as it passes by.
            var hasher = kept == asked ? nil : asked.map { ChecksumHasher($0) }
            let parts = try await send(&next, &reader, planner, of: upload, kept, &hasher)
            let combined = Checksum.combined(parts)
            if let whole = hasher?.checksum() ?? combined {
                try options.checksum?.check(whole, operation: "put", key: key)
            }
            let byteCount = parts.reduce(0) { $0 + $1.part.byteCount }
            let written = Written(key, options, byteCount: byteCount, combined, bytes: nil)
            let etag = try await complete(
                upload,
                parts,
                options.condition,
                checksum: combined,
                making: written,
                "put"
            )
            return await attributes(of: written, etag)
        }
    }

    /// Decides how large the parts of a put are.
    var partPlanner: PartPlanner {
        PartPlanner(vendor, preferredPartByteCount: configuration.partByteCount)
    }

    private func requireKeptOfParts(_ checksum: PutChecksum?, _ key: BlobKey) throws {
        guard case .compute(let algorithm) = checksum,
            !vendor.multipartChecksums.contains(algorithm)
        else { return }
        let names = vendor.multipartChecksums.map(\.rawValue).sorted().joined(separator: ", ")
        let message =
            "\(vendor.name) keeps no \(algorithm.rawValue) checksum for a blob that is too large for "
            + "one request, or whose size nobody knows before; "
            + (names.isEmpty ? "it keeps none" : "it keeps \(names)")
        throw BlobError(.unsupported, operation: "put", key: key, message: message)
    }

    /// Sends all parts, several at once; at most the configured count of parts of the usual size is in
    /// memory.
    private func send(
        _ next: inout PartReader.Part?,
        _ reader: inout PartReader,
        _ planner: PartPlanner,
        of upload: MultipartUpload,
        _ asked: ChecksumAlgorithm?,
        _ hasher: inout ChecksumHasher?
    ) async throws -> [SentPart] {
        try await withThrowingTaskGroup(of: (sent: SentPart, bytes: [UInt8]).self) { group in
            var sent: [SentPart] = []
            var spares: [[UInt8]] = []
            var number = 1
            var inFlight = 0
            while let part = next.take() {
                hasher?.update(part.bytes)
                let isLast = part.isLast
                // With the one that is being read.
                let limit = planner.concurrency(
                    ofParts: Int64(part.bytes.count),
                    atMost: configuration.concurrency
                )
                group.addTask { [number, bytes = part.bytes] in
                    (try await sendPart(number, bytes, of: upload, asked, "put"), bytes)
                }
                inFlight += 1
                number += 1
                guard !isLast else { break }
                while inFlight >= limit, let done = try await group.next() {
                    sent.append(done.sent)
                    spares = spares.suffix(1) + [done.bytes]
                    inFlight -= 1
                }
                // The transport may hold the latest a moment longer. Memory taken then instead leaves
                // holes that malloc fills with nothing: 116 MiB for 10 GiB of unknown length, not 80.
                next = try await reader.next(reusing: spares.count > 1 ? spares.removeFirst() : [])
            }
            for try await done in group { sent.append(done.sent) }
            return sent.sorted { $0.part.number < $1.part.number }
        }
    }

    /// Calls `body`, and aborts the upload if that fails.
    func aborting(
        _ upload: MultipartUpload,
        _ body: () async throws -> BlobAttributes
    ) async throws -> BlobAttributes {
        do {
            return try await body()
        } catch {
            // An upload whose completion may have happened is left to whoever looks at the blob.
            if (error as? BlobError)?.kind != .outcomeUnknown { await abort(upload) }
            throw error
        }
    }

    /// How long a caller who was cancelled waits for the abort of the upload; it goes on by itself.
    private static let abortPatience = Duration.milliseconds(50)

    /// Aborts an upload, whatever became of the task that began it.
    private func abort(_ upload: MultipartUpload) async {
        let store = self
        // A task of its own, since the one that failed may be cancelled.
        let task = Task {
            do {
                try await store.abortMultipartUpload(upload)
            } catch {
                // The error to tell is the one that made it fail; a sweep finds what stays.
                return
            }
        }
        guard Task.isCancelled else { return await task.value }
        // Attempts and time limits end the task, should the server not answer.
        let time = client.time
        let isWaiting = Locked(true)
        await withCheckedContinuation { continuation in
            let resume: @Sendable () -> Void = {
                let isFirst = isWaiting.withLock { isWaiting in
                    defer { isWaiting = false }
                    return isWaiting
                }
                if isFirst { continuation.resume() }
            }
            let patience = Task {
                try? await time.sleep(Self.abortPatience)
                resume()
            }
            Task {
                await task.value
                patience.cancel()
                resume()
            }
        }
    }
}

extension Checksum {
    /// The checksum of the bytes of all parts; `nil` if one is missing or they can't be combined.
    static func combined(_ parts: [SentPart]) -> Checksum? {
        guard var whole = parts.first?.checksum else { return nil }
        for part in parts.dropFirst() {
            guard let next = part.checksum,
                let joined = whole.appending(next, byteCount: part.part.byteCount)
            else { return nil }
            whole = joined
        }
        return whole
    }
}
