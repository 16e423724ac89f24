internal import BlobStorage
internal import BlobStorageHandler

/// A request whose sender is known, and what it is answered with.
struct GatewayCall: Sendable {
    let id: RequestID
    let request: GatewayRequest
    let caller: Caller
    let configuration: S3GatewayConfiguration
    let completions: Completions
    /// What the bucket's policy lets everybody do, as far as it is what is asked for.
    let grants: [PolicyGrant]

    /// The header fields as they count.
    var headers: HTTPHeaders { caller.headers }

    var parameters: QueryParameters { request.parameters }

    /// The bucket's name.
    var bucket: String { request.bucket ?? "" }

    /// The key.
    ///
    /// - Throws: `GatewayError` if the request names none.
    func key() throws(GatewayError) -> BlobKey {
        guard let key = request.key else { throw .invalidURI }
        return key
    }

    /// The store behind the request's bucket.
    ///
    /// - Throws: `GatewayError` if there is no such bucket.
    func store() async throws -> any BlobStore { try await store(of: bucket) }

    /// The store behind a bucket.
    ///
    /// - Throws: `GatewayError` if there is no such bucket.
    func store(of bucket: String) async throws -> any BlobStore {
        guard let store = try await configuration.buckets.store(of: bucket) else {
            var error = GatewayError.noSuchBucket
            error.details = [("BucketName", bucket)]
            throw error
        }
        return store
    }

    /// Throws if the request's bucket was deleted while something was written to it.
    ///
    /// Whoever deletes a bucket hides it first and looks then whether it is empty; so either that finds
    /// what was written, or this finds that the bucket is gone, and nothing acknowledged is lost.
    func requireBucket() async throws { _ = try await store() }

    /// The store behind the request's bucket, for multipart uploads.
    ///
    /// - Throws: `GatewayError` if there is no such bucket, or its store has no such uploads.
    func multipartStore(_ operation: Operation) async throws -> any MultipartBlobStore {
        guard let store = try await store() as? any MultipartBlobStore else {
            throw GatewayError.notImplemented(operation.rawValue)
        }
        return store
    }

    /// Throws unless the caller may do something with the request's key.
    func require(_ access: GatewayRight.Access) throws(GatewayError) {
        try require(access, bucket, request.key?.text ?? "")
    }

    /// Throws unless the caller may do something with a key, or with all that begin with a prefix.
    func require(
        _ access: GatewayRight.Access,
        _ bucket: String,
        _ key: String
    ) throws(GatewayError) {
        guard mayDo(access, bucket, key) else { throw .denied }
    }

    /// Whether the caller may do something with a key, or with all that begin with a prefix.
    func mayDo(_ access: GatewayRight.Access, _ bucket: String, _ key: String) -> Bool {
        caller.rights.contains { right in
            right.access.contains(access) && right.isFor(bucket)
                && (right.prefix.isEmpty || UTF8Order.hasPrefix(key, right.prefix))
        } || grants.contains { $0.covers(access, bucket, key) }
    }

    /// Throws unless the caller may do something with every blob of the request's bucket; what is set
    /// for it acts on all.
    func requireWholeBucket(_ access: GatewayRight.Access = .write) throws(GatewayError) {
        let isAllowed = caller.rights.contains { right in
            right.isFor(bucket) && right.prefix.isEmpty && right.access.contains(access)
        }
        guard isAllowed else { throw .denied }
    }

    /// Throws unless the caller may do something in the request's bucket.
    func requireSomething() throws(GatewayError) {
        let isAllowed = caller.rights.contains { $0.isFor(bucket) && !$0.access.isEmpty }
        guard isAllowed || !grants.isEmpty else { throw .denied }
    }

    /// What keeps the client of long work waiting.
    ///
    /// - Parameter isUpload: Whether a multipart upload is what may be missing.
    /// - Returns: How long it waits for the answer, and what it is told of a failure.
    func patience(isUpload: Bool = false) -> Patience {
        Patience { error in
            configuration.answer(
                to: GatewayError.of(error, isUpload: isUpload),
                method: request.method,
                resource: request.path,
                id
            )
        }
    }

    /// What the request's header fields say about a blob to come.
    ///
    /// - Throws: `GatewayError` for what the gateway can't do.
    func writeHeaders() throws(GatewayError) -> WriteHeaders {
        try WriteHeaders(headers, isEncryptedAtRest: configuration.isEncryptedAtRest)
    }

    /// A document's bytes, once they are verified.
    ///
    /// - Throws: `GatewayError` if there are too many, or they are not what was signed.
    func document(upTo limit: Int) async throws -> [UInt8] {
        do {
            return try await caller.body.collect(upTo: limit)
        } catch let error as BlobError where error.kind == .tooLarge {
            throw GatewayError(400, "MaxMessageLengthExceeded", "Your request was too large.")
        } catch let error as BlobError where error.kind == .corrupted {
            throw GatewayError.incompleteBody
        }
    }

    /// A number among the parameters.
    ///
    /// - Throws: `GatewayError` if it is none, or less than 0; one over the bound is the bound.
    func number(_ name: String, upTo bound: Int) throws(GatewayError) -> Int? {
        guard let text = parameters[name], !text.isEmpty else { return nil }
        guard let number = text.decimal, number <= Int64(Int32.max) else {
            throw .invalidArgument("Argument \(name) must be an integer between 0 and 2147483647")
        }
        return min(Int(number), bound)
    }

    /// Throws if a version is asked for: the only one has no id.
    func refuseVersion() throws(GatewayError) {
        guard let version = parameters["versionId"], version != "null" else { return }
        throw .noVersion
    }
}

extension GatewayRight {
    /// Whether the right is for a bucket.
    func isFor(_ name: String) -> Bool {
        bucket.map { $0.utf8.elementsEqual(name.utf8) } ?? true
    }
}

extension GatewayError {
    static var incompleteBody: GatewayError {
        GatewayError(
            400,
            "IncompleteBody",
            "You did not provide the number of bytes specified by the Content-Length HTTP header"
        )
    }
}
