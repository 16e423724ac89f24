internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler
internal import BlobStorageXML

/// CopyObject.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
extension GatewayCall {
    func copyObject() async throws -> HTTPServerResponse {
        try require(.write)
        let destination = try key()
        let source = try copySource()
        let attributes = try self.attributes(source, destination)
        let condition = try WriteCondition(headers)
        let from = try await store(of: source.bucket)
        let to = try await store()
        let tags = try copyTags(for: to)
        let conditions = try await sourceConditions(from, source.key)
        return try await patience().answer(endsWithClient: true) {
            let made = try await explaining(condition, to, destination) {
                if source.bucket.utf8.elementsEqual(bucket.utf8) {
                    let options = CopyOptions(
                        attributes: attributes,
                        condition: condition,
                        sourceConditions: conditions,
                        tags: tags
                    )
                    return try await copyingSource {
                        try await to.copy(source.key, to: destination, options: options)
                    }
                }
                return try await copy(source.key, conditions, from, to, attributes, tags, condition)
            }
            try await requireBucket()
            return .document("CopyObjectResult") { xml in
                xml.element(
                    "LastModified",
                    AWSDate.extended(made.lastModified, withMilliseconds: true)
                )
                xml.element("ETag", made.etag.text)
                xml.write(made.checksum)
            }
        }
    }

    /// The blob that a copy is made of, which the caller must be allowed to read.
    func copySource() throws(GatewayError) -> (bucket: String, key: BlobKey) {
        let place = try ObjectPlace(copySource: headers["x-amz-copy-source"] ?? "")
        guard let bucket = place.bucket, let key = place.key else { throw .invalidURI }
        try require(.read, bucket, key.text)
        return (bucket, key)
    }

    /// The conditions on the source of a copy.
    func sourceConditions(
        _ store: any BlobStore,
        _ key: BlobKey
    ) async throws -> ReadConditions {
        try await copyingSource {
            try await RequestConditions(headers, prefix: "x-amz-copy-source-").resolved {
                try await store.head(key, options: HeadOptions())
            }
        }
    }

    /// Reads a copy's source: there is no "not modified" for a copy, only a condition that fails.
    func copyingSource<Result>(_ read: () async throws -> Result) async throws -> Result {
        do {
            return try await read()
        } catch let error as BlobError where error.kind == .notModified {
            throw GatewayError.preconditionFailed("x-amz-copy-source-If-None-Match")
        }
    }

    /// Where the copy's attributes come from.
    private func attributes(
        _ source: (bucket: String, key: BlobKey),
        _ destination: BlobKey
    ) throws(GatewayError) -> CopyOptions.AttributeSource {
        let write = try writeHeaders()
        switch headers["x-amz-metadata-directive"]?.lowercasedASCII {
        case "replace": return .replace(write.content, write.metadata)
        case nil, "copy":
            let isSame = source.key == destination && source.bucket.utf8.elementsEqual(bucket.utf8)
            guard !isSame else {
                throw .invalidRequest(
                    "This copy request is illegal because it is trying to copy an object to itself "
                        + "without changing the object's metadata, storage class, website redirect "
                        + "location or encryption attributes."
                )
            }
            return .keep
        default: throw .invalidArgument("Unknown metadata directive.")
        }
    }

    /// Copies between buckets, whose stores know nothing of each other.
    private func copy(
        _ source: BlobKey,
        _ conditions: ReadConditions,
        _ from: any BlobStore,
        _ to: any BlobStore,
        _ attributes: CopyOptions.AttributeSource,
        _ tags: BlobTags?,
        _ condition: WriteCondition
    ) async throws -> BlobAttributes {
        let blob = try await copyingSource {
            try await from.get(source, range: nil, options: GetOptions(conditions: conditions))
        }
        var options = PutOptions(condition: condition)
        if let tags {
            options.tags = tags
        } else if let tagged = from.tagged, to.tagged != nil {
            options.tags = try await tagged.tags(of: source)
        }
        switch attributes {
        case .keep:
            (options.headers, options.metadata) = (
                blob.attributes.headers, blob.attributes.metadata
            )
        case .replace(let headers, let metadata):
            (options.headers, options.metadata) = (headers, metadata)
        }
        if let checksum = blob.attributes.checksum,
            to.capabilities.checksums.contains(checksum.algorithm)
        {
            options.checksum = .expect(checksum)
        }
        return try await to.put(try key(), blob.body, options: options)
    }
}

extension XMLWriter {
    /// Writes the checksum of a whole blob, if there is one.
    mutating func write(_ checksum: Checksum?) {
        guard let checksum else { return }
        write(checksum.base64, checksum.algorithm, isComposite: false)
    }

    /// Writes a checksum as it is told, and whether it is one over those of parts.
    mutating func write(_ text: String, _ algorithm: ChecksumAlgorithm, isComposite: Bool) {
        element(named: ChecksumName.element(algorithm), text)
        element("ChecksumType", isComposite ? "COMPOSITE" : "FULL_OBJECT")
    }
}
