public import Foundation

/// A multipart upload that was begun.
public struct MultipartUpload: Sendable, Hashable, Codable {
    /// The blob that it will become.
    public let key: BlobKey
    /// The store's name for the upload.
    public let id: String

    /// Creates the name of an upload, such as one that was kept in a database.
    public init(key: BlobKey, id: String) {
        self.key = key
        self.id = id
    }
}

/// A part that was uploaded.
public struct UploadedPart: Sendable, Hashable, Codable {
    /// The part's place, from 1.
    public let number: Int
    /// The mark of this version of the part.
    public let etag: ETag
    /// The part's size in bytes.
    public let byteCount: Int64

    /// Creates the record of a part.
    public init(number: Int, etag: ETag, byteCount: Int64) {
        self.number = number
        self.etag = etag
        self.byteCount = byteCount
    }
}

/// One answer of a listing of parts.
public struct PartPage: Sendable {
    /// The parts, by number.
    public var parts: [UploadedPart]
    /// What to begin the next page after; `nil` on the last one.
    public var nextStartAfter: Int?

    /// Creates a page.
    public init(parts: [UploadedPart], nextStartAfter: Int? = nil) {
        self.parts = parts
        self.nextStartAfter = nextStartAfter
    }
}

/// An upload in a listing.
public struct ListedMultipartUpload: Sendable, Hashable {
    /// The upload.
    public var upload: MultipartUpload
    /// When it was begun.
    public var created: Date

    /// Creates an entry.
    public init(upload: MultipartUpload, created: Date) {
        self.upload = upload
        self.created = created
    }
}

/// One answer of a listing of uploads.
public struct MultipartUploadPage: Sendable {
    /// The uploads, by key and then by time.
    public var uploads: [ListedMultipartUpload]
    /// What to pass on to get the next page; `nil` on the last one.
    public var continuationToken: String?

    /// Creates a page.
    public init(uploads: [ListedMultipartUpload], continuationToken: String? = nil) {
        self.uploads = uploads
        self.continuationToken = continuationToken
    }
}
