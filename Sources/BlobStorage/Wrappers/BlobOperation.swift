/// One call to a store, as an observer sees it.
@nonexhaustive
public enum BlobOperation: Sendable {
    /// The store's bucket or folder is made.
    case prepare
    /// A blob is written; the byte count is the body's, if it knows it.
    case put(BlobKey, byteCount: Int64?)
    /// A blob, or a range of it, is read.
    case get(BlobKey, range: ByteRange?)
    /// A blob's attributes are read.
    case head(BlobKey)
    /// A blob is deleted.
    case delete(BlobKey)
    /// Many blobs are deleted in one call.
    case bulkDelete([BlobKey])
    /// One page of keys is listed.
    case list(prefix: String)
    /// A blob is copied inside the store.
    case copy(BlobKey, to: BlobKey)
    /// A multipart upload is begun.
    case createMultipartUpload(BlobKey)
    /// A part is uploaded; the byte count is the body's, if it knows it.
    case uploadPart(Int, of: MultipartUpload, byteCount: Int64?)
    /// One page of an upload's parts is listed.
    case listParts(of: MultipartUpload)
    /// The parts of an upload are made one blob.
    case completeMultipartUpload(MultipartUpload)
    /// An upload is dropped.
    case abortMultipartUpload(MultipartUpload)
    /// One page of uploads is listed.
    case listMultipartUploads(prefix: String)
    /// A request on a blob is signed for a client.
    case presign(PresignedOperation, BlobKey)
    /// A form for the upload of a blob is signed for a client.
    case presignForm(BlobKey)
    /// A blob's tags are read.
    case tags(of: BlobKey)
    /// A blob's tags are replaced.
    case setTags(of: BlobKey)

    /// The operation's name, as in ``BlobError/operation``; one of a few, fit for a metric's label.
    public var name: String {
        switch self {
        case .prepare: "prepare"
        case .put: "put"
        case .get: "get"
        case .head: "head"
        case .delete, .bulkDelete: "delete"
        case .list: "list"
        case .copy: "copy"
        case .createMultipartUpload: "createMultipartUpload"
        case .uploadPart: "uploadPart"
        case .listParts: "listParts"
        case .completeMultipartUpload: "completeMultipartUpload"
        case .abortMultipartUpload: "abortMultipartUpload"
        case .listMultipartUploads: "listMultipartUploads"
        case .presign: "presign"
        case .presignForm: "presignForm"
        case .tags: "tags"
        case .setTags: "setTags"
        }
    }

    /// The key that the call is about, if it is about one; a copy's is its source.
    public var key: BlobKey? {
        switch self {
        case .put(let key, _), .get(let key, _), .head(let key), .delete(let key),
            .copy(let key, _), .createMultipartUpload(let key), .presign(_, let key),
            .presignForm(let key), .tags(let key), .setTags(let key):
            key
        case .uploadPart(_, let upload, _), .listParts(let upload),
            .completeMultipartUpload(let upload), .abortMultipartUpload(let upload):
            upload.key
        case .prepare, .bulkDelete, .list, .listMultipartUploads: nil
        }
    }
}

/// How a call to a store ended, as an observer sees it.
public struct BlobOperationEnd: Sendable {
    /// The ways in which a call ends.
    public enum Outcome: Sendable {
        /// It did what it should; a body that was read came to its end.
        case succeeded
        /// It threw, or its body did; cancellation is a `CancellationError`. Of many blobs that
        /// were to be deleted, this is the first failure.
        case failed(any Error)
        /// The call gave a body, which was let go before its end.
        case left
    }

    /// How it ended.
    public let outcome: Outcome
    /// The bytes written or, of a `get`, those that its reader took; `nil` where there are none, or
    /// where a write failed.
    public let byteCount: Int64?
    /// How long it took from the call to the answer.
    public let timeToAnswer: Duration
    /// How long it took from the call to the end, which for a `get` is the end of its body.
    public let duration: Duration

    /// Creates an end, as for the test of an observer.
    public init(
        _ outcome: Outcome,
        byteCount: Int64? = nil,
        timeToAnswer: Duration,
        duration: Duration
    ) {
        self.outcome = outcome
        self.byteCount = byteCount
        self.timeToAnswer = timeToAnswer
        self.duration = duration
    }

    /// What was thrown, if something was.
    public var error: (any Error)? {
        guard case .failed(let error) = outcome else { return nil }
        return error
    }
}
