import BlobStorage
import Foundation

/// A document as clients see it.
struct DocumentView: Encodable, Sendable {
    let id: String
    let fileName: String?
    let contentType: String?
    let byteCount: Int64?
    let created: Timestamp
    let uploaded: Timestamp?
    let etag: String?
    /// The checksum, such as `sha256:…`, if there is one.
    let checksum: String?
    /// Where a small picture of it is; it expires.
    let thumbnailURL: String?
}

/// Makes views of records.
struct DocumentViews: Sendable {
    let thumbnails: any BlobDelivery

    /// A document as clients see it.
    ///
    /// - Throws: What signing the address of its thumbnail does.
    func view(_ record: DocumentRecord) async throws -> DocumentView {
        var thumbnail: String?
        if record.attributes[Thumbnails.attribute] != nil {
            thumbnail = try await thumbnails.url(of: Thumbnails.key(of: record.id)).url
        }
        return DocumentView(
            id: record.id.text,
            fileName: record.fileName,
            contentType: record.contentType,
            byteCount: record.byteCount,
            created: Timestamp(record.created),
            uploaded: record.uploaded.map(Timestamp.init),
            etag: record.etag?.text,
            checksum: record.checksum?.description,
            thumbnailURL: thumbnail
        )
    }
}
