internal import BlobStorage

/// What may be uploaded, how, and how long a client has.
public struct UploadPolicy: Sendable {
    /// Decides whether an owner may upload once more; what it throws refuses the reservation.
    ///
    /// It is asked after all else, before anything is kept. Throw an ``UploadError`` of reason
    /// `quotaExceeded` to refuse.
    public typealias Quota =
        @Sendable (_ request: UploadRequest, _ owner: String) async throws ->
        Void

    /// The media types that are taken: `image/png`, or `image/*` for all of a kind; `nil` takes any.
    public var allowedTypes: [String]?
    /// The extensions of file names that are taken, in lower case and without the dot; `nil` takes
    /// any, and names without one.
    public var allowedExtensions: [String]?
    /// The most bytes of a document.
    public var maximumByteCount: Int64
    /// Whether a document may have no bytes at all.
    public var allowsEmpty: Bool
    /// Whether the first bytes of a blob are read on confirm, and must not contradict its type.
    public var checksFirstBytes: Bool
    /// From how many bytes on a document is uploaded in parts, where the store can.
    public var multipartThreshold: Int64
    /// How many bytes a part has; more for a document that would have too many parts.
    public var partByteCount: Int64
    /// How long a presigned request is good: 5 to 15 minutes are usual.
    ///
    /// A client that needs longer asks for another ticket.
    public var requestLifetime: Duration
    /// How long a client has, from the reservation to the confirmation.
    public var reservationLifetime: Duration
    /// Decides whether an owner may upload once more.
    public var quota: Quota?

    /// Creates a policy; without arguments any type of 1 byte to 5 GiB is taken.
    ///
    /// - Parameters:
    ///   - allowedTypes: The media types that are taken.
    ///   - allowedExtensions: The extensions that are taken, in lower case and without the dot.
    ///   - maximumByteCount: The most bytes of a document.
    ///   - allowsEmpty: Whether a document may have no bytes.
    ///   - checksFirstBytes: Whether the first bytes must not contradict the type.
    ///   - multipartThreshold: From how many bytes on a document is uploaded in parts.
    ///   - partByteCount: How many bytes a part has.
    ///   - requestLifetime: How long a presigned request is good.
    ///   - reservationLifetime: How long a client has in all.
    ///   - quota: Decides whether an owner may upload once more.
    public init(
        allowedTypes: [String]? = nil,
        allowedExtensions: [String]? = nil,
        maximumByteCount: Int64 = 5 << 30,
        allowsEmpty: Bool = false,
        checksFirstBytes: Bool = true,
        multipartThreshold: Int64 = 16 << 20,
        partByteCount: Int64 = 8 << 20,
        requestLifetime: Duration = .seconds(900),
        reservationLifetime: Duration = .seconds(86_400),
        quota: Quota? = nil
    ) {
        self.allowedTypes = allowedTypes
        self.allowedExtensions = allowedExtensions
        self.maximumByteCount = maximumByteCount
        self.allowsEmpty = allowsEmpty
        self.checksFirstBytes = checksFirstBytes
        self.multipartThreshold = multipartThreshold
        self.partByteCount = partByteCount
        self.requestLifetime = requestLifetime
        self.reservationLifetime = reservationLifetime
        self.quota = quota
    }
}
