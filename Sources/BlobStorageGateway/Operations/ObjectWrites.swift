internal import BlobStorage
internal import BlobStorageHandler
internal import BlobStorageXML

/// PutObject, DeleteObject, DeleteObjects.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
extension GatewayCall {
    /// The most bytes of a blob, or of a part, that come in one request: 5 GiB, as with S3.
    static let maximumUploadByteCount: Int64 = 5 << 30

    func putObject() async throws -> HTTPServerResponse {
        try require(.write)
        let key = try key()
        let write = try writeHeaders()
        let condition = try WriteCondition(headers)
        try requireUploadByteCount()
        let store = try await store()
        let (body, options) = try upload(to: store, write, condition)
        let attributes = try await explaining(condition, store, key) {
            try await store.put(key, body, options: options)
        }
        try await requireBucket()
        var headers: HTTPHeaders = ["ETag": attributes.etag.text]
        if let checksum = attributes.checksum { headers.add(checksum) }
        return .empty(200, headers)
    }

    /// What a blob is written with: the body, and what the header fields say of it.
    func upload(
        to store: any BlobStore,
        _ write: WriteHeaders,
        _ condition: WriteCondition
    ) throws(GatewayError) -> (body: BlobBody, options: PutOptions) {
        let (body, checksum) = caller.upload(keeping: store.capabilities.checksums)
        let options = PutOptions(
            headers: write.content,
            metadata: write.metadata,
            condition: condition,
            checksum: checksum,
            tags: try tags(for: store)
        )
        return (body, options)
    }

    /// Throws unless the body says how long it is, and is not too long for one request.
    func requireUploadByteCount() throws(GatewayError) {
        guard let byteCount = caller.body.byteCount else { throw .missingContentLength }
        // By HTTP a request that tells no length has no body; no blob becomes empty by that.
        let isTold =
            headers["Content-Length"] != nil || headers["x-amz-decoded-content-length"] != nil
        guard byteCount > 0 || isTold else { throw .missingContentLength }
        guard byteCount <= Self.maximumUploadByteCount else {
            throw .entityTooLarge(byteCount, limit: Self.maximumUploadByteCount)
        }
    }

    /// Runs a write; to an `If-Match` on a key without a blob S3 answers that there is none.
    func explaining<Result>(
        _ condition: WriteCondition,
        _ store: any BlobStore,
        _ key: BlobKey,
        _ write: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await write()
        } catch let error as BlobError where error.kind == .preconditionFailed {
            guard case .ifMatches = condition else { throw error }
            do {
                _ = try await store.head(key, options: HeadOptions())
            } catch let missing as BlobError where missing.kind == .notFound {
                throw GatewayError.noSuchKey
            }
            throw error
        }
    }

    func deleteObject() async throws -> HTTPServerResponse {
        try require(.write)
        try refuseVersion()
        let key = try key()
        let store = try await store()
        let condition = ETagCondition(headers["if-match"])
        guard let condition else {
            try await store.delete(key, options: DeleteOptions())
            return .empty(204)
        }
        if condition.isAny {
            let found = try await store.head(key, options: HeadOptions())
            try await store.delete(key, options: DeleteOptions(ifMatches: found.etag))
        } else if let etag = condition.single {
            try await store.delete(key, options: DeleteOptions(ifMatches: etag))
        } else {
            throw GatewayError.notImplemented("If-Match with other than one etag")
        }
        return .empty(204)
    }

    /// A document with 1,000 keys of 1,024 bytes, as S3 takes it at most.
    private static let maximumDeleteDocumentByteCount = 2 << 20

    func deleteObjects() async throws -> HTTPServerResponse {
        let store = try await storeIfAllowed(.write)
        try requireDocumentChecksum()
        let request = try DeleteDocument(
            try await document(upTo: Self.maximumDeleteDocumentByteCount)
        )
        var failures: [(key: String, error: GatewayError)] = []
        var allowed: [BlobKey] = []
        for object in request.objects {
            if !mayDo(.write, bucket, object.key.text) {
                failures.append((object.key.text, .denied))
            } else if object.versionID.map({ $0 != "null" }) ?? false {
                failures.append((object.key.text, .noVersion))
            } else {
                allowed.append(object.key)
            }
        }
        let refused = allowed.isEmpty ? [] : try await store.delete(allowed)
        let missing = Set(refused.map(\.key))
        failures += refused.map { ($0.key.text, .of($0.error)) }
        // One of a thousand tells what is wrong.
        if let fault = failures.first(where: { $0.error.isFault }) {
            configuration.report(fault.error, of: id)
        }
        return .document("DeleteResult", reservingByteCount: 128 + request.objects.count * 64) {
            xml in
            if !request.isQuiet {
                for key in allowed where !missing.contains(key) {
                    xml.element("Deleted") { $0.element("Key", key.text) }
                }
            }
            for (key, error) in failures {
                xml.element("Error") { xml in
                    xml.element("Key", key)
                    xml.element("Code", error.code)
                    xml.element("Message", error.message)
                }
            }
        }
    }

    /// The store of the bucket, for a caller who may do something with any of its keys.
    func storeIfAllowed(_ access: GatewayRight.Access) async throws -> any BlobStore {
        let isAllowed = caller.rights.contains { $0.access.contains(access) && $0.isFor(bucket) }
        guard isAllowed else { throw GatewayError.denied }
        return try await store()
    }

    /// S3 wants this document protected, since a flipped bit would delete another blob.
    func requireDocumentChecksum() throws(GatewayError) {
        let isProtected = headers.fields.contains { field in
            let name = field.name.lowercasedASCII
            return name == "content-md5" || name == "x-amz-trailer"
                || (name.hasPrefix("x-amz-checksum-") && name != "x-amz-checksum-algorithm")
        }
        guard isProtected else {
            throw .invalidRequest("Missing required header for this request: Content-MD5")
        }
    }
}
