internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHTTP
internal import Foundation

/// Signs requests for one bucket: what ``S3Presigner`` and ``S3Store`` share.
final class S3PresignEngine: Sendable {
    /// A template and what it is for.
    private struct Entry {
        let template: PresignedURLTemplate
        let second: Date
        let secondCount: Int64
        let region: String
        let credentials: AWSCredentials

        func fits(_ time: SigningTime, _ region: String, _ credentials: AWSCredentials) -> Bool {
            second == time.date && secondCount == time.secondCount
                && UTF8Order.equal(self.region, region)
                && self.credentials.signsAs(credentials)
        }
    }

    /// The most templates: some lifetimes of this second.
    private static let maximumEntryCount = 8

    let configuration: S3Configuration
    private let serviceHeaders: S3ServiceHeaders
    private let signer: SigV4Signer
    private let provider: (any AWSCredentialsProvider)?
    private let inMemory: (any CredentialsInMemory)?
    /// Whether the configuration leaves nothing to check or to add to a plain request.
    private let isPlain: Bool
    /// The latest used first.
    private let entries = Locked<[Entry]>([])

    init(
        _ configuration: S3Configuration,
        service: String,
        serviceHeaders: S3ServiceHeaders,
        credentials: (any AWSCredentialsProvider)?
    ) {
        self.configuration = configuration
        self.serviceHeaders = serviceHeaders
        signer = SigV4Signer(service: service)
        provider = credentials
        inMemory = credentials as? any CredentialsInMemory
        isPlain =
            serviceHeaders.write.isEmpty && serviceHeaders.access.isEmpty
            && serviceHeaders.all.isEmpty
    }

    /// Signs one request.
    ///
    /// - Parameters:
    ///   - operation: What the request does.
    ///   - key: The blob.
    ///   - lifetime: How long the request is to be good.
    ///   - options: What is bound.
    ///   - place: Where the bucket is, and what its vendor can do.
    ///   - now: The time of day, of the store if it differs.
    /// - Returns: The request.
    /// - Throws: `BlobError`.
    func presign(
        _ operation: PresignedOperation,
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        options: PresignOptions,
        place: S3PresignPlace,
        now: Date
    ) async throws -> PresignedRequest {
        try SigningTime.check(lifetime, key)
        if isPlain, options.isEmpty, place.tags == nil, let method = operation.plainMethod {
            let credentials = try await credentials(key)
            let time = try SigningTime(now, lifetime, credentials, key)
            let isKeyLegal = place.vendor.canHaveNULInKeys || !key.text.utf8.contains(0)
            if isKeyLegal, let template = template(time, place.endpoint, credentials) {
                return PresignedRequest(
                    method: operation.method,
                    url: template.url(method, key.text),
                    expiresAt: time.end,
                    notEnforced: options.notEnforced(in: operation)
                )
            }
        }
        try options.validate(for: operation, key: key)
        try S3PresignChecks(configuration: configuration, vendor: place.vendor)
            .check(operation, key, options)
        var call = try S3Call(
            presigning: operation,
            key,
            options,
            place.vendor,
            serviceHeaders
        )
        if case .put = operation, let tags = place.tags, tags.count > 0 {
            call.headers.append("x-amz-tagging", tags.headerText)
        }
        let credentials = try await credentials(key)
        let time = try SigningTime(now, lifetime, credentials, key)
        return try sign(
            call,
            time,
            place.endpoint,
            credentials,
            notEnforced: options.notEnforced(in: operation)
        )
    }

