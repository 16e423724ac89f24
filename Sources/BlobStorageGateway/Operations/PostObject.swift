internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler
internal import BlobStorageXML

/// An upload by a form of a browser.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
extension GatewayCall {
    func postObject(_ upload: FormUpload) async throws -> HTTPServerResponse {
        try require(.write, bucket, upload.key.text)
        let write = try writeHeaders()
        let condition = try WriteCondition(headers)
        let store = try await store()
        let (body, options) = try self.upload(to: store, write, condition)
        let attributes = try await store.put(upload.key, body, options: options)
        try await requireBucket()
        return answer(upload, attributes)
    }

    private func answer(_ upload: FormUpload, _ attributes: BlobAttributes) -> HTTPServerResponse {
        let location = location(of: upload.key)
        let etag = attributes.etag.text
        switch upload.success {
        case .redirect(let target):
            let query = [("bucket", bucket), ("key", upload.key.text), ("etag", etag)]
                .map { "\($0)=\(AWSPercentEncoding.encode($1))" }.joined(separator: "&")
            let mark = target.utf8.contains(UInt8(ascii: "?")) ? "&" : "?"
            return .empty(303, ["ETag": etag, "Location": target + mark + query])
        case .status(201):
            var answer = HTTPServerResponse.document("PostResponse", status: 201) { xml in
                xml.element("Location", location)
                xml.element("Bucket", bucket)
                xml.element("Key", upload.key.text)
                xml.element("ETag", etag)
            }
            answer.headers["ETag"] = etag
            answer.headers["Location"] = location
            return answer
        case .status(let status):
            return .empty(status, ["ETag": etag, "Location": location])
        }
    }

    /// The path of the blob, seen from where the form was sent to.
    private func location(of key: BlobKey) -> String {
        let base = request.path.utf8.last == UInt8(ascii: "/") ? request.path : request.path + "/"
        return base + AWSPercentEncoding.encode(key.text, keepingSlash: true)
    }
}
