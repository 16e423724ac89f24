internal import BlobStorage

/// An upload by a form, verified up to its file.
struct FormUpload: Sendable {
    /// What to answer once the blob is kept.
    enum SuccessAction: Sendable, Hashable {
        /// `201` with a document, `200`, or `204`, which is what S3 does unless told otherwise.
        case status(Int)
        /// `303` to there, with `bucket`, `key` and `etag` added to its query.
        case redirect(String)
    }

    /// The key, with the file's name put in where the form asked for it.
    let key: BlobKey
    /// Who signed, and the file.
    ///
    /// Its headers are the fields that a `PUT` would have as headers:
    /// `content-type`, `x-amz-meta-…`, checksums and so on.
    let caller: Caller
    let success: SuccessAction
}
