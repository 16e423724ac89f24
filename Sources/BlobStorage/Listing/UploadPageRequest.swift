/// Cuts a page out of all uploads of a store, for stores that have few.
///
/// Uploads are ordered by key, then by id, which begins with the time. A token is the id and the
/// key of the page's last upload, so that a page is found even if that upload is gone.
package struct UploadPageRequest {
    private let last: MultipartUpload?
    private let limit: Int

    /// - Throws: ``BlobError`` of kind `invalidArgument`.
    package init(prefix: String, continuationToken: String?, limit: Int) throws {
        try ListOptions(prefix: prefix, limit: limit).validate(operation: "listMultipartUploads")
        last = try continuationToken.map(Self.upload(ofToken:))
        self.limit = limit
    }

    /// The page that follows the token, from all uploads in any order.
    package func cut(_ all: [ListedMultipartUpload]) -> MultipartUploadPage {
        let rest = all.filter { entry in last.map { Self.isBefore($0, entry.upload) } ?? true }
            .sorted { Self.isBefore($0.upload, $1.upload) }
        let uploads = Array(rest.prefix(limit))
        let token = uploads.last.map { "\($0.upload.id):\($0.upload.key.text)" }
        return MultipartUploadPage(
            uploads: uploads,
            continuationToken: rest.count > limit ? token : nil
        )
    }

    private static func isBefore(_ a: MultipartUpload, _ b: MultipartUpload) -> Bool {
        a.key == b.key ? UTF8Order.compare(a.id, b.id) < 0 : a.key < b.key
    }

    private static func upload(ofToken token: String) throws -> MultipartUpload {
        guard let colon = token.utf8.firstIndex(of: UInt8(ascii: ":")),
            let key = try? BlobKey(String(token[token.utf8.index(after: colon)...]))
        else {
            throw BlobError(
                .invalidArgument,
                operation: "listMultipartUploads",
                message: "the continuation token is not from this store"
            )
        }
        return MultipartUpload(key: key, id: String(token[..<colon]))
    }
}

extension UploadedPart {
    /// Compares what a caller says of a part with what the store has.
    ///
    /// - Returns: What the store has.
    /// - Throws: ``BlobError`` of kind `invalidArgument`.
    package func check(against found: UploadedPart?, key: BlobKey) throws -> UploadedPart {
        guard let found else {
            let message = "part \(number) was not uploaded"
            throw BlobError(
                .invalidArgument,
                operation: "completeMultipartUpload",
                key: key,
                message: message
            )
        }
        guard found.etag == etag else {
            let message =
                "part \(number) has etag \(EscapedText(found.etag)), not \(EscapedText(etag)); "
                + "it was sent again"
            throw BlobError(
                .invalidArgument,
                operation: "completeMultipartUpload",
                key: key,
                message: message
            )
        }
        return found
    }
}

extension BlobError {
    /// The upload was completed or aborted, or there never was one.
    package static func noSuchUpload(_ upload: MultipartUpload, _ operation: String) -> BlobError {
        BlobError(
            .notFound,
            operation: operation,
            key: upload.key,
            message: "there is no upload \"\(EscapedText(upload.id))\"; "
                + "it was completed or aborted, or is another store's"
        )
    }
}
