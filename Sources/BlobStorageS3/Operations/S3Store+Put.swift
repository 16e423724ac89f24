public import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHTTP

extension S3Store {
    /// Writes a blob: in one request if it is small, else in parts, several at once.
    ///
    /// A body of unknown length needs no more memory than the parts in flight, and one that is being
    /// read. A failed upload aborts its parts.
    ///
    /// - Throws: `BlobError`, of kind `outcomeUnknown` if the answer was lost and the blob is not
    ///   there as written.
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
    public func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        try options.validate(operation: "put", key: key)
        try require(options.condition, "put", key)
        try requireKept(options.checksum, key)
        guard let byteCount = body.byteCount else { return try await putParts(key, body, options) }
        try partPlanner.check(byteCount, operation: "put", key: key)
        if byteCount <= singlePutByteCount {
            let bytes = try await body.whole(operation: "put", key: key)
            return try await putBytes(key, bytes, options)
        }
        if needsOneRequest(options), byteCount <= vendor.maximumPutByteCount {
            return try await putStream(key, body, byteCount, options)
        }
        return try await putParts(key, body, options)
    }

    /// The most bytes that are put in one request: a part that isn't worth the requests around it.
    var singlePutByteCount: Int64 {
        min(2 * configuration.partByteCount, vendor.maximumPutByteCount)
    }

    /// Whether the checksum asked for can only be kept for an object that was put whole.
    private func needsOneRequest(_ options: PutOptions) -> Bool {
        guard vendor.acceptsTrailers, let algorithm = options.checksum?.algorithm else {
            return false
        }
        return !vendor.multipartChecksums.contains(algorithm)
    }

    /// Throws if the store shall keep a checksum that it can't keep.
    ///
    /// One that is only expected is compared here, before anything is written.
    private func requireKept(_ checksum: PutChecksum?, _ key: BlobKey) throws {
        guard case .compute(let algorithm) = checksum, !vendor.checksums.contains(algorithm) else {
            return
        }
        let message = "\(vendor.name) keeps no \(algorithm.rawValue) checksum"
        throw BlobError(.unsupported, operation: "put", key: key, message: message)
    }

    /// Puts bytes that are in memory in one request.
    func putBytes(
        _ key: BlobKey,
        _ bytes: [UInt8],
        _ options: PutOptions
    ) async throws -> BlobAttributes {
        let asked = options.checksum
        let algorithm = configuration.checksumAlgorithm(asked: asked?.algorithm, vendor: vendor)
        let checksum = algorithm.map { Checksum.of(bytes, $0) }
        if let asked, let checksum { try asked.check(checksum, operation: "put", key: key) }
        var call = try putCall(key, options)
        if let checksum, vendor.checksums.contains(checksum.algorithm) {
            call.headers.addSent(checksum)
        }
        call.body = .bytes(bytes)
        let written = Written(key, options, byteCount: Int64(bytes.count), checksum, bytes: bytes)
        return try await settled(written, "put", deadline: call.deadline) {
            try await sendPut(call, written)
        }
    }

    /// Puts bytes with a checksum that may be wrong, to see what the store says of it.
    func putClaiming(_ key: BlobKey, _ bytes: [UInt8], _ checksum: Checksum) async throws {
        var call = try putCall(key, PutOptions())
        call.headers.addSent(checksum)
        call.body = .bytes(bytes)
        _ = try await perform(call, "put") { $0.status }
    }

    /// Puts a body in one request, with a checksum after its end.
    func putStream(
        _ key: BlobKey,
        _ body: BlobBody,
        _ byteCount: Int64,
        _ options: PutOptions
    ) async throws -> BlobAttributes {
        guard let asked = options.checksum else { return try await putParts(key, body, options) }
        var call = try putCall(key, options)
        let algorithm = asked.algorithm
        call.headers.append("x-amz-sdk-checksum-algorithm", S3Checksums.name(algorithm))
        var whole = BlobBody(
            CountedChunks(body: body, key: key),
            byteCount: byteCount,
            isReplayable: body.isReplayable
        )
        if case .expect(let checksum) = asked {
            whole = whole.verified(by: checksum, operation: "put", key: key)
        }
        call.body = .streamed(whole, trailer: algorithm)
        let written = Written(key, options, byteCount: byteCount, nil, bytes: nil)
        return try await settled(written, "put", deadline: call.deadline) {
            try await sendPut(call, written)
        }
    }

    private func putCall(_ key: BlobKey, _ options: PutOptions) throws -> S3Call {
        var call = S3Call("PutObject", .put, key)
        call.deadline = client.operationDeadline
        try addWriteHeaders(options.headers, options.metadata, "put", to: &call)
        try addTags(options.tags, "put", to: &call)
        call.headers.add(options.condition)
        return call
    }

    private func sendPut(_ call: S3Call, _ written: Written) async throws -> BlobAttributes {
        try await client.send(call) { response in
            try written.attributes(response, now: client.time.now())
        }
    }
}
