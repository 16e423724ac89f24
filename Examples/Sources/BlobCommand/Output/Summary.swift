import BlobStorage

/// A blob in one line: what a command that wrote or read it says.
struct Summary {
    let text: String

    init(_ blob: BlobAttributes) {
        let key = DisplayText(blob.key.text)
        let etag = DisplayText(blob.etag.text)
        text = "\(key)  \(ByteCount(blob.byteCount))  \(etag)"
    }
}
