/// What a read gives: a body, and the attributes the blob had when the read began.
public struct Blob: Sendable {
    /// The attributes of the whole blob.
    public let attributes: BlobAttributes
    /// The bytes of the blob that the body delivers, counted from 0.
    public let range: Range<Int64>
    /// The bytes; fetched as they are read.
    public let body: BlobBody

    /// Creates the result of a read.
    public init(attributes: BlobAttributes, range: Range<Int64>, body: BlobBody) {
        self.attributes = attributes
        self.range = range
        self.body = body
    }
}
