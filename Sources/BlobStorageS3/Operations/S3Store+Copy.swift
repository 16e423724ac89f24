public import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHTTP

extension S3Store {
    /// Copies a blob inside the bucket; one that is larger than one request copies goes by parts.
    ///
    /// At the end it asks for the attributes of the copy, for which it must be allowed to read.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
    public func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        try options.validate(operation: "copy", key: destination)
        if options.condition != .none, !capabilities.features.contains(.conditionalCopy) {
            throw unsupported(.conditionalCopy, "copy", destination)
        }
        let deadline = client.operationDeadline
        var options = options
        var found: BlobAttributes?
        if !vendor.checksCopySources, options.sourceConditions != ReadConditions() {
            found = try await attributes(ofSource: source, options, deadline)
        }
        if source == destination, options.attributes == .keep {
            // S3 refuses a copy onto itself that changes nothing.
            let attributes = try await self.attributes(ofSource: source, options, deadline)
            options.attributes = .replace(attributes.headers, attributes.metadata)
            options.sourceConditions.ifMatches = attributes.etag
            found = attributes
        }
        if let found, found.byteCount > vendor.maximumPutByteCount {
            return try await copyParts(found, to: destination, options)
        }
        do {
            return try await copyWhole(source, to: destination, options, deadline)
        } catch let error as BlobError where error.isAboutCopySize {
            let attributes = try await self.attributes(ofSource: source, options, deadline)
            return try await copyParts(attributes, to: destination, options)
        }
    }

    private func attributes(
        ofSource source: BlobKey,
        _ options: CopyOptions,
        _ deadline: Duration?
    ) async throws -> BlobAttributes {
        do {
            return try await head(
                source,
                options: HeadOptions(conditions: options.sourceConditions),
                "copy",
                deadline: deadline
            )
        } catch let error as BlobError where error.kind == .notModified {
            throw error.ofCopy(.preconditionFailed)
        }
    }
}

extension S3Store {
    /// Bytes of a part that the store copies by itself; no memory of ours is bound.
    static let copyPartByteCount: Int64 = 256 << 20

    private func copyWhole(
        _ source: BlobKey,
        to destination: BlobKey,
        _ options: CopyOptions,
        _ deadline: Duration?
    ) async throws -> BlobAttributes {
        var call = S3Call("CopyObject", .put, destination)
        call.deadline = deadline
        if case .replace(let headers, let metadata) = options.attributes {
            try addWriteHeaders(headers, metadata, "copy", to: &call)
            call.headers.append("x-amz-metadata-directive", "REPLACE")
        } else {
            call.headers.add(client.serviceHeaders.write)
        }
        try addTags(ofCopy: options.tags, destination, to: &call.headers)
        let tagsToSet = try await tagsToSet(afterCopyOf: source, options)
        addSource(source, options.sourceConditions, to: &call.headers)
        try call.headers.add(options.condition, ofCopyTo: destination, vendor: vendor)
        let etag: ETag
        do {
            etag = try await client.send(call) { response in
                try S3CopyAnswer(
                    try await response.document(),
                    isPart: false,
                    head: S3AnswerHead(response)
                )
                .etag
            }
        } catch let failure as AWSFailure {
            if case .ifMatches = options.condition, failure.answer?.status == 404,
                !failure.mayHaveHappened
            {
                // The answer does not tell which of the two is missing.
                _ = try await self.attributes(ofSource: source, options, deadline)
            }
            let context = S3FailureContext(
                "copy",
                key: source,
                condition: options.condition,
                // A condition may fail since an attempt before has done what was asked.
                isChange: options.condition != .none
                    || options.sourceConditions != ReadConditions()
            )
            throw context.error(failure)
        }
        if let tagsToSet { try await setTags(tagsToSet, of: destination, "copy") }
        // The answer has neither size nor headers.
        let attributes = try await attributes(ofMade: destination, "copy", deadline: deadline)
        guard etag.isSameUnquoted(as: attributes.etag) else {
            // Somebody has replaced the copy meanwhile; what this call made is known but for its time.
            var made = attributes
            made.etag = etag
            return made
        }
        return attributes
    }

    private func addTags(
        ofCopy tags: BlobTags?,
        _ key: BlobKey,
        to headers: inout HTTPHeaders
    ) throws {
        guard let tags else { return }
        if !tags.isEmpty, !vendor.canTag { throw unsupported(.tags, "copy", key) }
        guard vendor.canTag, vendor.copiesTags else { return }
        headers.append("x-amz-tagging", tags.headerText)
        headers.append("x-amz-tagging-directive", "REPLACE")
    }

