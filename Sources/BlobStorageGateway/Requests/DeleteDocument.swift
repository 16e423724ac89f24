internal import BlobStorage
internal import BlobStorageXML

/// The document of `DeleteObjects`.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
struct DeleteDocument: Sendable {
    struct Object: Sendable {
        let key: BlobKey
        let versionID: String?
    }

    /// The most keys, as with S3.
    static let maximumKeyCount = 1_000

    let objects: [Object]
    /// Whether only failures are told.
    let isQuiet: Bool

    /// - Throws: `GatewayError` if it is no such document.
    init(_ bytes: [UInt8]) throws(GatewayError) {
        let root = try XMLNode.request(bytes, root: "Delete")
        let nodes = root.children(named: "Object")
        guard (1...Self.maximumKeyCount).contains(nodes.count) else { throw .malformedXML }
        var objects: [Object] = []
        objects.reserveCapacity(nodes.count)
        for node in nodes {
            guard let text = node.child("Key")?.text, !text.isEmpty else { throw .malformedXML }
            guard let key = try? BlobKey(text) else { throw .keyTooLong(text.utf8.count) }
            for name in ["ETag", "LastModifiedTime", "Size"] as [StaticString]
            where node.child(name) != nil {
                throw .notImplemented("DeleteObjects with \(name)")
            }
            objects.append(Object(key: key, versionID: node.child("VersionId")?.text.trimmed))
        }
        self.objects = objects
        isQuiet = root.child("Quiet")?.text.trimmed.lowercasedASCII == "true"
    }
}

extension XMLNode {
    /// The root of a document that a request brought.
    ///
    /// - Throws: `GatewayError` if it is none, or has another root.
    static func request(_ bytes: [UInt8], root name: StaticString) throws(GatewayError) -> XMLNode {
        guard let root = try? XMLNode.parse(bytes), root.isNamed(name) else { throw .malformedXML }
        return root
    }
}
