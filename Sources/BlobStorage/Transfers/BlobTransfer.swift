/// Copies single blobs from one store into another, and proves each copy by its checksum.
struct BlobTransfer: Sendable {
    let source: any BlobStore
    let destination: any BlobStore
    /// The checksum to compare where the source keeps none that the destination knows.
    let checksum: ChecksumAlgorithm
    private let common: CommonStore?

    init(
        from source: any BlobStore,
        into destination: any BlobStore,
        checksum: ChecksumAlgorithm
    ) {
        self.source = source
        self.destination = destination
        self.checksum = checksum
        common = CommonStore(source, destination)
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
        // The bytes are hashed here anyway, so the source need not do it too.
        let options = GetOptions(verifiesChecksum: false)
        let blob = try await source.get(key, range: nil, options: options)
        let request = request(for: blob.attributes)
        let algorithms = [request?.algorithm, blob.attributes.checksum?.algorithm].compactMap(
            \.self
        )
        let reading = TransferReading(
            of: blob.attributes,
            computing: Set(algorithms),
            didRead: didRead
        )
        let copy = try await destination.put(
            destinationKey,
            reading.body(of: blob.body),
            options: PutOptions(
                headers: blob.attributes.headers,
                metadata: blob.attributes.metadata,
                condition: condition,
                checksum: request
            )
        )
        if let problem = problem(copy, blob.attributes, reading.checksums) {
            throw await discarding(copy, because: problem)
        }
        return copy
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
    private func discarding(_ copy: BlobAttributes, because problem: String) async -> BlobError {
        let isGuarded = destination.capabilities.features.contains(.deleteIfMatches)
        let options = DeleteOptions(ifMatches: isGuarded ? copy.etag : nil)
        let destination = destination
        let deletion = Task { try await destination.delete(copy.key, options: options) }
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
