internal import BlobStorage

/// What the service keeps in the attributes of a record that is not confirmed yet.
enum UploadField {
    static let prefix = "upload:"
    /// How the bytes come: a ``Route``.
    static let route = "upload:route"
    /// The store's name for the multipart upload.
    static let multipartID = "upload:multipart-id"
    /// How many bytes a part has.
    static let partByteCount = "upload:part-byte-count"
    /// Why confirming was refused for good: reason, colon, message.
    static let refusal = "upload:refusal"

    /// How many pairs a request leaves free: for these, and for as many that the application adds
    /// to a record before it is confirmed.
    static let freeCount = 8
    /// How many bytes a request leaves free.
    ///
    /// The longest refusal has 1 KiB, and the id of a multipart upload a few hundred bytes.
    static let freeByteCount = 4 << 10
}

/// The way that the bytes of a document take to its key.
enum Route: String {
    /// Straight: the request writes the key, once.
    case direct
    /// To the incoming key, and by a copy from there, since the store can't bind that a blob is
    /// written once.
    case incoming
    /// By a form to the incoming key; no form can bind that a blob is written once.
    case form
    /// In parts, which become the blob on confirm.
    case parts
}

extension DocumentRecord {
    /// How the bytes come; a record that does not tell is one of a single request.
    var route: Route {
        get { attributes[UploadField.route].flatMap(Route.init(rawValue:)) ?? .direct }
        set { attributes[UploadField.route] = newValue.rawValue }
    }

    /// The multipart upload that brings the bytes.
    var multipartUpload: MultipartUpload? {
        get { attributes[UploadField.multipartID].map { MultipartUpload(key: key, id: $0) } }
        set { attributes[UploadField.multipartID] = newValue?.id }
    }

    /// How the document is cut into parts.
    var partLayout: PartLayout? {
        get {
            guard let byteCount, let text = attributes[UploadField.partByteCount],
                let partByteCount = Int64(text), partByteCount > 0
            else { return nil }
            return PartLayout(byteCount: byteCount, partByteCount: partByteCount)
        }
        set { attributes[UploadField.partByteCount] = newValue.map { String($0.partByteCount) } }
    }

    /// Why confirming was refused for good.
    var refusal: UploadError? {
        get {
            guard let text = attributes[UploadField.refusal] else { return nil }
            let parts = text.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1)
            guard parts.count == 2,
                let reason = UploadError.Reason(
                    rawValue: String(decoding: parts[0], as: UTF8.self)
                )
            else { return nil }
            return UploadError(reason, String(decoding: parts[1], as: UTF8.self), id: id)
        }
        set { attributes[UploadField.refusal] = newValue.map { "\($0.reason):\($0.message)" } }
    }

    /// Takes away what only a reservation needs.
    mutating func removeUploadFields() {
        for (name, _) in attributes.pairs where UTF8Order.hasPrefix(name, UploadField.prefix) {
            attributes[name] = nil
        }
    }

    /// Whether the document is deleted for good: it only waits for its removal.
    var isBeyondRestoring: Bool { state == .deleting && expires == nil }
}
