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
        let algorithm = multipartChecksum(store)
        let options = MultipartOptions(
            headers: write.content,
            metadata: write.metadata,
            checksum: algorithm,
            tags: try tags(for: store)
        )
        let upload = try await store.createMultipartUpload(key, options: options)
        var answer = HTTPServerResponse.document("InitiateMultipartUploadResult") { xml in
            xml.element("Bucket", bucket)
            xml.element("Key", key.text)
            xml.element("UploadId", upload.id)
        }
        if let algorithm {
            answer.headers["x-amz-checksum-algorithm"] = ChecksumName.value(algorithm)
            answer.headers["x-amz-checksum-type"] = "FULL_OBJECT"
        }
        return answer
    }

    /// The checksum of the whole that the store is to keep.
    ///
    /// Stores keep checksums of all bytes. One over the checksums of parts, as S3 makes it of SHA-256,
    /// they have not: the parts are verified as they come all the same.
    private func multipartChecksum(_ store: any BlobStore) -> ChecksumAlgorithm? {
        guard let name = headers["x-amz-checksum-algorithm"],
            let algorithm = ChecksumName.algorithm(name),
            store.capabilities.multipartChecksums.contains(algorithm)
        else { return nil }
        let type = headers["x-amz-checksum-type"]?.lowercasedASCII
        return type == "full_object" || (type == nil && algorithm == .crc64NVME) ? algorithm : nil
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
        try await requireBucket()
        return .document("CompleteMultipartUploadResult") { xml in
            xml.element("Location", request.path)
            xml.element("Bucket", bucket)
            xml.element("Key", upload.key.text)
            xml.element("ETag", attributes.etag.text)
            xml.write(attributes.checksum)
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
