internal import BlobStorage

extension UploadPolicy {
    /// The shortest that a presigned request can be good.
    private static let shortestLifetime = Duration.seconds(1)
    /// The longest, as Signature Version 4 has it.
    private static let longestRequestLifetime = Duration.seconds(604_800)
    /// The longest reservation: a hundred years, beyond which times are no use.
    private static let longestReservation = Duration.seconds(3_153_600_000)

    /// Throws unless the policy makes sense.
    ///
    /// - Throws: `BlobError` of kind `invalidArgument`.
    func validate() throws {
        for pattern in allowedTypes ?? [] where !MediaType.isPattern(pattern) {
            throw BlobError.policy(
                "the allowed type \"\(EscapedText(pattern))\" is none; types are in lower case: "
                    + "image/png, image/* or */*"
            )
        }
        for text in allowedExtensions ?? [] where FileExtension(verbatim: text) == nil {
            throw BlobError.policy(
                "the allowed extension \"\(EscapedText(text))\" is none; extensions are 1 to "
                    + "\(FileExtension.maximumByteCount) of a–z and 0–9, without the dot"
            )
        }
        guard maximumByteCount >= 1, multipartThreshold >= 1, partByteCount >= 1 else {
            throw BlobError.policy("the most bytes, the threshold and the part have 1 byte or more")
        }
        guard (Self.shortestLifetime...Self.longestRequestLifetime).contains(requestLifetime) else {
            throw BlobError.policy("requests are good for 1 to 604,800 seconds")
        }
        guard (Self.shortestLifetime...Self.longestReservation).contains(reservationLifetime) else {
            throw BlobError.policy("reservations are good for a second to a hundred years")
        }
    }

    /// Throws unless an upload may be tried; nothing is asked of the store, nor of the quota.
    ///
    /// - Returns: The media type, and the extension that the key gets.
    /// - Throws: ``UploadError``.
    func check(_ request: UploadRequest) throws -> (type: MediaType, suffix: FileExtension?) {
        guard let type = MediaType(request.contentType) else {
            throw UploadError(
                .invalid,
                "the content type is none; it is a type, a slash and a subtype, at most "
                    + "\(DocumentRecord.maximumShortTextByteCount) bytes with its parameters"
            )
        }
        if let allowedTypes, !allowedTypes.contains(where: type.matches) {
            let names = allowedTypes.joined(separator: ", ")
            throw UploadError(.typeNotAllowed, "the type is \(type.essence); allowed are \(names)")
        }
        let nameLimit = DocumentRecord.maximumFileNameByteCount
        if let count = request.fileName?.utf8.count, count > nameLimit {
            throw UploadError(.invalid, "the file name has \(count) bytes; at most \(nameLimit)")
        }
        let suffix = request.fileName.flatMap(FileExtension.init(ofFileNamed:))
        if let allowedExtensions {
            guard let suffix, allowedExtensions.contains(suffix.text) else {
                let names = allowedExtensions.joined(separator: ", ")
                let found = suffix.map { "the extension is \($0.text)" } ?? "there is no extension"
                throw UploadError(.extensionNotAllowed, "\(found); allowed are \(names)")
            }
        }
        if let byteCount = request.byteCount { try check(byteCount: byteCount) }
        try check(request.attributes)
        return (type, suffix.flatMap { $0.fits(type) ? $0 : nil })
    }

    private func check(byteCount: Int64) throws {
        guard byteCount >= 0 else {
            throw UploadError(.invalid, "the byte count is \(byteCount); it can't be negative")
        }
        guard byteCount > 0 || allowsEmpty else {
            throw UploadError(.empty, "the document has no bytes; it has at least one")
        }
        guard byteCount <= maximumByteCount else {
            throw UploadError(
                .tooLarge,
                "the document has \(byteCount) bytes; at most \(maximumByteCount) are allowed"
            )
        }
    }

    private func check(_ attributes: DocumentAttributes) throws {
        for (name, _) in attributes.pairs where UTF8Order.hasPrefix(name, UploadField.prefix) {
            let message = "attributes named \(UploadField.prefix)… are the service's own"
            throw UploadError(.invalid, message)
        }
        // The record must have room for the service's own to the end: for a refusal, too.
        let mostPairs = DocumentAttributes.maximumCount - UploadField.freeCount
        guard attributes.count <= mostPairs else {
            let message = "there are \(attributes.count) attributes; at most \(mostPairs)"
            throw UploadError(.invalid, message)
        }
        let mostBytes = DocumentAttributes.maximumByteCount - UploadField.freeByteCount
        guard attributes.byteCount <= mostBytes else {
            let message =
                "the attributes have \(attributes.byteCount) bytes; at most \(mostBytes)"
            throw UploadError(.invalid, message)
        }
    }

    /// How many bytes an upload may have whose size was not reserved.
    var byteCounts: ClosedRange<Int64> { (allowsEmpty ? 0 : 1)...maximumByteCount }
}

extension BlobError {
    /// A policy, or another setting of the service, makes no sense.
    static func policy(_ message: String) -> BlobError {
        BlobError(.invalidArgument, operation: "uploads", message: message)
    }
}
