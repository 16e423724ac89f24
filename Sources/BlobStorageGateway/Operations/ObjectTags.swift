internal import BlobStorage
internal import BlobStorageHandler
internal import BlobStorageXML

/// GetObjectTagging, PutObjectTagging, DeleteObjectTagging; and the tags of writes.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html
extension GatewayCall {
    func getObjectTagging() async throws -> HTTPServerResponse {
        try require(.read)
        try refuseVersion()
        let store = try await taggedStore(.getObjectTagging)
        let tags = try await store.tags(of: try key())
        return .document("Tagging") { xml in
            xml.element("TagSet") { xml in
                for (name, value) in tags.pairs {
                    xml.element("Tag") { xml in
                        xml.element("Key", name)
                        xml.element("Value", value)
                    }
                }
            }
        }
    }

    /// Ten tags of the longest names and values, each character escaped.
    private static let maximumTagDocumentByteCount = 64 << 10

    func putObjectTagging() async throws -> HTTPServerResponse {
        try require(.write)
        try refuseVersion()
        let store = try await taggedStore(.putObjectTagging)
        let tags = try BlobTags(
            document: try await document(upTo: Self.maximumTagDocumentByteCount)
        )
        try await store.setTags(tags, of: try key())
        return .empty(200)
    }

    func deleteObjectTagging() async throws -> HTTPServerResponse {
        try require(.write)
        try refuseVersion()
        try await taggedStore(.deleteObjectTagging).deleteTags(of: try key())
        return .empty(204)
    }

    /// The store behind the request's bucket, for tags.
    ///
    /// - Throws: `GatewayError` if there is no such bucket, or its store keeps none.
    private func taggedStore(_ operation: Operation) async throws -> any TaggedBlobStore {
        guard let store = try await store().tagged else {
            throw GatewayError.notImplemented(operation.rawValue)
        }
        return store
    }

    /// The tags that a write brings.
    ///
    /// - Throws: `GatewayError` if they are malformed, or the store keeps none.
    func tags(for store: any BlobStore) throws(GatewayError) -> BlobTags {
        let tags =
            if let text = headers["x-amz-tagging"] {
                try BlobTags(header: text)
            } else if let text = headers["tagging"], request.key == nil {
                // A form's field is a document.
                try BlobTags(document: Array(text.utf8))
            } else {
                BlobTags()
            }
        guard tags.isEmpty || store.tagged != nil else { throw .notImplemented("x-amz-tagging") }
        return tags
    }

    /// The tags that a copy is told to have; `nil` keeps those of its source.
    func copyTags(for store: any BlobStore) throws(GatewayError) -> BlobTags? {
        switch headers["x-amz-tagging-directive"]?.lowercasedASCII {
        case nil, "copy": nil
        case "replace": try tags(for: store)
        default: throw .invalidArgument("Unknown tagging directive.")
        }
    }
}
