public import BlobStorage
public import Foundation

/// Takes documents from clients that send their bytes straight to the store.
///
/// One state machine on every store: a client **reserves** a place and gets a ticket, sends the bytes
/// as the ticket says, and **confirms**; then the document has a record with the size and the etag of
/// its blob, and an address. What was never confirmed, and what was deleted, a **sweep** removes.
///
///     let uploads = try UploadService(store: store, metadata: documents)
///     let ticket = try await uploads.reserve(request, owner: "user-42")
///     // The client sends its bytes to the store, and comes back.
///     let record = try await uploads.confirm(ticket.id, owner: "user-42")
///
/// Who the owner is, is for the application to find out: every call brings it, and another owner's
/// document is as if it were not there. Nothing is lost, and nothing is confirmed that has no blob, if
/// the process dies between any two steps, or if several processes serve one store.
///
/// The keys under ``keyPrefix`` and ``incomingPrefix`` are the service's own: a sweep removes blobs
/// there that no record knows of.
public struct UploadService: Sendable {
    /// What may be uploaded.
    public let policy: UploadPolicy
    let keys: UploadKeys
    let store: any BlobStore & BlobPresigner
    let metadata: any MetadataStore
    let delivery: any BlobDelivery
    let ids: DocumentIDMaker
    let now: @Sendable () -> Date

    /// Creates a service.
    ///
    /// - Parameters:
    ///   - store: Where the bytes go; one that is also a `MultipartBlobStore` takes large documents
    ///     in parts.
    ///   - metadata: Where the records are.
    ///   - policy: What may be uploaded.
    ///   - delivery: Makes the addresses of documents; `nil` has the store sign them.
    ///   - keyPrefix: What the keys of documents begin with; it ends with a slash.
    ///   - ids: Makes the ids of documents; `nil` makes them by `now`.
    ///   - now: Tells the time.
    /// - Throws: `BlobError` of kind `invalidArgument` for a policy or a prefix that makes no sense.
    public init(
        store: any BlobStore & BlobPresigner,
        metadata: any MetadataStore,
        policy: UploadPolicy = UploadPolicy(),
        delivery: (any BlobDelivery)? = nil,
        keyPrefix: String = "uploads/",
        ids: DocumentIDMaker? = nil,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        try policy.validate()
        keys = try UploadKeys(prefix: keyPrefix)
        self.store = store
        self.metadata = metadata
        self.policy = policy
        self.delivery = delivery ?? PresignedDelivery(store)
        self.ids = ids ?? DocumentIDMaker(now: now)
        self.now = now
    }

    /// What the keys of documents begin with.
    public var keyPrefix: String { keys.prefix }

    /// What the keys of bytes begin with that wait for their confirmation, where the store can't
    /// hold a client to write a blob once: `incoming/` and ``keyPrefix``.
    public var incomingPrefix: String { keys.incomingPrefix }

    /// Makes what the store and the records need, such as a folder or a table.
    ///
    /// - Throws: `BlobError`.
    public func prepare() async throws {
        try await store.prepare()
        try await metadata.prepare()
    }
}
