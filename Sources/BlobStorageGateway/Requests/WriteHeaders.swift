internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler

/// What the headers of a write say about the blob to come.
struct WriteHeaders: Sendable {
    /// The headers to keep.
    let content: ContentHeaders
    /// The user's own pairs.
    let metadata: BlobMetadata

    /// - Parameters:
    ///   - headers: The header fields of the request.
    ///   - isEncryptedAtRest: Whether encryption with the server's keys may be asked for.
    /// - Throws: `GatewayError` for what the gateway can't do, so that nobody takes it for done, and
    ///   for metadata that S3 refuses.
    init(_ headers: HTTPHeaders, isEncryptedAtRest: Bool) throws(GatewayError) {
        try Self.refuse(headers, isEncryptedAtRest: isEncryptedAtRest)
        content = Self.content(headers)
        metadata = try Self.metadata(headers)
    }

    private static func content(_ headers: HTTPHeaders) -> ContentHeaders {
        var content = ContentHeaders()
        for field in headers.fields where !field.value.isEmpty {
            _ = content.set(field.name.lowercasedASCII, to: field.value)
        }
        if let coding = content.contentEncoding {
            // `aws-chunked` is how the body travelled, not what it is.
            let codings = coding.listItems.filter { $0.lowercasedASCII != "aws-chunked" }
            if codings.count != coding.listItems.count {
                content.contentEncoding = codings.isEmpty ? nil : codings.joined(separator: ",")
            }
        }
        return content
    }

    private static let prefix = "x-amz-meta-"

    private static func metadata(_ headers: HTTPHeaders) throws(GatewayError) -> BlobMetadata {
        var values: [String: String] = [:]
        var byteCount = 0
        for field in headers.fields where field.name.utf8.count > prefix.utf8.count {
            let name = field.name.lowercasedASCII
            guard name.utf8.starts(with: prefix.utf8) else { continue }
            let rest = String(
                decoding: Array(name.utf8.dropFirst(prefix.utf8.count)),
                as: UTF8.self
            )
            byteCount += rest.utf8.count + field.value.utf8.count
            values[rest] = values[rest].map { "\($0),\(field.value)" } ?? field.value
        }
        guard byteCount <= BlobMetadata.maximumByteCount else {
            var error = GatewayError(
                400,
                "MetadataTooLarge",
                "Your metadata headers exceed the maximum allowed metadata size"
            )
            error.details = [
                ("Size", String(byteCount)),
                ("MaxSizeAllowed", String(BlobMetadata.maximumByteCount)),
            ]
            throw error
        }
        return BlobMetadata(values.mapValues(S3MetadataEncoding.decode))
    }

    /// Throws for headers that promise what no store behind a gateway does.
    private static func refuse(
        _ headers: HTTPHeaders,
        isEncryptedAtRest: Bool
    ) throws(GatewayError) {
        for field in headers.fields {
            let name = field.name.lowercasedASCII
            guard name.utf8.starts(with: "x-amz-".utf8) else { continue }
            switch name {
            case "x-amz-storage-class":
                guard field.value != "STANDARD" else { continue }
                throw GatewayError(
                    400,
                    "InvalidStorageClass",
                    "The storage class you specified is not valid: every blob is STANDARD here"
                )
            case "x-amz-acl":
                guard !harmlessACLs.contains(field.value) else { continue }
                throw noACLs
            case ServerSideEncryption.header:
                try ServerSideEncryption.check(field.value, isEncryptedAtRest: isEncryptedAtRest)
            case "x-amz-website-redirect-location", "x-amz-write-offset-bytes":
                throw .notImplemented(name)
            default: try refusePrefix(name)
            }
        }
    }

    private static func refusePrefix(_ name: String) throws(GatewayError) {
        if name.hasPrefix("x-amz-grant-") { throw noACLs }
        if name.hasPrefix("x-amz-object-lock-") {
            throw .invalidRequest("Bucket is missing Object Lock Configuration")
        }
        if name.hasPrefix("x-amz-server-side-encryption-customer-") {
            throw .invalidRequest("Encryption with keys of customers is not offered here.")
        }
        if name.hasPrefix("x-amz-server-side-encryption") { throw .notImplemented(name) }
    }

    /// The canned lists that give nobody more than the owner.
    private static let harmlessACLs: Set<String> = [
        "private", "bucket-owner-full-control", "bucket-owner-read",
    ]

    /// What every new bucket of AWS answers.
    private static var noACLs: GatewayError {
        GatewayError(
            400,
            "AccessControlListNotSupported",
            "The bucket does not allow ACLs"
        )
    }
}
