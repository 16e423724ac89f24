internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHTTP

extension S3Call {
    /// The call that a presigned request makes, with all that its signature binds.
    ///
    /// - Parameters:
    ///   - operation: What the request does.
    ///   - key: The blob.
    ///   - options: What is bound; validated.
    ///   - vendor: What the store can do.
    ///   - service: The headers that the store's configuration asks for.
    /// - Throws: `BlobError` of kind `invalidArgument` if the metadata is too long.
    init(
        presigning operation: PresignedOperation,
        _ key: BlobKey,
        _ options: PresignOptions,
        _ vendor: S3Vendor,
        _ service: S3ServiceHeaders
    ) throws {
        switch operation {
        case .get, .head:
            self.init(
                operation == .get ? "GetObject" : "HeadObject",
                operation == .get ? .get : .head,
                key,
                query: options.responseHeaders.parameters
            )
        case .put:
            self.init("PutObject", .put, key)
            for (name, value) in options.headers.fields { headers.append(name, value) }
            try headers.add(options.metadata, operation: PresignOptions.operation, key: key)
            headers.add(service.write)
        case .delete:
            self.init("DeleteObject", .delete, key)
        case .uploadPart(let number, let uploadID):
            let query = [("uploadId", uploadID), ("partNumber", String(number))]
            self.init("UploadPart", .put, key, query: query)
        }
        if let versionID = options.versionID { query.append(("versionId", versionID)) }
        if let byteCount = options.byteCount { headers.append("content-length", String(byteCount)) }
        headers.add(options.condition)
        if let checksum = options.checksum {
            if vendor.wantsChecksumsAnnounced {
                headers.addSent(checksum)
            } else {
                headers.add(checksum)
            }
        }
        headers.add(service.all)
    }
}

extension ResponseHeaders {
    /// The parameters by which S3 is asked for them.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    var parameters: [(name: String, value: String?)] {
        let all: [(name: String, value: String?)] = [
            ("response-content-disposition", disposition?.text),
            ("response-content-type", contentType),
            ("response-cache-control", cacheControl),
            ("response-content-language", contentLanguage),
            ("response-content-encoding", contentEncoding),
            ("response-expires", expires.map(HTTPDate.text)),
        ]
        // A parameter without a value would be asked for too.
        return all.filter { $0.value != nil }
    }
}
