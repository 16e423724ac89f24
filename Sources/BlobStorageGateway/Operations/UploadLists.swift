internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler
internal import BlobStorageXML

/// ListMultipartUploads.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
extension GatewayCall {
    func listMultipartUploads() async throws -> HTTPServerResponse {
        let asked = try UploadListRequest(self)
        try require(.write, bucket, asked.prefix)
        let store = try await multipartStore(.listMultipartUploads)
        let page = try await asked.page(of: store)
        return .document(
            "ListMultipartUploadsResult",
            reservingByteCount: 1_024 + page.uploads.count * 320
        ) { xml in
            xml.element("Bucket", bucket)
            xml.element("KeyMarker", asked.text(asked.keyMarker))
            xml.element("UploadIdMarker", asked.idMarker ?? "")
            if let next = page.next {
                xml.element("NextKeyMarker", asked.text(next.key))
                xml.element("NextUploadIdMarker", next.id)
            }
            xml.element("Prefix", asked.text(asked.prefix))
            if let delimiter = asked.delimiter { xml.element("Delimiter", asked.text(delimiter)) }
            if asked.text.isEncoded { xml.element("EncodingType", "url") }
            xml.element("MaxUploads", String(asked.limit))
            xml.element("IsTruncated", page.next == nil ? "false" : "true")
            for entry in page.uploads { xml.write(entry, asked.text) }
            for prefix in page.commonPrefixes {
                xml.element("CommonPrefixes") { $0.element("Prefix", asked.text(prefix)) }
            }
        }
    }
}

extension XMLWriter {
    fileprivate mutating func write(_ entry: ListedMultipartUpload, _ text: ListingText) {
        element("Upload") { xml in
            xml.element("Key", text(entry.upload.key.text))
            xml.element("UploadId", entry.upload.id)
            xml.writeOwner("Initiator")
            xml.writeOwner("Owner")
            xml.element("StorageClass", "STANDARD")
            xml.element("Initiated", AWSDate.extended(entry.created, withMilliseconds: true))
        }
    }
}

/// What a listing of uploads asks for.
private struct UploadListRequest {
    let prefix: String
    let delimiter: String?
    let keyMarker: String
    /// `nil`: all uploads of the marker's key are behind; else those up to this id.
    let idMarker: String?
    let limit: Int
    let text: ListingText

    struct Page {
        var uploads: [ListedMultipartUpload] = []
        var commonPrefixes: [String] = []
        var next: (key: String, id: String)?

        var count: Int { uploads.count + commonPrefixes.count }
    }

    init(_ call: GatewayCall) throws(GatewayError) {
        prefix = call.parameters["prefix"] ?? ""
        delimiter = call.parameters["delimiter"].flatMap { $0.isEmpty ? nil : $0 }
        keyMarker = call.parameters["key-marker"] ?? ""
        idMarker = call.parameters["upload-id-marker"].flatMap { $0.isEmpty ? nil : $0 }
        limit =
            try call.number("max-uploads", upTo: ListOptions.maximumLimit)
            ?? ListOptions.maximumLimit
        text = try ListingText(call.parameters)
    }

    /// The page, found by walking from the first upload on: a store's own tokens say nothing to a
    /// client that makes up markers, and uploads in progress are few.
    func page(of store: any MultipartBlobStore) async throws -> Page {
        var page = Page()
        guard limit > 0 else { return page }
        var last: (key: String, id: String) = (keyMarker, idMarker ?? "")
        var token: String?
        repeat {
            let found = try await store.listMultipartUploads(
                prefix: prefix,
                continuationToken: token,
                limit: ListOptions.maximumLimit
            )
            for entry in found.uploads where !isBehind(entry.upload) {
                let group = commonPrefix(of: entry.upload.key.text)
                if let group, let known = page.commonPrefixes.last, UTF8Order.equal(known, group) {
                    continue
                }
                guard page.count < limit else {
                    page.next = last
                    return page
                }
                if let group {
                    page.commonPrefixes.append(group)
                    last = (group, "")
                } else {
                    page.uploads.append(entry)
                    last = (entry.upload.key.text, entry.upload.id)
                }
            }
            token = found.continuationToken
        } while token != nil
        return page
    }

    /// Whether an upload is on a page before this one.
    private func isBehind(_ upload: MultipartUpload) -> Bool {
        guard !keyMarker.isEmpty else { return false }
        if let group = commonPrefix(of: upload.key.text) {
            return UTF8Order.compare(group, keyMarker) <= 0
        }
        let order = UTF8Order.compare(upload.key.text, keyMarker)
        guard order == 0, let idMarker else { return order <= 0 }
        return UTF8Order.compare(upload.id, idMarker) <= 0
    }

    private func commonPrefix(of key: String) -> String? {
        guard let delimiter,
            let found = UTF8Order.firstRange(of: delimiter, in: key, from: prefix.utf8.count)
        else { return nil }
        return UTF8Order.prefix(of: key, count: found.upperBound)
    }
}
