internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler

/// GetObject, HeadObject.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
extension GatewayCall {
    func getObject() async throws -> HTTPServerResponse {
        let (store, key, overrides) = try await beginRead()
        do {
            if let number = try askedPart() {
                return try await readPart(number, store, key, overrides, withBody: true)
            }
            let conditions = try await conditions(store, key)
            let range = try await range(store, key)
            // The client can verify the checksum that it is told; the store need not do so too.
            let options = GetOptions(conditions: conditions, verifiesChecksum: false)
            let blob = try await store.get(key, range: range, options: options)
            // RFC 9110 calls a suffix of nothing satisfiable, S3 does not.
            if range != nil, blob.range.isEmpty { throw GatewayError.invalidRange }
            var headers = head(blob.attributes, overrides, isPart: range != nil)
            if range != nil {
                headers.add(blob.range, of: blob.attributes)
            } else if wantsChecksum {
                headers.addComposite(of: await parts(of: blob.attributes, store))
            }
            return HTTPServerResponse(
                status: range == nil ? 200 : 206,
                headers: headers,
                body: blob.body
            )
        } catch let error as BlobError {
            throw await explained(error, store, key, overrides)
        }
    }

    func headObject() async throws -> HTTPServerResponse {
        let (store, key, overrides) = try await beginRead()
        do {
            if let number = try askedPart() {
                return try await readPart(number, store, key, overrides, withBody: false)
            }
            let options = HeadOptions(conditions: try await conditions(store, key))
            let range = try await range(store, key)
            let atParts = range == nil && wantsChecksum
            let (attributes, parts) = try await look(store, key, options, atParts: atParts)
            var headers = head(attributes, overrides, isPart: range != nil)
            guard let range else {
                if attributes.checksum == nil { headers.addComposite(of: parts) }
                headers["Content-Length"] = String(attributes.byteCount)
                return .empty(200, headers)
            }
            let part = try range.resolved(inByteCount: attributes.byteCount, key: key)
            guard !part.isEmpty else { throw GatewayError.invalidRange }
            headers.add(part, of: attributes)
            headers["Content-Length"] = String(part.count)
            return .empty(206, headers)
        } catch let error as BlobError {
            throw await explained(error, store, key, overrides)
        }
    }

    private func beginRead() async throws -> (any BlobStore, BlobKey, [HTTPHeaders.Field]) {
        try require(.read)
        try refuseVersion()
        return (try await store(), try key(), try overrides())
    }

    private var wantsChecksum: Bool {
        headers["x-amz-checksum-mode"].map { HTTPHeaders.isSame($0, "ENABLED") } ?? false
    }

    /// What is told of a blob with its bytes.
    ///
    /// - Parameters:
    ///   - attributes: The blob's attributes.
    ///   - overrides: The header fields that the URL asks for.
    ///   - isPart: Whether the answer is not about all of the blob.
    /// - Returns: The header fields, without length and range.
    func head(
        _ attributes: BlobAttributes,
        _ overrides: [HTTPHeaders.Field],
        isPart: Bool
    ) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers.add(attributes, withChecksum: wantsChecksum && !isPart)
        for field in overrides { headers[field.name] = field.value }
        if !configuration.isSeparateOrigin, request.headers["authorization"] == nil {
            BrowserSafety.apply(to: &headers)
        }
        return headers
    }

    /// What the client wants to be true of the blob that is read.
    func conditions(_ store: any BlobStore, _ key: BlobKey) async throws -> ReadConditions {
        try await RequestConditions(headers).resolved {
            try await store.head(key, options: HeadOptions())
        }
    }

    /// The range to read; `nil` reads all.
    private func range(
        _ store: any BlobStore,
        _ key: BlobKey
    ) async throws -> ByteRange? {
        guard let range = try RangeHeader.parse(headers["range"]) else { return nil }
        guard let validator = headers["if-range"] else { return range }
        // RFC 9110, section 13.1.5: of another version, all of it.
        let current = try await store.head(key, options: HeadOptions())
        if let date = HTTPDate.parse(validator) {
            return HTTPDate.text(current.lastModified) == HTTPDate.text(date) ? range : nil
        }
        return ETag(validator) == current.etag ? range : nil
    }

    /// The header fields that the URL asks for, which only a signed one may.
    private func overrides() throws(GatewayError) -> [HTTPHeaders.Field] {
        var fields: [HTTPHeaders.Field] = []
        for pair in parameters.pairs where pair.name.hasPrefix("response-") {
            guard let name = Self.overrides[pair.name] else { continue }
            guard caller.accessKeyID != nil else {
                throw .invalidRequest(
                    "Request specific response headers cannot be used for anonymous GET requests."
                )
            }
            guard pair.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw .invalidArgument("\(pair.name) has a control character")
            }
            fields.append(HTTPHeaders.Field(name, pair.value))
        }
        return fields
    }

    private static let overrides = [
        "response-cache-control": "Cache-Control",
        "response-content-disposition": "Content-Disposition",
        "response-content-encoding": "Content-Encoding",
        "response-content-language": "Content-Language",
        "response-content-type": "Content-Type",
        "response-expires": "Expires",
    ]

    /// A failed read as S3 tells it: `304` has what a cache needs, `416` the blob's size.
    ///
    /// - SeeAlso: RFC 9110, section 15.4.5
    private func explained(
        _ error: BlobError,
        _ store: any BlobStore,
        _ key: BlobKey,
        _ overrides: [HTTPHeaders.Field]
    ) async -> GatewayError {
        var failure = GatewayError.of(error)
        guard error.kind == .notModified || error.kind == .rangeNotSatisfiable,
            let current = try? await store.head(key, options: HeadOptions())
        else { return failure }
        if error.kind == .notModified {
            // What `200` would have that a cache keeps.
            let all = head(current, overrides, isPart: true)
            failure = .notModified(current)
            for name in ["Cache-Control", "Expires"] { failure.headers[name] = all[name] }
            return failure
        }
        failure.headers["Content-Range"] = "bytes */\(current.byteCount)"
        failure.details = [
            ("RangeRequested", headers["range"] ?? ""),
            ("ActualObjectSize", String(current.byteCount)),
        ]
        return failure
    }
}

extension HTTPHeaders {
    /// Adds the place of a part within a blob.
    mutating func add(_ range: Range<Int64>, of attributes: BlobAttributes) {
        append(
            "Content-Range",
            "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(attributes.byteCount)"
        )
    }
}