    /// The tags that the vendor's own copy would get wrong; `nil` if it would not.
    private func tagsToSet(
        afterCopyOf source: BlobKey,
        _ options: CopyOptions
    ) async throws -> BlobTags? {
        guard vendor.canTag, !vendor.copiesTags else { return nil }
        if let tags = options.tags { return tags }
        return options.attributes == .keep ? nil : try await tags(of: source, "copy")
    }

    /// Copies a large blob, part by part, inside the store.
    func copyParts(
        _ source: BlobAttributes,
        to destination: BlobKey,
        _ options: CopyOptions,
        byteCount: Int64 = copyPartByteCount
    ) async throws -> BlobAttributes {
        let (headers, metadata) =
            switch options.attributes {
            case .keep: (source.headers, source.metadata)
            case .replace(let headers, let metadata): (headers, metadata)
            }
        // Parts have no tags to copy.
        var tags = options.tags
        if tags == nil, vendor.canTag { tags = try await self.tags(of: source.key, "copy") }
        let upload = try await tagging(BlobTags()).beginUpload(
            destination,
            MultipartOptions(
                headers: headers,
                metadata: metadata,
                tags: tags ?? BlobTags()
            ),
            "copy"
        )
        return try await aborting(upload) {
            let plan = try PartPlanner(vendor, preferredPartByteCount: byteCount)
                .plan(byteCount: source.byteCount, operation: "copy", key: source.key)
            let parts = try await withThrowingTaskGroup(of: SentPart.self) { group in
                var sent: [SentPart] = []
                for number in 1...plan.partCount {
                    if number > configuration.concurrency, let part = try await group.next() {
                        sent.append(part)
                    }
                    let range = plan.range(ofPart: number)
                    group.addTask { try await copyPart(number, range, of: source, upload) }
                }
                for try await part in group { sent.append(part) }
                return sent.sorted { $0.part.number < $1.part.number }
            }
            let written = Written(
                destination,
                PutOptions(headers: headers, metadata: metadata),
                byteCount: source.byteCount,
                nil,
                bytes: nil
            )
            try await complete(
                upload,
                parts,
                options.condition,
                checksum: nil,
                making: written,
                "copy"
            )
            return try await attributes(ofMade: destination, "copy")
        }
    }

    private func copyPart(
        _ number: Int,
        _ range: Range<Int64>,
        of source: BlobAttributes,
        _ upload: MultipartUpload
    ) async throws -> SentPart {
        let query: [(name: String, value: String?)] = [
            ("partNumber", String(number)), ("uploadId", upload.id),
        ]
        var call = S3Call("UploadPartCopy", .put, upload.key, query: query)
        addSource(source.key, ReadConditions(ifMatches: source.etag), to: &call.headers)
        call.headers.add(client.serviceHeaders.access)
        call.headers.append("x-amz-copy-source-range", S3Header.range(.bounded(range)))
        return try await perform(call, "copy") { response in
            let etag = try S3CopyAnswer(
                try await response.document(),
                isPart: true,
                head: S3AnswerHead(response)
            )
            .etag
            let part = UploadedPart(number: number, etag: etag, byteCount: Int64(range.count))
            return SentPart(part: part, checksum: nil)
        }
    }

    private func addSource(
        _ source: BlobKey,
        _ conditions: ReadConditions,
        to headers: inout HTTPHeaders
    ) {
        // To a condition that says "not modified" some stores answer 304 with a body, which no client
        // expects: the connection is of no more use.
        if conditions.ifNoneMatches != nil || conditions.modifiedSince != nil {
            headers.append("connection", "close")
        }
        headers.addCopySource(source, bucket: configuration.bucket, conditions: conditions)
        headers.add(client.serviceHeaders.copySource)
    }
}

extension BlobError {
    /// Whether a copy was refused since the blob is too large for one request.
    fileprivate var isAboutCopySize: Bool {
        kind == .tooLarge
            || (remote?.code == "InvalidRequest" && message.contains("larger than"))
    }
}

extension BlobError {
    /// The error of looking at a copy's source, as one of the copy.
    fileprivate func ofCopy(_ kind: Kind) -> BlobError {
        BlobError(
            kind,
            operation: "copy",
            key: key,
            message: message,
            underlying: underlying,
            remote: remote
        )
    }
}
