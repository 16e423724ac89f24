internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler
internal import BlobStorageXML

/// CreateMultipartUpload, CompleteMultipartUpload, AbortMultipartUpload.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
extension GatewayCall {
    func createMultipartUpload() async throws -> HTTPServerResponse {
        try require(.write)
        let key = try key()
        let write = try writeHeaders()
        let store = try await multipartStore(.createMultipartUpload)
        let checksum = try multipartChecksum(store)
        var options = MultipartOptions(
            headers: write.content,
            metadata: write.metadata,
            tags: try tags(for: store)
        )
        switch checksum {
        case .whole(let algorithm): options.checksum = algorithm
        case .composite(let algorithm): options.compositeChecksum = algorithm
        case nil: break
        }
        let upload = try await store.createMultipartUpload(key, options: options)
        var answer = HTTPServerResponse.document("InitiateMultipartUploadResult") { xml in
            xml.element("Bucket", bucket)
            xml.element("Key", key.text)
            xml.element("UploadId", upload.id)
        }
        switch checksum {
        case .whole(let algorithm):
            answer.headers["x-amz-checksum-algorithm"] = ChecksumName.value(algorithm)
            answer.headers["x-amz-checksum-type"] = "FULL_OBJECT"
        case .composite(let algorithm):
            answer.headers["x-amz-checksum-algorithm"] = ChecksumName.value(algorithm)
            answer.headers["x-amz-checksum-type"] = "COMPOSITE"
        case nil: break
        }
        return answer
    }

    /// The checksum that a blob of parts will have.
    private enum MultipartChecksum {
        /// Of all bytes.
        case whole(ChecksumAlgorithm)
        /// Over the checksums of the parts.
        case composite(ChecksumAlgorithm)
    }

    /// The checksum that the store is to keep; `nil` if none is asked for, or the store can't keep it:
    /// the parts are verified as they come all the same.
    ///
    /// - Throws: `GatewayError` for a composite one of the algorithm that S3 has none of.
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
    private func multipartChecksum(
        _ store: any BlobStore
    ) throws(GatewayError) -> MultipartChecksum? {
        guard let name = headers["x-amz-checksum-algorithm"],
            let algorithm = ChecksumName.algorithm(name)
        else { return nil }
        let isWholeOnly = algorithm == .crc64NVME
        let type = headers["x-amz-checksum-type"]?.lowercasedASCII
        switch type ?? (isWholeOnly ? "full_object" : "composite") {
        case "full_object":
            let isKept = store.capabilities.multipartChecksums.contains(algorithm)
            return isKept ? .whole(algorithm) : nil
        case "composite":
            guard !isWholeOnly else {
                throw .invalidRequest(
                    "The COMPOSITE checksum type cannot be used with the crc64nvme checksum "
                        + "algorithm."
                )
            }
            return store is any PartedBlobStore ? .composite(algorithm) : nil
        default: return nil
        }
    }

    /// The upload that the request names.
    func upload() throws(GatewayError) -> MultipartUpload {
        guard let id = parameters["uploadId"], !id.isEmpty else { throw .noSuchUpload }
        return MultipartUpload(key: try key(), id: id)
    }

    /// 10,000 parts with etag and checksum have about 2 MiB.
    private static let maximumCompleteDocumentByteCount = 4 << 20

    func completeMultipartUpload() async throws -> HTTPServerResponse {
        try require(.write)
        let upload = try upload()
        let store = try await multipartStore(.completeMultipartUpload)
        let condition = try WriteCondition(headers)
        let checksum = try wholeChecksum()
        let bytes = try await document(upTo: Self.maximumCompleteDocumentByteCount)
        let document = try CompleteDocument(bytes)
        let name = completionName(bytes)
        return try await patience(isUpload: true).answer(endsWithClient: false) {
            try await completions.run(name) {
                try await complete(upload, document, store, condition, checksum)
            }
        }
    }

    private func complete(
        _ upload: MultipartUpload,
        _ document: CompleteDocument,
        _ store: any MultipartBlobStore,
        _ condition: WriteCondition,
        _ checksum: Checksum?
    ) async throws -> HTTPServerResponse {
        let found = try await allParts(of: upload, store)
        let parts = try document.matched(with: found, limits: store.multipartLimits)
        try checkByteCount(of: parts)
        let attributes = try await explaining(condition, store, upload.key) {
            guard let checksum else {
                return try await store.completeMultipartUpload(
                    upload,
                    parts: parts,
                    condition: condition
                )
            }
            guard let store = store as? any ChecksummedCompletion else {
                throw GatewayError.notImplemented(ChecksumName.header(checksum.algorithm))
            }
            return try await store.completeMultipartUpload(
                upload,
                parts: parts,
                condition: condition,
                expecting: checksum
            )
        }
        let blobParts = await self.parts(of: attributes, store)
        try await requireBucket()
        return .document("CompleteMultipartUploadResult") { xml in
            xml.element("Location", request.path)
            xml.element("Bucket", bucket)
            xml.element("Key", upload.key.text)
            xml.element("ETag", attributes.etag.text)
            xml.write(attributes.checksum)
            if let checksum = blobParts?.checksum, let blobParts {
                xml.write(blobParts.composite(checksum), checksum.algorithm, isComposite: true)
            }
        }
    }

    /// The checksum that all bytes must have.
    ///
    /// Those of parts, in the document, are not looked at: each part's bytes were verified as they
    /// came, and its etag says that they are the same.
    private func wholeChecksum() throws(GatewayError) -> Checksum? {
        let fields = headers.fields.filter { field in
            field.name.lowercasedASCII.utf8.starts(with: "x-amz-checksum-".utf8)
        }
        let declared = try DeclaredChecksums(HTTPHeaders(fields), hasTrailer: false)
        guard case .known(let checksum)? = declared.kept else { return nil }
        return checksum
    }

    private func checkByteCount(of parts: [UploadedPart]) throws(GatewayError) {
        guard let text = headers["x-amz-mp-object-size"] else { return }
        let byteCount = parts.reduce(Int64(0)) { $0 + $1.byteCount }
        guard text.decimal == byteCount else {
            throw .invalidRequest(
                "The provided 'x-amz-mp-object-size' header value \(text.prefix(32)) does not match "
                    + "what was computed: \(byteCount)"
            )
        }
    }

    /// Every part of an upload, by number.
    private func allParts(
        of upload: MultipartUpload,
        _ store: any MultipartBlobStore
    ) async throws -> [Int: UploadedPart] {
        var found: [Int: UploadedPart] = [:]
        var start = 0
        while true {
            let page = try await store.listParts(
                of: upload,
                startAfter: start,
                limit: ListOptions.maximumLimit
            )
            for part in page.parts { found[part.number] = part }
            guard let next = page.nextStartAfter, next > start else { return found }
            start = next
        }
    }

    func abortMultipartUpload() async throws -> HTTPServerResponse {
        try require(.write)
        let upload = try upload()
        let store = try await multipartStore(.abortMultipartUpload)
        // A store takes it for done if there is no such upload; S3 tells.
        _ = try await store.listParts(of: upload, startAfter: 0, limit: 1)
        try await store.abortMultipartUpload(upload)
        return .empty(204)
    }
}
