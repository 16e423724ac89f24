public import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHTTP

extension S3Store: MultipartBlobStore, ChecksummedCompletion {
    /// What the vendor's profile says.
    public var multipartLimits: MultipartLimits { vendor.multipartLimits }

    /// Begins a multipart upload.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
    public func createMultipartUpload(
        _ key: BlobKey,
        options: MultipartOptions
    ) async throws -> MultipartUpload {
        try options.validate(operation: "createMultipartUpload", key: key)
        if let asked = options.compositeChecksum {
            // The store has no `headParts` that would tell it.
            throw BlobError(
                .unsupported,
                operation: "createMultipartUpload",
                key: key,
                message: "a \(asked.rawValue) checksum over those of parts can't be asked for"
            )
        }
        if let asked = options.checksum, !vendor.multipartChecksums.contains(asked) {
            let message =
                "\(vendor.name) keeps no \(asked.rawValue) checksum of a blob made of parts"
            throw BlobError(
                .unsupported,
                operation: "createMultipartUpload",
                key: key,
                message: message
            )
        }
        return try await beginUpload(key, options, "createMultipartUpload")
    }

    /// Begins a multipart upload for the sake of another operation, which errors name.
    func beginUpload(
        _ key: BlobKey,
        _ options: MultipartOptions,
        _ operation: String
    ) async throws -> MultipartUpload {
        var call = S3Call("CreateMultipartUpload", .post, key, query: [("uploads", nil)])
        try addWriteHeaders(options.headers, options.metadata, operation, to: &call)
        try addTags(options.tags, operation, to: &call)
        if let algorithm = multipartAlgorithm(asked: options.checksum) {
            call.headers.addMultipartChecksum(algorithm)
        }
        return try await perform(call, operation) { response in
            let answer = try S3CreateUploadAnswer(
                try await response.document(),
                head: S3AnswerHead(response)
            )
            return MultipartUpload(key: key, id: answer.uploadID)
        }
    }

    /// Uploads a part, which it holds in memory meanwhile; one of the same number replaces it.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
    public func uploadPart(
        _ number: Int,
        of upload: MultipartUpload,
        _ body: BlobBody,
        checksum: Checksum?
    ) async throws -> UploadedPart {
        let operation = "uploadPart"
        try multipartLimits.validate(partNumber: number, operation: operation, key: upload.key)
        try requireID(of: upload, operation)
        let bytes = try await body.whole(
            operation: operation,
            key: upload.key,
            limit: multipartLimits.maximumPartByteCount
        )
        if let checksum {
            let found = Checksum.of(bytes, checksum.algorithm)
            try PutChecksum.expect(checksum).check(found, operation: operation, key: upload.key)
        }
        return try await sendPart(number, bytes, of: upload, checksum?.algorithm, operation).part
    }

    /// Sends a part that is in memory.
    func sendPart(
        _ number: Int,
        _ bytes: [UInt8],
        of upload: MultipartUpload,
        _ asked: ChecksumAlgorithm?,
        _ operation: String
    ) async throws -> SentPart {
        let query: [(name: String, value: String?)] = [
            ("partNumber", String(number)), ("uploadId", upload.id),
        ]
        var call = S3Call("UploadPart", .put, upload.key, query: query, body: .bytes(bytes))
        call.headers.add(client.serviceHeaders.access)
        var checksum: Checksum?
        if let algorithm = multipartAlgorithm(asked: asked) {
            let found = Checksum.of(bytes, algorithm)
            call.headers.addSent(found)
            checksum = found
        }
        return try await perform(call, operation, isUpload: true) { [checksum] response in
            let part = UploadedPart(
                number: number,
                etag: try response.etag(),
                byteCount: Int64(bytes.count)
            )
            return SentPart(part: part, checksum: checksum)
        }
    }

    /// Lists the parts of an upload.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
    public func listParts(
        of upload: MultipartUpload,
        startAfter: Int,
        limit: Int
    ) async throws -> PartPage {
        try await listParts(of: upload, startAfter: startAfter, limit: limit, deadline: nil)
    }

    /// Lists the parts of an upload until a deadline; `nil` gives it the time of an operation.
    func listParts(
        of upload: MultipartUpload,
        startAfter: Int,
        limit: Int,
        deadline: Duration?
    ) async throws -> PartPage {
        try ListOptions(limit: limit).validate(operation: "listParts")
        try requireID(of: upload, "listParts")
        let query: [(name: String, value: String?)] = [
            ("max-parts", String(limit)), ("part-number-marker", String(startAfter)),
            ("uploadId", upload.id),
        ]
        var call = S3Call("ListParts", .get, upload.key, query: query)
        call.deadline = deadline
        return try await perform(call, "listParts", isUpload: true) { response in
            let answer = try S3PartsAnswer(
                try await response.document(),
                head: S3AnswerHead(response)
            )
            return PartPage(parts: answer.parts, nextStartAfter: answer.nextMarker)
        }
    }

