internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler
internal import Foundation

/// The conditions on a read, or on the source of a copy.
///
/// - SeeAlso: RFC 9110, section 13; https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
struct RequestConditions: Sendable {
    let ifMatch: ETagCondition?
    let ifNoneMatch: ETagCondition?
    let modifiedSince: Date?
    let unmodifiedSince: Date?

    /// - Parameters:
    ///   - headers: The request's headers.
    ///   - prefix: What the names begin with: empty, or `x-amz-copy-source-`.
    init(_ headers: HTTPHeaders, prefix: String = "") {
        ifMatch = ETagCondition(headers[prefix + "if-match"])
        ifNoneMatch = ETagCondition(headers[prefix + "if-none-match"])
        // A date that is none is ignored (RFC 9110, section 13.1.3).
        modifiedSince = headers[prefix + "if-modified-since"].flatMap { HTTPDate.parse($0) }
        unmodifiedSince = headers[prefix + "if-unmodified-since"].flatMap { HTTPDate.parse($0) }
    }

    /// Whether a store can check all of them by itself.
    private var isPlain: Bool {
        (ifMatch.map { $0.single != nil } ?? true) && (ifNoneMatch.map { $0.single != nil } ?? true)
    }

    /// The conditions as a store checks them.
    ///
    /// Lists and `*` are checked here on the blob that is there now, and the store is then told to
    /// have just that one.
    ///
    /// - Parameter current: Looks at the blob.
    /// - Returns: What the store is to check.
    /// - Throws: `GatewayError` if one does not hold; what `current` throws.
    func resolved(_ current: () async throws -> BlobAttributes) async throws -> ReadConditions {
        var conditions = ReadConditions(
            ifMatches: ifMatch?.single,
            ifNoneMatches: ifNoneMatch?.single,
            modifiedSince: ifNoneMatch == nil ? modifiedSince : nil,
            unmodifiedSince: ifMatch == nil ? unmodifiedSince : nil
        )
        guard !isPlain else { return conditions }
        let found = try await current()
        if let ifMatch, !ifMatch.holds(for: found.etag) {
            throw GatewayError.preconditionFailed("If-Match")
        }
        if let ifNoneMatch, ifNoneMatch.holds(for: found.etag) {
            // As a store says it, so that it is answered in one way.
            throw BlobError(
                .notModified,
                operation: "get",
                key: found.key,
                message: "the blob has one of the etags"
            )
        }
        // A date that comes with a list is the store's to check; its etag is now this one.
        conditions.ifMatches = found.etag
        conditions.ifNoneMatches = nil
        return conditions
    }
}

extension WriteCondition {
    /// The condition on a write.
    ///
    /// - Throws: `GatewayError` for what S3 has no such condition for.
    init(_ headers: HTTPHeaders) throws(GatewayError) {
        let ifMatch = ETagCondition(headers["if-match"])
        let ifNoneMatch = ETagCondition(headers["if-none-match"])
        switch (ifMatch, ifNoneMatch) {
        case (nil, nil): self = .none
        case (nil, let condition?):
            guard condition.isAny else { throw .notImplemented("If-None-Match with an etag") }
            self = .ifAbsent
        case (let condition?, nil):
            guard let etag = condition.single else {
                throw .notImplemented("If-Match with other than one etag")
            }
            self = .ifMatches(etag)
        default: throw .notImplemented("If-Match together with If-None-Match")
        }
    }
}
