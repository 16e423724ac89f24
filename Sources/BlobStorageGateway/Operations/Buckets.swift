internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler
internal import BlobStorageXML

/// ListBuckets, HeadBucket, CreateBucket, DeleteBucket.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
extension GatewayCall {
    func listBuckets() async throws -> HTTPServerResponse {
        let rights = caller.rights.filter { $0.access.contains(.list) }
        guard !rights.isEmpty else { throw GatewayError.denied }
        let prefix = parameters["prefix"] ?? ""
        let buckets = try await configuration.buckets.list()
            .filter { bucket in
                UTF8Order.hasPrefix(bucket.name, prefix)
                    && rights.contains { $0.isFor(bucket.name) }
            }
            .sorted { UTF8Order.compare($0.name, $1.name) < 0 }
        return .document("ListAllMyBucketsResult") { xml in
            xml.writeOwner("Owner")
            xml.element("Buckets") { xml in
                for bucket in buckets {
                    xml.element("Bucket") { xml in
                        xml.element("Name", bucket.name)
                        xml.element(
                            "CreationDate",
                            AWSDate.extended(bucket.created, withMilliseconds: true)
                        )
                        xml.element("BucketRegion", configuration.region)
                    }
                }
            }
            if !prefix.isEmpty { xml.element("Prefix", prefix) }
        }
    }

    /// Whoever may do something in the bucket may know that it is there.
    func headBucket() async throws -> HTTPServerResponse {
        try requireSomething()
        _ = try await store()
        return .empty(200, ["x-amz-bucket-region": configuration.region])
    }

    /// Throws unless the caller may make and delete any bucket.
    private func requireAllBuckets() throws(GatewayError) {
        let isAllowed = caller.rights.contains {
            $0.bucket == nil && $0.prefix.isEmpty && $0.access.contains(.write)
        }
        guard isAllowed else { throw .denied }
    }

    func createBucket() async throws -> HTTPServerResponse {
        let buckets = configuration.buckets
        guard try await buckets.store(of: bucket) == nil else {
            _ = try await headBucket()
            throw Self.alreadyOwned
        }
        try requireAllBuckets()
        guard BucketName.isValid(bucket) else { throw GatewayError.invalidBucketName(bucket) }
        try refuseBucketFeatures()
        try checkLocation(try await document(upTo: 64 << 10))
        do {
            try await buckets.create(bucket)
        } catch let error as BlobError where error.kind == .alreadyExists {
            throw Self.alreadyOwned
        }
        return .empty(200, ["Location": "/" + bucket])
    }

    private static var alreadyOwned: GatewayError {
        GatewayError(
            409,
            "BucketAlreadyOwnedByYou",
            "Your previous request to create the named bucket succeeded and you already own it."
        )
    }

    private func refuseBucketFeatures() throws(GatewayError) {
        // The same canned lists are harmless as for an object.
        _ = try writeHeaders()
        let lock = headers["x-amz-bucket-object-lock-enabled"]?.lowercasedASCII
        guard lock == nil || lock == "false" else {
            throw .notImplemented("x-amz-bucket-object-lock-enabled")
        }
    }

    /// Every bucket is in the gateway's region.
    private func checkLocation(_ document: [UInt8]) throws(GatewayError) {
        guard !document.isEmpty else { return }
        let root = try XMLNode.request(document, root: "CreateBucketConfiguration")
        guard let text = root.child("LocationConstraint")?.text.trimmed, !text.isEmpty,
            text != configuration.region
        else { return }
        throw GatewayError(
            400,
            "InvalidLocationConstraint",
            "The specified location-constraint is not valid: buckets are in "
                + "\(configuration.region)"
        )
    }

    func deleteBucket() async throws -> HTTPServerResponse {
        try requireAllBuckets()
        let store = try await store()
        let page = try await store.list(ListOptions(limit: 1))
        guard page.blobs.isEmpty else { throw Self.notEmpty }
        do {
            try await configuration.buckets.delete(bucket)
        } catch let error as BlobError where error.kind == .conflict {
            throw Self.notEmpty
        }
        return .empty(204)
    }

    private static var notEmpty: GatewayError {
        GatewayError(
            409,
            "BucketNotEmpty",
            "The bucket you tried to delete is not empty"
        )
    }
}
