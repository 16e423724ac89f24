public import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHTTP

extension S3Store {
    /// Reads a blob, or a range of it.
    ///
    /// A transfer that breaks goes on where it ended, with the same version; if that is gone, the
    /// body throws an error of kind `conflict`.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    public func get(
        _ key: BlobKey,
        range: ByteRange?,
        options: GetOptions
    ) async throws -> Blob {
        try range?.validate(operation: "get", key: key)
        if configuration.readsInParallel {
            return try await getInParallel(key, range, options)
        }
        do {
            return try await getInOrder(key, range, options)
        } catch let error as BlobError where error.kind == .rangeNotSatisfiable {
            // S3 refuses a suffix of an empty blob, which RFC 9110 calls satisfiable.
            guard case .suffix = range else { throw error }
            let attributes = try await head(key, options: HeadOptions(options), "get")
            guard attributes.byteCount == 0 else { throw error }
            return Blob(attributes: attributes, range: 0..<0, body: BlobBody([]))
        }
    }

    /// Reads a blob's attributes.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    public func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        try await head(key, options: options, "head")
    }

    /// Reads a blob's attributes for the sake of another operation, which errors name.
    ///
    /// - Parameters:
    ///   - key: The blob.
    ///   - options: Conditions on the read.
    ///   - operation: The operation that wants to know.
    ///   - deadline: When that must be done; `nil` gives it the time of an operation.
    /// - Returns: The attributes.
    /// - Throws: `BlobError`; `CancellationError`.
    func head(
        _ key: BlobKey,
        options: HeadOptions = HeadOptions(),
        _ operation: String,
        deadline: Duration? = nil
    ) async throws -> BlobAttributes {
        var call = readCall("HeadObject", .head, key)
        call.deadline = deadline
        call.headers.add(options.conditions)
        addReadHeaders(to: &call.headers, asksForChecksum: true)
        return try await perform(call, operation) { response in
            try S3ObjectHead(response, key: key).attributes
        }
    }

    private func readCall(_ operation: String, _ method: HTTPMethod, _ key: BlobKey) -> S3Call {
        S3Call(operation, method, key, query: readVersion.map { [("versionId", $0)] } ?? [])
    }

    /// What reads of whole blobs say beside their conditions.
    private func addReadHeaders(to headers: inout HTTPHeaders, asksForChecksum: Bool) {
        if asksForChecksum, !vendor.checksums.isEmpty {
            headers["x-amz-checksum-mode"] = "ENABLED"
        }
        headers.add(client.serviceHeaders.access)
    }

    private func getInOrder(
        _ key: BlobKey,
        _ range: ByteRange?,
        _ options: GetOptions
    ) async throws -> Blob {
        var call = readCall("GetObject", .get, key)
        call.headers.add(options.conditions)
        if let range { call.headers.add(range) }
        addReadHeaders(to: &call.headers, asksForChecksum: range == nil)
        let (answer, first) = try await perform(call, "get") { response in
            (try S3ObjectHead(response, key: key, asked: range), response.body)
        }
        let body = resuming(first, answer.attributes, answer.range)
        return blob(answer.attributes, answer.range, body, options)
    }

    private func getInParallel(
        _ key: BlobKey,
        _ range: ByteRange?,
        _ options: GetOptions
    ) async throws -> Blob {
        let attributes = try await head(key, options: HeadOptions(options), "get")
        let range =
            try range?.resolved(inByteCount: attributes.byteCount, key: key)
            ?? 0..<attributes.byteCount
        let parts = ParallelRanges(
            range: range,
            partByteCount: configuration.partByteCount,
            concurrency: configuration.concurrency
        ) { part in
            let body = try await rest(of: attributes, part)
            var chunks: [[UInt8]] = []
            for try await chunk in resumingSequence(body, attributes, part) {
                chunks.append(chunk)
            }
            return chunks
        }
        let body = BlobBody(parts, byteCount: Int64(range.count))
        return blob(attributes, range, body, options)
    }

    private func blob(
        _ attributes: BlobAttributes,
        _ range: Range<Int64>,
        _ body: BlobBody,
        _ options: GetOptions
    ) -> Blob {
        guard options.verifiesChecksum, range == 0..<attributes.byteCount,
            let checksum = attributes.checksum
        else { return Blob(attributes: attributes, range: range, body: body) }
        let verified = body.verified(by: checksum, operation: "get", key: attributes.key)
        return Blob(attributes: attributes, range: range, body: verified)
    }

    private func resuming(
        _ first: BlobBody,
        _ attributes: BlobAttributes,
        _ range: Range<Int64>
    ) -> BlobBody {
        BlobBody(resumingSequence(first, attributes, range), byteCount: Int64(range.count))
    }

    private func resumingSequence(
        _ first: BlobBody,
        _ attributes: BlobAttributes,
        _ range: Range<Int64>
    ) -> ResumingBody {
        let key = attributes.key
        return ResumingBody(
            first: first,
            range: range,
            resume: { offset, breaks in
                // The first break may be an idle connection's end; more look like trouble.
                if breaks > 1 { try await client.backOff(breaks) }
                return try await rest(of: attributes, offset..<range.upperBound)
            },
            failure: { S3FailureContext("get", key: key).error(AWSFailure(.transport($0))) }
        )
    }

    /// The bytes of a range of the version that is being read.
    private func rest(
        of attributes: BlobAttributes,
        _ range: Range<Int64>
    ) async throws -> BlobBody {
        var call = readCall("GetObject", .get, attributes.key)
        call.headers.add(ReadConditions(ifMatches: attributes.etag))
        call.headers.add(.bounded(range))
        addReadHeaders(to: &call.headers, asksForChecksum: false)
        do {
            return try await perform(call, "get") { response in
                let answer = try S3ObjectHead(response, key: attributes.key, asked: .bounded(range))
                guard answer.range == range, answer.attributes.etag == attributes.etag else {
                    throw AWSFailure(.badAnswer("the rest of the blob is of another version"))
                }
                return response.body
            }
        } catch let error as BlobError
            where [.preconditionFailed, .notFound, .rangeNotSatisfiable].contains(error.kind)
        {
            throw BlobError(
                .conflict,
                operation: "get",
                key: attributes.key,
                message: "the blob was replaced or deleted while it was read, and the transfer "
                    + "broke; read it again",
                underlying: error,
                remote: error.remote
            )
        }
    }
}

extension HeadOptions {
    fileprivate init(_ options: GetOptions) {
        self.init(conditions: options.conditions)
    }
}
