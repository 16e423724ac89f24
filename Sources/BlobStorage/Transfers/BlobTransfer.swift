/// Copies single blobs from one store into another, and proves each copy by its checksum.
struct BlobTransfer: Sendable {
    let source: any BlobStore
    let destination: any BlobStore
    /// The checksum to compare where the source keeps none that the destination knows.
    let checksum: ChecksumAlgorithm
    /// Whether a copy has the tags of its original, where both stores know tags.
    private let keepsTags: Bool
    /// Whether a copy is read again where the destination keeps no checksum that could prove it.
    private let readsBack: Bool
    private let common: CommonStore?

    init(
        from source: any BlobStore,
        into destination: any BlobStore,
        checksum: ChecksumAlgorithm,
        keepsTags: Bool = false,
        readsBack: Bool = false
    ) {
        self.source = source
        self.destination = destination
        self.checksum = checksum
        self.keepsTags =
            keepsTags && source.capabilities.features.contains(.tags)
            && destination.capabilities.features.contains(.tags)
        self.readsBack = readsBack
        common = CommonStore(source, destination)
    }

    /// A blob and its copy.
    struct Copied: Sendable {
        /// The version that was copied.
        var original: BlobAttributes
        /// What the destination made of it.
        var copy: BlobAttributes
    }

    /// Copies one blob.
    ///
    /// - Parameters:
    ///   - key: The blob in the source.
    ///   - destinationKey: The key to write in the destination.
    ///   - condition: What must be true of the destination.
    ///   - didRead: Told of bytes that pass, as they pass.
    /// - Returns: The attributes at the destination.
    /// - Throws: ``BlobError``; of kind `integrityFailure` if the bytes are not the source's.
    func copy(
        _ key: BlobKey,
        as destinationKey: BlobKey,
        condition: WriteCondition = .none,
        didRead: @escaping @Sendable (Int64) -> Void = { _ in }
    ) async throws -> BlobAttributes {
        if let common {
            let copy = try await common.copy(key, to: destinationKey, condition: condition)
            didRead(copy.byteCount)
            return copy
        }
        return try await stream(key, as: destinationKey, condition: condition, didRead: didRead)
            .copy
    }

    /// Copies one blob, and tells which version of it that was.
    ///
    /// - Parameters:
    ///   - key: The blob, under the same key in both stores.
    ///   - sourceConditions: What must be true of the blob in the source.
    ///   - condition: What must be true of the destination.
    ///   - didRead: Told of bytes that pass, as they pass; what it throws ends the copy, before the
    ///     destination has got all bytes.
    /// - Returns: The version that was copied, and the attributes at the destination.
    /// - Throws: ``BlobError``; of kind `integrityFailure` if the bytes are not the source's.
    func copyVersion(
        _ key: BlobKey,
        sourceConditions: ReadConditions = ReadConditions(),
        condition: WriteCondition,
        didRead: @escaping @Sendable (Int64) throws -> Void = { _ in }
    ) async throws -> Copied {
        guard let common else {
            return try await stream(
                key,
                as: key,
                sourceConditions: sourceConditions,
                condition: condition,
                didRead: didRead
            )
        }
        let options = HeadOptions(conditions: sourceConditions)
        let original = try await source.head(key, options: options)
        let copy = try await common.copy(
            key,
            to: key,
            condition: condition,
            sourceConditions: ReadConditions(ifMatches: original.etag)
        )
        try didRead(copy.byteCount)
        return Copied(original: original, copy: copy)
    }

    /// Copies one blob as a store copies inside itself.
    func copy(
        _ key: BlobKey,
        as destinationKey: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        try await stream(
            key,
            as: destinationKey,
            sourceConditions: options.sourceConditions,
            condition: options.condition,
            replacing: options
        )
        .copy
    }