    /// Signs a call in the general way.
    func sign(
        _ call: S3Call,
        _ time: SigningTime,
        _ endpoint: S3Endpoint,
        _ credentials: AWSCredentials,
        notEnforced: Set<UnenforcedProperty>
    ) throws -> PresignedRequest {
        let query = call.query.isEmpty ? nil : S3PathEncoding.query(call.query)
        let url =
            call.key.map { endpoint.url(for: $0, query: query) }
            ?? endpoint.bucketURL(query: query)
        let signed = try signer.presign(
            HTTPRequest(call.method, url, headers: call.headers),
            expiresIn: .seconds(time.secondCount),
            region: endpoint.signingRegion,
            credentials: credentials,
            at: time.date
        )
        return PresignedRequest(
            method: call.method.rawValue,
            url: signed.text,
            headers: Dictionary(call.headers.fields.map { ($0.name, $0.value) }) { "\($0),\($1)" },
            expiresAt: time.end,
            notEnforced: notEnforced
        )
    }

    /// Signs a form.
    func presignForm(
        _ key: BlobKey,
        expiresIn lifetime: Duration,
        conditions: UploadFormConditions,
        place: S3PresignPlace,
        now: Date
    ) async throws -> PresignedForm {
        try SigningTime.check(lifetime, key)
        try conditions.validate(key: key)
        try S3PresignChecks(configuration: configuration, vendor: place.vendor)
            .check(conditions, key)
        if let tags = place.tags, tags.count > 0 {
            throw BlobError(
                .unsupported,
                operation: PresignOptions.operation,
                key: key,
                message: "a form can't bind tags; presign a put"
            )
        }
        var draft = try S3FormDraft(key, conditions, serviceHeaders, vendor: place.vendor)
        let credentials = try await credentials(key)
        let time = try SigningTime(now, lifetime, credentials, key)
        return try draft.signed(
            by: signer,
            credentials,
            time,
            bucket: configuration.bucket,
            place.endpoint
        )
    }

    private func credentials(_ key: BlobKey) async throws -> AWSCredentials {
        if let credentials = inMemory?.credentialsInMemory { return credentials }
        guard let provider else {
            throw BlobError(
                .unauthenticated,
                operation: PresignOptions.operation,
                key: key,
                message: "the configuration is anonymous; a signature needs credentials"
            )
        }
        return try await provider.credentials()
    }

    private func template(
        _ time: SigningTime,
        _ endpoint: S3Endpoint,
        _ credentials: AWSCredentials
    ) -> PresignedURLTemplate? {
        let region = endpoint.signingRegion
        let known = entries.withLock { entries in
            entries.first { $0.fits(time, region, credentials) }?.template
        }
        if let known { return known }
        let template = PresignedURLTemplate(
            endpoint.bucketURL(),
            expiresInSeconds: time.secondCount,
            signer: signer,
            region: region,
            credentials: credentials,
            at: time.date
        )
        guard let template else { return nil }
        let entry = Entry(
            template: template,
            second: time.date,
            secondCount: time.secondCount,
            region: region,
            credentials: credentials
        )
        entries.withLock { entries in
            entries.removeAll { $0.second != time.date }
            if entries.count == Self.maximumEntryCount { entries.removeLast() }
            entries.insert(entry, at: 0)
        }
        return template
    }
}

/// Where a bucket is, and what its vendor can do.
struct S3PresignPlace {
    let endpoint: S3Endpoint
    let vendor: S3Vendor
    /// The tags of blobs that are written.
    var tags: BlobTags?
}

/// What is kept are secrets, which `dump` must not show.
extension S3PresignEngine: CustomStringConvertible, CustomReflectable {
    var description: String { "S3PresignEngine" }

    var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension PresignedOperation {
    /// The method of a request that needs no parameter; `nil` if it needs some.
    fileprivate var plainMethod: StaticString? {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .put: "PUT"
        case .delete: "DELETE"
        case .uploadPart: nil
        }
    }
}

extension AWSCredentials {
    /// Whether signatures of both are the same.
    fileprivate func signsAs(_ other: AWSCredentials) -> Bool {
        guard UTF8Order.equal(accessKeyID, other.accessKeyID),
            UTF8Order.equal(secretAccessKey, other.secretAccessKey)
        else { return false }
        switch (sessionToken, other.sessionToken) {
        case (nil, nil): return true
        case (let a?, let b?): return UTF8Order.equal(a, b)
        default: return false
        }
    }
}