    /// Makes a blob of parts.
    ///
    /// At the end it asks for the blob's attributes, for which it must be allowed to read.
    ///
    /// - Throws: `BlobError`, of kind `outcomeUnknown` if the answer was lost and the blob is not
    ///   there as these parts make it, or the store does not say that the upload is gone.
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
    public func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition
    ) async throws -> BlobAttributes {
        try await complete(upload, parts: parts, condition, expecting: nil)
    }

    package func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition,
        expecting checksum: Checksum
    ) async throws -> BlobAttributes {
        try await complete(upload, parts: parts, condition, expecting: checksum)
    }

    private func complete(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        _ condition: WriteCondition,
        expecting checksum: Checksum?
    ) async throws -> BlobAttributes {
        let operation = "completeMultipartUpload"
        try requireID(of: upload, operation)
        do {
            try multipartLimits.validate(completing: parts, key: upload.key)
        } catch {
            // That the upload is gone goes before what is wrong with its parts.
            try await requireUpload(upload, operation)
            throw error
        }
        try require(condition, operation, upload.key)
        let sent = parts.map { SentPart(part: $0, checksum: nil) }
        try await complete(upload, sent, condition, checksum: checksum, operation)
        return try await attributes(ofMade: upload.key, operation)
    }

    /// Makes a blob of parts, and returns its etag.
    ///
    /// Should the answer be lost, what is there is compared with `written` too, where that is known.
    @discardableResult
    func complete(
        _ upload: MultipartUpload,
        _ parts: [SentPart],
        _ condition: WriteCondition,
        checksum: Checksum?,
        making written: Written? = nil,
        _ operation: String
    ) async throws -> ETag {
        let document = S3Documents.completeMultipartUpload(parts.map(\.part))
        var call = S3Call(
            "CompleteMultipartUpload",
            .post,
            upload.key,
            query: [("uploadId", upload.id)],
            body: .bytes(document)
        )
        call.deadline = client.operationDeadline
        call.headers["Content-Type"] = "application/xml"
        call.headers.add(condition)
        call.headers.add(client.serviceHeaders.access)
        if let checksum {
            call.headers.add(checksum)
            call.headers.append("x-amz-checksum-type", "FULL_OBJECT")
        }
        do {
            return try await client.send(call) { response in
                try S3CompleteAnswer(try await response.document(), head: S3AnswerHead(response))
                    .etag
            }
        } catch let failure as AWSFailure {
            if failure.mayHaveHappened {
                if let etag = await completed(
                    upload,
                    parts,
                    written,
                    after: failure,
                    deadline: call.deadline
                ) {
                    return etag
                }
                // Ceph answers so, as an error of its own, to an upload that it does not know. One of
                // our own was there: if it is gone, an attempt before may have completed it.
                let message = failure.answer?.message ?? ""
                if written == nil, message.contains("completion is already in progress") {
                    try await requireUpload(upload, operation)
                }
            }
            let context = S3FailureContext(
                operation,
                key: upload.key,
                condition: condition,
                isChange: true,
                isUpload: true
            )
            throw context.error(failure)
        }
    }

    /// Throws unless an upload has an id: without one, S3 would take a part for a whole blob.
    private func requireID(of upload: MultipartUpload, _ operation: String) throws {
        guard upload.id.isEmpty else { return }
        let message = "there is no such multipart upload: its id is empty"
        throw BlobError(.notFound, operation: operation, key: upload.key, message: message)
    }

    /// Throws if an upload is gone.
    private func requireUpload(_ upload: MultipartUpload, _ operation: String) async throws {
        do {
            _ = try await listParts(of: upload, startAfter: 0, limit: 1)
        } catch let error as BlobError {
            // Where looking fails, what was wrong before is what to tell.
            guard error.kind == .notFound else { return }
            throw BlobError(
                .notFound,
                operation: operation,
                key: upload.key,
                message: error.message,
                underlying: error,
                remote: error.remote
            )
        }
    }

    /// Gives up an upload; its parts are deleted.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
    public func abortMultipartUpload(_ upload: MultipartUpload) async throws {
        if upload.id.isEmpty { return }
        let query: [(name: String, value: String?)] = [("uploadId", upload.id)]
        let call = S3Call("AbortMultipartUpload", .delete, upload.key, query: query)
        do {
            _ = try await perform(call, "abortMultipartUpload", isUpload: true) { $0.status }
        } catch let error as BlobError where error.kind == .notFound {
            return
        }
    }

    /// Lists the uploads that were begun and neither completed nor aborted.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
    public func listMultipartUploads(
        prefix: String,
        continuationToken: String?,
        limit: Int
    ) async throws -> MultipartUploadPage {
        let operation = "listMultipartUploads"
        try ListOptions(prefix: prefix, limit: limit).validate(operation: operation)
        var call = S3Call("ListMultipartUploads", .get, query: [("uploads", nil)])
        if vendor.encodesUploadListings { call.query.append(("encoding-type", "url")) }
        call.query.append(("max-uploads", String(limit)))
        if !prefix.isEmpty { call.query.append(("prefix", prefix)) }
        if let continuationToken {
            let marker = try PageMarker(token: continuationToken, operation: operation)
            call.query.append(("key-marker", marker.key))
            if !marker.id.isEmpty { call.query.append(("upload-id-marker", marker.id)) }
        }
        return try await perform(call, operation) { response in
            let answer = try S3UploadsAnswer(
                try await response.document(),
                head: S3AnswerHead(response)
            )
            let marker = answer.nextMarker.map { PageMarker(key: $0.key, id: $0.uploadID ?? "") }
            return MultipartUploadPage(uploads: answer.uploads, continuationToken: marker?.token)
        }
    }
}