    private func stream(
        _ key: BlobKey,
        as destinationKey: BlobKey,
        sourceConditions: ReadConditions = ReadConditions(),
        condition: WriteCondition,
        replacing replacement: CopyOptions? = nil,
        didRead: @escaping @Sendable (Int64) throws -> Void = { _ in }
    ) async throws -> Copied {
        var tags = replacement?.tags ?? BlobTags()
        if keepsTags, replacement?.tags == nil, let source = source as? any TaggedBlobStore {
            tags = try await source.tags(of: key)
        }
        // The bytes are hashed here anyway, so the source need not do it too.
        let options = GetOptions(conditions: sourceConditions, verifiesChecksum: false)
        let blob = try await source.get(key, range: nil, options: options)
        let request = request(for: blob.attributes)
        var algorithms = [request?.algorithm, blob.attributes.checksum?.algorithm].compactMap(
            \.self
        )
        if algorithms.isEmpty, readsBack { algorithms = [checksum] }
        let reading = TransferReading(
            of: blob.attributes,
            computing: Set(algorithms),
            didRead: didRead
        )
        var putOptions = PutOptions(
            headers: blob.attributes.headers,
            metadata: blob.attributes.metadata,
            condition: condition,
            checksum: request,
            tags: tags
        )
        if case .replace(let headers, let metadata) = replacement?.attributes {
            (putOptions.headers, putOptions.metadata) = (headers, metadata)
        }
        let copy = try await destination.put(
            destinationKey,
            reading.body(of: blob.body),
            options: putOptions
        )
        if let problem = problem(copy, blob.attributes, reading.checksums) {
            throw await discarding(copy, because: problem)
        }
        if readsBack, copy.checksum == nil {
            guard let sent = reading.checksums.first else {
                throw await discarding(copy, because: "the destination did not read all bytes")
            }
            try await readBack(copy, expecting: sent)
        }
        return Copied(original: blob.attributes, copy: copy)
    }

    /// Reads a copy whose destination keeps no checksum.
    private func readBack(_ copy: BlobAttributes, expecting sent: Checksum) async throws {
        var hasher = ChecksumHasher(sent.algorithm)
        do {
            let options = GetOptions(conditions: ReadConditions(ifMatches: copy.etag))
            let blob = try await destination.get(copy.key, range: nil, options: options)
            for try await chunk in blob.body { hasher.update(chunk) }
        } catch let error as BlobError where [.notFound, .preconditionFailed].contains(error.kind) {
            // Somebody replaced or deleted it meanwhile; there is no copy of ours to prove.
            return
        }
        let found = hasher.checksum()
        guard found != sent else { return }
        let problem = "the copy read back has checksum \(found), not the \(sent) of the bytes sent"
        throw await discarding(copy, because: problem)
    }

    /// What the destination is asked to check or to compute; `nil` if it can't do either.
    private func request(for attributes: BlobAttributes) -> PutChecksum? {
        let known = destination.capabilities.checksums
        if let kept = attributes.checksum, known.contains(kept.algorithm) { return .expect(kept) }
        let preferred = [checksum, .crc64NVME, .crc32C, .sha256]
        return preferred.first { known.contains($0) }.map { .compute($0) }
    }

    /// What is wrong with a copy, by the destination's own answer.
    private func problem(
        _ copy: BlobAttributes,
        _ original: BlobAttributes,
        _ found: [Checksum]
    ) -> String? {
        guard copy.byteCount == original.byteCount else {
            return "the destination has \(copy.byteCount) bytes, not the \(original.byteCount) sent"
        }
        guard let answer = copy.checksum,
            let sent = found.first(where: { $0.algorithm == answer.algorithm }), sent != answer
        else { return nil }
        return "the destination has checksum \(answer), not the \(sent) of the bytes sent"
    }

    /// Deletes a copy that is not what was sent, even if the task has been cancelled meanwhile.
    ///
    /// What somebody else has written there since is left; a store that can't delete on a condition
    /// is asked right before.
    private func discarding(_ copy: BlobAttributes, because problem: String) async -> BlobError {
        let isGuarded = destination.capabilities.features.contains(.deleteIfMatches)
        let options = DeleteOptions(ifMatches: isGuarded ? copy.etag : nil)
        let destination = destination
        let deletion = Task {
            do {
                if !isGuarded {
                    guard try await destination.head(copy.key).etag == copy.etag else { return }
                }
                try await destination.delete(copy.key, options: options)
            } catch let error as BlobError
                where [.notFound, .preconditionFailed].contains(error.kind)
            {
                // Somebody else has deleted or replaced it.
            }
        }
        var message = problem
        var underlying: (any Error)?
        do {
            try await deletion.value
        } catch {
            message += "; it could not be deleted again"
            underlying = error
        }
        return BlobError(
            .integrityFailure,
            operation: "put",
            key: copy.key,
            message: message,
            underlying: underlying
        )
    }
}
