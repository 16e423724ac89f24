import BlobStorage

/// How files are downloaded: from the store by signed URLs, or through a network in front of it.
struct DownloadAddresses: Sendable {
    /// Whether a browser saves a file or shows it.
    enum Disposition: Sendable {
        case attachment
        case inline
    }

    /// Makes the addresses.
    let delivery: any BlobDelivery
    /// Whether an address can say what the answer's headers are.
    let setsHeaders: Bool
    /// How long addresses are good.
    let lifetime: Duration

    /// What the address of a document is to be.
    ///
    /// A network in front of the store answers with the headers that the store keeps, so the
    /// disposition has no effect there.
    func options(_ record: DocumentRecord, _ kind: Disposition) -> DeliveryOptions {
        guard setsHeaders else { return DeliveryOptions(lifetime: lifetime) }
        let disposition: ContentDisposition =
            switch kind {
            case .attachment: .attachment(record.fileName)
            case .inline: .inline(record.fileName)
            }
        let headers = ResponseHeaders(disposition: disposition)
        return DeliveryOptions(lifetime: lifetime, responseHeaders: headers)
    }
}
