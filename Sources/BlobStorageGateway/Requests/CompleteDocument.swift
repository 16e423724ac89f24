internal import BlobStorage
internal import BlobStorageXML

/// The document of `CompleteMultipartUpload`.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
struct CompleteDocument: Sendable {
    /// The parts, in the order in which they are named.
    let parts: [(number: Int, etag: ETag)]

    /// The most parts, as with S3.
    static let maximumPartCount = 10_000

    /// - Throws: `GatewayError` if it is no such document.
    init(_ bytes: [UInt8]) throws(GatewayError) {
        let root = try XMLNode.request(bytes, root: "CompleteMultipartUpload")
        let nodes = root.children(named: "Part")
        guard (1...Self.maximumPartCount).contains(nodes.count) else { throw .malformedXML }
        var parts: [(number: Int, etag: ETag)] = []
        parts.reserveCapacity(nodes.count)
        for node in nodes {
            guard let number = node.child("PartNumber")?.text.trimmed.decimal,
                let etag = node.child("ETag")?.text
            else { throw .malformedXML }
            parts.append((Int(number), ETag(quoting: etag)))
        }
        self.parts = parts
    }

    /// The parts as the store has them.
    ///
    /// - Parameters:
    ///   - found: The parts of the upload, by number.
    ///   - limits: The smallest size of a part.
    /// - Returns: The parts, with their sizes.
    /// - Throws: `GatewayError` if one is missing or another, too small, or out of order.
    func matched(
        with found: [Int: UploadedPart],
        limits: MultipartLimits
    ) throws(GatewayError) -> [UploadedPart] {
        var matched: [UploadedPart] = []
        matched.reserveCapacity(parts.count)
        for (number, etag) in parts {
            guard matched.last.map({ $0.number < number }) ?? true else {
                throw GatewayError(
                    400,
                    "InvalidPartOrder",
                    "The list of parts was not in ascending order. The parts list must be "
                        + "specified in order by part number."
                )
            }
            guard let part = found[number], part.etag == etag else {
                var error = GatewayError(
                    400,
                    "InvalidPart",
                    "One or more of the specified parts could not be found. The part may not have "
                        + "been uploaded, or the specified entity tag may not match the part's "
                        + "entity tag."
                )
                error.details = [("PartNumber", String(number)), ("ETag", etag.text)]
                throw error
            }
            matched.append(part)
        }
        for part in matched.dropLast() where part.byteCount < limits.minimumPartByteCount {
            var error = GatewayError(
                400,
                "EntityTooSmall",
                "Your proposed upload is smaller than the minimum allowed size"
            )
            error.details = [
                ("ProposedSize", String(part.byteCount)),
                ("MinSizeAllowed", String(limits.minimumPartByteCount)),
                ("PartNumber", String(part.number)), ("ETag", part.etag.text),
            ]
            throw error
        }
        return matched
    }
}
