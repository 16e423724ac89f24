public import BlobStorage

/// A document that is uploaded in parts: how it is cut, what is there, what to send next.
public struct UploadParts: Sendable, Hashable, Codable {
    /// The most presigned requests of one ticket.
    public static let maximumRequestCount = 100

    /// How many bytes the document has.
    public let byteCount: Int64
    /// How many bytes each part has, but for the last one.
    public let partByteCount: Int64
    /// How many parts there are, numbered from 1.
    public let partCount: Int
    /// The numbers of the parts that are there, rising.
    public let uploaded: [Int]
    /// The first parts that are missing, at most ``maximumRequestCount``.
    ///
    /// Another ticket has the next ones. If there are none, and none is missing, confirm.
    public let parts: [PresignedPart]

    /// Creates the parts of a ticket.
    ///
    /// - Parameters:
    ///   - byteCount: How many bytes the document has.
    ///   - partByteCount: How many bytes each part has, but for the last one.
    ///   - partCount: How many parts there are.
    ///   - uploaded: The numbers of the parts that are there, rising.
    ///   - parts: The first parts that are missing.
    public init(
        byteCount: Int64,
        partByteCount: Int64,
        partCount: Int,
        uploaded: [Int],
        parts: [PresignedPart]
    ) {
        self.byteCount = byteCount
        self.partByteCount = partByteCount
        self.partCount = partCount
        self.uploaded = uploaded
        self.parts = parts
    }
}

/// One part to send.
public struct PresignedPart: Sendable, Hashable, Codable {
    /// The part's number, from 1.
    public let number: Int
    /// Where the part begins in the document, in bytes.
    public let offset: Int64
    /// How many bytes the part has.
    public let byteCount: Int64
    /// The request that uploads it, with those bytes as its body.
    public let request: PresignedRequest

    /// Creates a part.
    ///
    /// - Parameters:
    ///   - number: The part's number, from 1.
    ///   - offset: Where the part begins in the document.
    ///   - byteCount: How many bytes the part has.
    ///   - request: The request that uploads it.
    public init(number: Int, offset: Int64, byteCount: Int64, request: PresignedRequest) {
        self.number = number
        self.offset = offset
        self.byteCount = byteCount
        self.request = request
    }
}
