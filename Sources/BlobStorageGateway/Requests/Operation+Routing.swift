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
        try request.refuseUnknownParameters(besides: parameterNames)
    }

    /// The parameters that S3 has for a write, besides the one that names it.
    private var parameterNames: Set<String> {
        switch self {
        case .uploadPart, .uploadPartCopy: ["partNumber"]
        case .deleteObject, .putObjectTagging, .deleteObjectTagging: ["versionId"]
        default: []
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
        case ("PUT", "policy"): self = .putBucketPolicy
        case ("DELETE", "policy"): self = .deleteBucketPolicy
        case ("PUT", "lifecycle"): self = .putBucketLifecycle
        case ("DELETE", "lifecycle"): self = .deleteBucketLifecycle
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
        parameters.pairs.first { pair in
            Self.beginsInLowerCase(pair.name) && Self.subresources.contains(pair.name)
        }?.name
    }

    /// Throws if a write has a parameter that says something else than what would be done.
    ///
    /// Some of S3's newer operations, and of its relatives', are a known method with a new name in
    /// the query: to do the known one would lose the object. A read changes nothing, and does as S3
    /// does, which takes no notice of names that it has not.
    ///
    /// - Parameter names: The parameters that the write may have, besides its subresource.
    /// - Throws: `GatewayError` with the name of the parameter.
    func refuseUnknownParameters(besides names: Set<String> = []) throws(GatewayError) {
        guard method != "GET", method != "HEAD" else { return }
        let asked = subresource
        for name in parameters.pairs.map(\.name)
        where Self.beginsInLowerCase(name) && name != asked && !names.contains(name)
            && !Self.isWithoutEffect(name)
        {
            throw .notImplemented("\(method) with the parameter \(name)")
        }
    }

    /// Whether S3 could have an operation of a name: all of them begin with a small letter; the
    /// parameters of a signature, and most that clients make up, do not.
    private static func beginsInLowerCase(_ name: String) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(name.utf8.first ?? 0)
    }

    /// Whether a parameter changes nothing about a write: those of reads, and those that begin with
    /// `x-`, such as the `x-id` of many clients, which S3 leaves to its users.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
    private static func isWithoutEffect(_ name: String) -> Bool {
        name.utf8.starts(with: "x-".utf8) || name.utf8.starts(with: "response-".utf8)
            || listParameters.contains(name)
    }

    private static let listParameters: Set<String> = [
        "continuation-token", "delimiter", "encoding-type", "fetch-owner", "key-marker",
        "list-type", "marker", "max-keys", "max-parts", "max-uploads", "part-number-marker",
        "prefix", "start-after", "upload-id-marker", "version-id-marker",
    ]

    /// The names that S3 has.
    private static let subresources: Set<String> = [
        "abac", "accelerate", "acl", "analytics", "annotation", "attributes", "cors", "delete",
        "encryption", "intelligent-tiering", "inventory", "legal-hold", "lifecycle", "location",
        "logging", "metadataAnnotationTable", "metadataConfiguration", "metadataInventoryTable",
        "metadataJournalTable", "metadataTable", "metrics", "notification", "object-lock",
        "ownershipControls", "policy", "policyStatus", "publicAccessBlock", "renameObject",
        "replication", "requestPayment", "restore", "retention", "select", "session", "tagging",
        "torrent", "uploadId", "uploads", "versioning", "versions", "website",
    ]
}
