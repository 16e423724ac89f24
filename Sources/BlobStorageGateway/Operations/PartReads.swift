internal import BlobStorage
internal import BlobStorageHandler

/// GetObject and HeadObject with `partNumber`, and what else is answered of a blob's parts.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
extension GatewayCall {
    /// A part of one version of a blob.
    private struct FoundPart {
        let attributes: BlobAttributes
        let range: Range<Int64>
        /// How many parts the blob was made of; `nil` if it is none of those.
        let count: Int?
        /// What the client wants to be true, and that the blob is this version.
        let conditions: ReadConditions
    }

    /// How often a part is looked for in a blob that is replaced before it can be read.
    private static let maximumLooks = 8

    /// The part that a read asks for; `nil` if it asks for none.
    ///
    /// - Throws: `GatewayError` if it is no number of a part, or there is a range, too.
    func askedPart() throws(GatewayError) -> Int? {
        guard let text = parameters["partNumber"] else { return nil }
        guard let number = text.decimal, (1...10_000).contains(number) else {
            throw .invalidArgument(
                "Part number must be an integer between 1 and 10000, inclusive"
            )
        }
        guard headers["range"] == nil else {
            throw .invalidRequest(
                "Cannot specify both Range header and partNumber query parameter"
            )
        }
        return Int(number)
    }

    /// Answers with one part of a blob.
    ///
    /// - Parameters:
    ///   - number: The part, from 1.
    ///   - store: The store that the blob is in.
    ///   - key: The blob.
    ///   - overrides: The header fields that the URL asks for.
    ///   - withBody: Whether the part's bytes are asked for, and not only their headers.
    /// - Returns: The answer.
    /// - Throws: `GatewayError` if the blob has not so many parts; `BlobError` of the store.
    func readPart(
        _ number: Int,
        _ store: any BlobStore,
        _ key: BlobKey,
        _ overrides: [HTTPHeaders.Field],
        withBody: Bool
    ) async throws -> HTTPServerResponse {
        for _ in 0..<Self.maximumLooks {
            let part = try await findPart(number, store, key)
            var headers = head(part.attributes, overrides, isPart: true)
            if let count = part.count { headers["x-amz-mp-parts-count"] = String(count) }
            let status = part.attributes.byteCount == 0 ? 200 : 206
            guard !part.range.isEmpty else {
                // `Content-Range` has no form for no bytes (RFC 9110, section 14.4).
                headers["Content-Length"] = "0"
                return .empty(status, headers)
            }
            headers.add(part.range, of: part.attributes)
            guard withBody else {
                headers["Content-Length"] = String(part.range.count)
                return .empty(status, headers)
            }
            do {
                let options = GetOptions(conditions: part.conditions, verifiesChecksum: false)
                let blob = try await store.get(key, range: .bounded(part.range), options: options)
                return HTTPServerResponse(status: status, headers: headers, body: blob.body)
            } catch let error as BlobError where error.kind == .preconditionFailed {
                // Another version is there by now, whose parts may lie elsewhere.
                continue
            }
        }
        throw BlobError(
            .unavailable,
            operation: "get",
            key: key,
            message: "the blob was replaced \(Self.maximumLooks) times while a part was looked for"
        )
    }

    private func findPart(
        _ number: Int,
        _ store: any BlobStore,
        _ key: BlobKey
    ) async throws -> FoundPart {
        var conditions = try await conditions(store, key)
        let options = HeadOptions(conditions: conditions)
        let (attributes, parts) = try await look(store, key, options, atParts: true)
        conditions.ifMatches = attributes.etag
        // What was not made of parts is one.
        let only = number == 1 ? 0..<attributes.byteCount : nil
        guard let range = parts.map({ $0.range(ofPart: number) }) ?? only else {
            throw Self.invalidPartNumber(number, of: parts?.byteCounts.count ?? 1)
        }
        return FoundPart(
            attributes: attributes,
            range: range,
            count: parts?.byteCounts.count,
            conditions: conditions
        )
    }

    private static func invalidPartNumber(_ number: Int, of count: Int) -> GatewayError {
        var error = GatewayError(
            416,
            "InvalidPartNumber",
            "The requested partnumber is not satisfiable"
        )
        error.details = [
            ("PartNumberRequested", String(number)), ("ActualPartCount", String(count)),
        ]
        return error
    }

    /// Looks at a blob, and at the parts it was made of if the store remembers them.
    ///
    /// - Parameters:
    ///   - store: The store that the blob is in.
    ///   - key: The blob.
    ///   - options: Conditions on the look.
    ///   - atParts: Whether the parts are of interest.
    /// - Returns: The attributes, and the parts of the same version.
    /// - Throws: `BlobError` of the store.
    func look(
        _ store: any BlobStore,
        _ key: BlobKey,
        _ options: HeadOptions,
        atParts: Bool
    ) async throws -> (attributes: BlobAttributes, parts: BlobParts?) {
        guard atParts, let store = store as? any PartedBlobStore else {
            return (try await store.head(key, options: options), nil)
        }
        return try await store.headParts(key, options: options)
    }

    /// The parts of a version that has no checksum of all its bytes, and so may have one over those of
    /// parts; `nil` if there are none, or they can't be told any more.
    ///
    /// - Parameters:
    ///   - attributes: The version.
    ///   - store: The store that the blob is in.
    /// - Returns: The parts.
    func parts(of attributes: BlobAttributes, _ store: any BlobStore) async -> BlobParts? {
        guard attributes.checksum == nil, let store = store as? any PartedBlobStore else {
            return nil
        }
        let options = HeadOptions(conditions: ReadConditions(ifMatches: attributes.etag))
        // Without it the answer is right all the same.
        return try? await store.headParts(attributes.key, options: options).parts
    }
}
