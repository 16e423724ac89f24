import BlobStorage

/// A blob's attributes in JSON.
struct BlobRecord: Encodable {
    let key: String
    let byteCount: Int64
    let etag: String
    let lastModified: String
    var contentType: String?
    var contentEncoding: String?
    var contentLanguage: String?
    var contentDisposition: String?
    var cacheControl: String?
    var expires: String?
    var metadata: [String: String]?
    var checksum: String?

    init(_ attributes: BlobAttributes) {
        key = attributes.key.text
        byteCount = attributes.byteCount
        etag = attributes.etag.text
        lastModified = Timestamp(attributes.lastModified).description
        contentType = attributes.headers.contentType
        contentEncoding = attributes.headers.contentEncoding
        contentLanguage = attributes.headers.contentLanguage
        contentDisposition = attributes.headers.contentDisposition
        cacheControl = attributes.headers.cacheControl
        expires = attributes.headers.expires
        let pairs = attributes.metadata.pairs.map { ($0.name, $0.value) }
        metadata = Dictionary(pairs) { $1 }
        checksum = attributes.checksum?.description
    }

    init(_ blob: ListedBlob) {
        key = blob.key.text
        byteCount = blob.byteCount
        etag = blob.etag.text
        lastModified = Timestamp(blob.lastModified).description
    }
}

/// A common prefix of a listing in JSON.
struct CommonPrefixRecord: Encodable {
    let commonPrefix: String
}

/// Counts in JSON.
struct TotalRecord: Encodable {
    var commonPrefix: String?
    var prefix: String?
    var blobCount: Int
    var byteCount: Int64
}
