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
    ///
    /// Uploads of one key stand in the store's order, which need not be that of their ids; so behind
    /// are those up to the marker's. If that was completed or aborted meanwhile, none of its key is: to
    /// name some again is better than to leave out others.
    func page(of store: any MultipartBlobStore) async throws -> Page {
        var page = Page()
        guard limit > 0 else { return page }
        var last: (key: String, id: String) = (keyMarker, idMarker ?? "")
        var marked = MarkedUploads(idMarker)
        var token: String?
        repeat {
            let found = try await store.listMultipartUploads(
                prefix: prefix,
                continuationToken: token,
                limit: ListOptions.maximumLimit
            )
            for entry in marked.take(found.uploads, isLast: found.continuationToken == nil, place) {
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

    /// Where an upload stands, seen from the markers.
    private func place(_ upload: MultipartUpload) -> MarkedUploads.Place {
        guard !keyMarker.isEmpty else { return .ahead }
        if let group = commonPrefix(of: upload.key.text) {
            return UTF8Order.compare(group, keyMarker) <= 0 ? .behind : .ahead
        }
        let order = UTF8Order.compare(upload.key.text, keyMarker)
        guard order == 0, idMarker != nil else { return order <= 0 ? .behind : .ahead }
        return .sameKey
    }

    private func commonPrefix(of key: String) -> String? {
        guard let delimiter,
            let found = UTF8Order.firstRange(of: delimiter, in: key, from: prefix.utf8.count)
        else { return nil }
        return UTF8Order.prefix(of: key, count: found.upperBound)
    }
}

/// Leaves out the uploads up to a marker, among those of the marker's key.
private struct MarkedUploads {
    enum Place {
        case behind
        case sameKey
        case ahead
    }

    private let id: String?
    /// Uploads of the marker's key, as long as the marker's own was not found.
    private var waiting: [ListedMultipartUpload] = []
    private var isFound = false

    init(_ id: String?) {
        self.id = id
    }

    /// Takes a store's page.
    ///
    /// - Parameters:
    ///   - uploads: The page, in the store's order.
    ///   - isLast: Whether no page follows.
    ///   - place: Says where an upload stands.
    /// - Returns: Those that come after the marker, as far as that is known.
    mutating func take(
        _ uploads: [ListedMultipartUpload],
        isLast: Bool,
        _ place: (MultipartUpload) -> Place
    ) -> [ListedMultipartUpload] {
        var ahead: [ListedMultipartUpload] = []
        for entry in uploads {
            switch place(entry.upload) {
            case .behind: continue
            case .sameKey where isFound: ahead.append(entry)
            case .sameKey:
                isFound = id.map { UTF8Order.equal($0, entry.upload.id) } ?? true
                if isFound { waiting = [] } else { waiting.append(entry) }
            case .ahead:
                ahead += waiting
                waiting = []
                ahead.append(entry)
            }
        }
        guard isLast else { return ahead }
        defer { waiting = [] }
        return ahead + waiting
    }
}
