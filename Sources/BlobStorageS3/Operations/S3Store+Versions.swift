public import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHTTP
public import Foundation

/// One version of a blob, in a bucket that keeps them.
public struct S3BlobVersion: Sendable, Hashable {
    /// The blob's key.
    public let key: BlobKey
    /// The version's name; `null` for one that was written before versions were kept.
    public let id: String
    /// Whether it is the one that reads without a version see.
    public let isLatest: Bool
    /// When it was written.
    public let lastModified: Date
    /// What was written; `nil` for the mark of a deletion.
    public let content: Content?

    /// What a version that is no mark of a deletion has.
    public struct Content: Sendable, Hashable {
        /// The size in bytes.
        public let byteCount: Int64
        /// The mark of this version.
        public let etag: ETag
    }
}

/// One answer of a listing of versions.
public struct S3VersionPage: Sendable {
    /// The versions, by key in byte order, the newest of a key first.
    public let versions: [S3BlobVersion]
    /// What to pass on to get the next page; `nil` on the last one.
    public let continuationToken: String?
}

extension S3Store {
    /// Reads a version of a blob.
    ///
    /// - Parameters:
    ///   - key: The blob.
    ///   - version: The version's name, from ``listVersions(prefix:continuationToken:limit:)``.
    ///   - range: The bytes to read; `nil` reads all.
    ///   - options: Conditions on the read.
    /// - Returns: The body and the attributes of that version.
    /// - Throws: `BlobError` of kind `notFound` if there is no such version.
    public func get(
        _ key: BlobKey,
        version: String,
        range: ByteRange? = nil,
        options: GetOptions = GetOptions()
    ) async throws -> Blob {
        try await reading(version).get(key, range: range, options: options)
    }

    /// Reads the attributes of a version of a blob.
    ///
    /// - Throws: `BlobError` of kind `notFound` if there is no such version.
    public func head(_ key: BlobKey, version: String) async throws -> BlobAttributes {
        try await reading(version).head(key, options: HeadOptions())
    }

    /// Deletes a version for good; one that is not there counts as deleted.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
    public func delete(_ key: BlobKey, version: String) async throws {
        let call = S3Call("DeleteObject", .delete, key, query: [("versionId", version)])
        do {
            _ = try await perform(call, "delete") { $0.status }
        } catch let error as BlobError where error.kind == .notFound {
            return
        }
    }

    /// Lists the versions of blobs, deleted ones too.
    ///
    /// - Parameters:
    ///   - prefix: What keys must begin with.
    ///   - continuationToken: That of the page before.
    ///   - limit: The most versions of a page, up to 1,000.
    /// - Returns: A page.
    /// - Throws: `BlobError` of kind `invalidArgument` if the token is no token of such a listing.
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
    public func listVersions(
        prefix: String = "",
        continuationToken: String? = nil,
        limit: Int = ListOptions.maximumLimit
    ) async throws -> S3VersionPage {
        try ListOptions(prefix: prefix, limit: limit).validate(operation: "listVersions")
        var call = S3Call("ListObjectVersions", .get, query: [("versions", nil)])
        if vendor.encodesListings { call.query.append(("encoding-type", "url")) }
        call.query.append(("max-keys", String(limit)))
        if !prefix.isEmpty { call.query.append(("prefix", prefix)) }
        if let continuationToken {
            let marker = try PageMarker(token: continuationToken, operation: "listVersions")
            call.query.append(("key-marker", marker.key))
            call.query.append(("version-id-marker", marker.id))
        }
        return try await perform(call, "listVersions") { response in
            let answer = try S3VersionsAnswer(
                try await response.document(),
                head: S3AnswerHead(response)
            )
            let marker = answer.nextMarker.map { PageMarker(key: $0.key, id: $0.versionID ?? "") }
            return S3VersionPage(
                versions: try answer.entries.map(S3BlobVersion.init),
                continuationToken: marker?.token
            )
        }
    }

    private func reading(_ version: String) -> S3Store {
        var store = self
        store.readVersion = version
        return store
    }
}

extension S3BlobVersion {
    fileprivate init(_ entry: S3VersionsAnswer.Entry) throws(AWSFailure) {
        guard let lastModified = entry.lastModified else {
            throw AWSFailure(.badAnswer("a version has no <LastModified>"))
        }
        var content: Content?
        if !entry.isDeleteMarker {
            guard let etag = entry.etag else {
                throw AWSFailure(.badAnswer("a version has no <ETag>"))
            }
            content = Content(byteCount: entry.byteCount, etag: etag)
        }
        self.init(
            key: entry.key,
            id: entry.versionID,
            isLatest: entry.isLatest,
            lastModified: lastModified,
            content: content
        )
    }
}
