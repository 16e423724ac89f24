internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler
internal import BlobStorageXML

/// UploadPart, UploadPartCopy, ListParts.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
extension GatewayCall {
    func uploadPart() async throws -> HTTPServerResponse {
        try require(.write)
        let upload = try upload()
        let number = try partNumber()
        try requireUploadByteCount()
        let store = try await multipartStore(.uploadPart)
        let (body, checksum) = caller.upload(keeping: store.capabilities.checksums)
        var expected: Checksum?
        if case .expect(let found)? = checksum { expected = found }
        let part = try await store.uploadPart(number, of: upload, body, checksum: expected)
        var headers: HTTPHeaders = ["ETag": part.etag.text]
        if let expected {
            headers.append(ChecksumName.header(expected.algorithm), expected.base64)
        }
        return .empty(200, headers)
    }

    private func partNumber() throws(GatewayError) -> Int {
        guard let number = parameters["partNumber"]?.decimal, (1...10_000).contains(number) else {
            throw .invalidArgument(
                "Part number must be an integer between 1 and 10000, inclusive"
            )
        }
        return Int(number)
    }

    func uploadPartCopy() async throws -> HTTPServerResponse {
        try require(.write)
        let upload = try upload()
        let number = try partNumber()
        let source = try copySource()
        let asked = try headers["x-amz-copy-source-range"].map {
            text throws(GatewayError) in try RangeHeader.parseCopySource(text)
        }
        let from = try await store(of: source.bucket)
        let to = try await multipartStore(.uploadPartCopy)
        let conditions = try await sourceConditions(from, source.key)
        let blob = try await copyingSource {
            try await from.get(
                source.key,
                range: asked.map { .bounded($0) },
                options: GetOptions(conditions: conditions)
            )
        }
        if let asked, blob.range != asked {
            throw GatewayError.invalidArgument(
                "Range specified is not valid for source object of size: "
                    + "\(blob.attributes.byteCount)"
            )
        }
        return try await patience().answer(endsWithClient: true) {
            let part = try await copied(number, of: upload, blob.body, to)
            return .document("CopyPartResult") { xml in
                xml.element(
                    "LastModified",
                    AWSDate.extended(blob.attributes.lastModified, withMilliseconds: true)
                )
                xml.element("ETag", part.etag.text)
            }
        }
    }

    private func copied(
        _ number: Int,
        of upload: MultipartUpload,
        _ body: BlobBody,
        _ store: any MultipartBlobStore
    ) async throws -> UploadedPart {
        do {
            return try await store.uploadPart(number, of: upload, body, checksum: nil)
        } catch let error as BlobError where error.kind == .notFound {
            // Here it is the upload that is missing, not the source.
            throw GatewayError.noSuchUpload
        }
    }

    func listParts() async throws -> HTTPServerResponse {
        try require(.write)
        let upload = try upload()
        let limit = try number("max-parts", upTo: ListOptions.maximumLimit)
        let start = try number("part-number-marker", upTo: Int(Int32.max)) ?? 0
        let text = try ListingText(parameters)
        let store = try await multipartStore(.listParts)
        let count = limit ?? ListOptions.maximumLimit
        let page = try await store.listParts(of: upload, startAfter: start, limit: max(count, 1))
        let parts = count > 0 ? page.parts : []
        let next = count > 0 ? page.nextStartAfter : nil
        return .document("ListPartsResult", reservingByteCount: 1_024 + parts.count * 160) { xml in
            xml.element("Bucket", bucket)
            xml.element("Key", text(upload.key.text))
            if text.isEncoded { xml.element("EncodingType", "url") }
            xml.element("UploadId", upload.id)
            xml.writeOwner("Initiator")
            xml.writeOwner("Owner")
            xml.element("StorageClass", "STANDARD")
            xml.element("PartNumberMarker", String(start))
            xml.element("NextPartNumberMarker", String(next ?? parts.last?.number ?? 0))
            xml.element("MaxParts", String(count))
            xml.element("IsTruncated", next == nil ? "false" : "true")
            for part in parts {
                xml.element("Part") { xml in
                    xml.element("PartNumber", String(part.number))
                    xml.element("ETag", part.etag.text)
                    xml.element("Size", String(part.byteCount))
                }
            }
        }
    }
}
