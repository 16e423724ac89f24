public import BlobStorage
internal import BlobStorageHTTP

/// Names and values that S3 keeps beside a blob, for rules and bills; they can change while the blob
/// stays.
public struct S3Tags: Sendable, Hashable {
    /// The most tags of one blob.
    public static let maximumCount = 10

    private(set) var values: [String: String]

    /// Creates tags.
    ///
    /// - Parameter values: Up to 10 names, of 1 to 128 characters, and their values, of up to 256.
    /// - Throws: `BlobError` of kind `invalidArgument` if there are more, or longer ones.
    public init(_ values: [String: String] = [:]) throws {
        func refuse(_ message: String) -> BlobError {
            BlobError(.invalidArgument, operation: "tags", message: message)
        }
        guard values.count <= Self.maximumCount else {
            throw refuse("there are \(values.count) tags; a blob has at most \(Self.maximumCount)")
        }
        for (name, value) in values {
            guard (1...128).contains(name.utf16.count) else {
                throw refuse("the tag \"\(EscapedText(name))\" has not 1 to 128 characters")
            }
            guard value.utf16.count <= 256 else {
                throw refuse("the value of \"\(EscapedText(name))\" has more than 256 characters")
            }
        }
        self.values = values
    }

    init(unchecked values: [String: String]) {
        self.values = values
    }

    /// The value of a tag; `nil` if there is none of that name.
    public subscript(_ name: String) -> String? { values[name] }

    /// How many tags there are.
    public var count: Int { values.count }

    /// The tags in the order of their names.
    public var pairs: [(name: String, value: String)] {
        values.map { (name: $0.key, value: $0.value) }
            .sorted { UTF8Order.compare($0.name, $1.name) < 0 }
    }

    /// The tags as the header of a write has them.
    var headerText: String { S3PathEncoding.query(pairs.map { ($0.name, $0.value) }) }
}

extension S3Store {
    /// A store that gives every blob that is put, or uploaded in parts, these tags.
    ///
    /// A copy that is made in one request keeps the tags of its source.
    ///
    /// - Parameter tags: The tags of new blobs.
    /// - Returns: A store of the same bucket, with the same connections.
    public func tagging(_ tags: S3Tags) -> S3Store {
        var store = self
        store.writeTags = tags
        return store
    }

    /// Reads the tags of a blob.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html
    public func tags(of key: BlobKey) async throws -> S3Tags {
        let call = S3Call("GetObjectTagging", .get, key, query: [("tagging", nil)])
        return try await perform(call, "tags") { response in
            S3Tags(
                unchecked: try S3TaggingAnswer(
                    try await response.document(),
                    head: S3AnswerHead(response)
                ).tags
            )
        }
    }

    /// Replaces the tags of a blob.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
    public func setTags(_ tags: S3Tags, of key: BlobKey) async throws {
        let document = S3Documents.tagging(tags.values)
        var call = S3Call(
            "PutObjectTagging",
            .put,
            key,
            query: [("tagging", nil)],
            body: .bytes(document)
        )
        call.headers["Content-Type"] = "application/xml"
        try addDocumentChecksum(of: document, to: &call.headers)
        _ = try await perform(call, "setTags") { $0.status }
    }

    /// Removes all tags of a blob.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html
    public func deleteTags(of key: BlobKey) async throws {
        let call = S3Call("DeleteObjectTagging", .delete, key, query: [("tagging", nil)])
        _ = try await perform(call, "deleteTags") { $0.status }
    }
}
