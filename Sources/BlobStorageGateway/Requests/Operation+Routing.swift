internal import BlobStorageHandler

extension Operation {
    /// Finds out what a request asks for.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - headers: Its header fields as they count; a presigned URL has some of them in its query.
    /// - Throws: `GatewayError` with the name of what there is not.
    init(_ request: GatewayRequest, headers: HTTPHeaders) throws(GatewayError) {
        if request.bucket == nil {
            try self.init(service: request)
        } else if request.key == nil {
            try self.init(bucket: request)
        } else {
            try self.init(object: request, isCopy: headers["x-amz-copy-source"] != nil)
        }
    }

    private init(service request: GatewayRequest) throws(GatewayError) {
        guard request.method == "GET" else { throw .methodNotAllowed(request.method) }
        self = .listBuckets
    }

    private init(bucket request: GatewayRequest) throws(GatewayError) {
        let asked = request.subresource
        switch (request.method, asked) {
        case ("HEAD", nil): self = .headBucket
        case ("PUT", nil): self = .createBucket
        case ("DELETE", nil): self = .deleteBucket
        case ("POST", "delete"): self = .deleteObjects
        case ("PUT", "cors"): self = .putBucketCORS
        case ("DELETE", "cors"): self = .deleteBucketCORS
        case ("GET", "uploads"): self = .listMultipartUploads
        case ("GET", nil):
            self = request.parameters["list-type"] == "2" ? .listObjectsV2 : .listObjects
        case ("GET", let asked?) where BucketSetting(rawValue: asked) != nil: self = .bucketSetting
        case ("GET", let asked?), ("PUT", let asked?), ("POST", let asked?),
            ("DELETE", let asked?), ("HEAD", let asked?):
            throw .notImplemented("\(request.method) bucket ?\(asked)")
        default: throw .methodNotAllowed(request.method)
        }
    }

    private init(object request: GatewayRequest, isCopy: Bool) throws(GatewayError) {
        let asked = request.subresource
        switch (request.method, asked) {
        case ("GET", nil): self = .getObject
        case ("HEAD", nil): self = .headObject
        case ("PUT", nil): self = isCopy ? .copyObject : .putObject
        case ("DELETE", nil): self = .deleteObject
        case ("GET", "attributes"): self = .getObjectAttributes
        case ("GET", "acl"): self = .getObjectACL
        case ("GET", "tagging"): self = .getObjectTagging
        case ("PUT", "tagging"): self = .putObjectTagging
        case ("DELETE", "tagging"): self = .deleteObjectTagging
        case ("POST", "uploads"): self = .createMultipartUpload
        case ("PUT", "uploadId"): self = isCopy ? .uploadPartCopy : .uploadPart
        case ("GET", "uploadId"): self = .listParts
        case ("POST", "uploadId"): self = .completeMultipartUpload
        case ("DELETE", "uploadId"): self = .abortMultipartUpload
        case ("GET", let asked?), ("PUT", let asked?), ("POST", let asked?),
            ("DELETE", let asked?), ("HEAD", let asked?):
            throw .notImplemented("\(request.method) object ?\(asked)")
        default: throw .methodNotAllowed(request.method)
        }
    }
}

extension GatewayRequest {
    /// The parameter that makes the request be about something else than the bucket or object itself.
    var subresource: String? {
        // All of them begin with a small letter; the parameters of a signature do not.
        parameters.pairs.first { pair in
            (pair.name.utf8.first ?? 0) >= UInt8(ascii: "a")
                && Self.subresources.contains(pair.name)
        }?.name
    }

    /// The names that S3 has; a parameter of another name changes nothing, as with S3.
    private static let subresources: Set<String> = [
        "accelerate", "acl", "analytics", "attributes", "cors", "delete", "encryption",
        "intelligent-tiering", "inventory", "legal-hold", "lifecycle", "location", "logging",
        "metadataConfiguration", "metadataTable", "metrics", "notification", "object-lock",
        "ownershipControls", "policy", "policyStatus", "publicAccessBlock", "replication",
        "requestPayment", "restore", "retention", "select", "session", "tagging", "torrent",
        "uploadId", "uploads", "versioning", "versions", "website",
    ]
}
