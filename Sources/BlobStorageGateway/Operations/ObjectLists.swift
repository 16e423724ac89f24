internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler
internal import BlobStorageXML

/// ListObjects, ListObjectsV2.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
extension GatewayCall {
    func listObjects() async throws -> HTTPServerResponse {
        let asked = try ListRequest(self)
        let marker = parameters["marker"] ?? ""
        let page = try await page(asked, startAfter: marker, token: nil)
        let isTruncated = page.continuationToken != nil
        return .document("ListBucketResult", reservingByteCount: page.byteCount) { xml in
            xml.element("Name", bucket)
            xml.element("Prefix", asked.text(asked.prefix))
            xml.element("Marker", asked.text(marker))
            asked.write(to: &xml)
            xml.element("IsTruncated", isTruncated ? "true" : "false")
            if isTruncated, let last = page.last { xml.element("NextMarker", asked.text(last)) }
            xml.write(page, asked.text, withOwner: true)
        }
    }

    func listObjectsV2() async throws -> HTTPServerResponse {
        let asked = try ListRequest(self)
        let token = parameters["continuation-token"]
        let start = parameters["start-after"] ?? ""
        let page = try await page(
            asked,
            startAfter: start,
            token: try token.map { try TokenText.decode($0) }
        )
        return .document("ListBucketResult", reservingByteCount: page.byteCount) { xml in
            xml.element("Name", bucket)
            xml.element("Prefix", asked.text(asked.prefix))
            asked.write(to: &xml)
            xml.element("KeyCount", String(page.blobs.count + page.commonPrefixes.count))
            xml.element("IsTruncated", page.continuationToken == nil ? "false" : "true")
            if let token { xml.element("ContinuationToken", token) }
            if !start.isEmpty { xml.element("StartAfter", asked.text(start)) }
            if let next = page.continuationToken {
                xml.element("NextContinuationToken", TokenText.encode(next))
            }
            xml.write(page, asked.text, withOwner: parameters["fetch-owner"] == "true")
        }
    }

    private func page(
        _ asked: ListRequest,
        startAfter: String,
        token: String?
    ) async throws -> BlobPage {
        try require(.list, bucket, asked.prefix)
        let store = try await store()
        // S3 answers an empty page, which is not truncated.
        guard asked.limit > 0 else { return BlobPage(blobs: []) }
        return try await store.list(
            ListOptions(
                prefix: asked.prefix,
                delimiter: asked.delimiter,
                startAfter: startAfter.isEmpty ? nil : startAfter,
                limit: asked.limit,
                continuationToken: token
            )
        )
    }
}

/// What both versions of a listing ask for.
private struct ListRequest {
    let prefix: String
    let delimiter: String?
    let limit: Int
    let text: ListingText

    init(_ call: GatewayCall) throws(GatewayError) {
        prefix = call.parameters["prefix"] ?? ""
        delimiter = call.parameters["delimiter"].flatMap { $0.isEmpty ? nil : $0 }
        limit =
            try call.number("max-keys", upTo: ListOptions.maximumLimit) ?? ListOptions.maximumLimit
        text = try ListingText(call.parameters)
    }

    func write(to xml: inout XMLWriter) {
        xml.element("MaxKeys", String(limit))
        if let delimiter { xml.element("Delimiter", text(delimiter)) }
        if text.isEncoded { xml.element("EncodingType", "url") }
    }
}

extension BlobPage {
    /// About how many bytes its document has.
    fileprivate var byteCount: Int { 512 + blobs.count * 256 + commonPrefixes.count * 96 }

    /// The last of its keys and common prefixes.
    fileprivate var last: String? {
        guard let key = blobs.last?.key.text else { return commonPrefixes.last }
        guard let prefix = commonPrefixes.last else { return key }
        return UTF8Order.compare(key, prefix) < 0 ? prefix : key
    }
}

extension XMLWriter {
    fileprivate mutating func write(_ page: BlobPage, _ text: ListingText, withOwner: Bool) {
        for blob in page.blobs {
            element("Contents") { xml in
                xml.element("Key", text(blob.key.text))
                xml.element(
                    "LastModified",
                    AWSDate.extended(blob.lastModified, withMilliseconds: true)
                )
                xml.element("ETag", blob.etag.text)
                xml.element("Size", String(blob.byteCount))
                if withOwner { xml.writeOwner("Owner") }
                xml.element("StorageClass", "STANDARD")
            }
        }
        for prefix in page.commonPrefixes {
            element("CommonPrefixes") { $0.element("Prefix", text(prefix)) }
        }
    }
}
