internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageXML

/// Tags as requests bring them: a document, or a header.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
extension BlobTags {
    /// Reads `<Tagging>`.
    ///
    /// - Throws: `GatewayError` if it is no such document, or has what S3 refuses.
    init(document bytes: [UInt8]) throws(GatewayError) {
        let root = try XMLNode.request(bytes, root: "Tagging")
        guard let set = root.child("TagSet") else { throw .malformedXML }
        var pairs: [(String, String)] = []
        for node in set.children(named: "Tag") { pairs.append(try Self.pair(node)) }
        try self.init(pairs: pairs)
    }

    /// The name and the value of a `<Tag>`.
    static func pair(_ node: XMLNode) throws(GatewayError) -> (String, String) {
        guard let name = node.child("Key")?.text, let value = node.child("Value")?.text else {
            throw .malformedXML
        }
        return (name, value)
    }

    /// Reads `x-amz-tagging`: pairs as the query of a URL has them, where `+` is a space.
    ///
    /// - Throws: `GatewayError` if it is no such text, or has what S3 refuses.
    init(header text: String) throws(GatewayError) {
        var pairs: [(String, String)] = []
        for item in text.utf8.split(separator: UInt8(ascii: "&")) {
            let sides = item.split(
                separator: UInt8(ascii: "="),
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let decoded = sides.map { side in
                let bytes = side.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
                return String(validating: AWSPercentEncoding.decode(bytes), as: UTF8.self)
            }
            guard let name = decoded[0], let value = decoded.count > 1 ? decoded[1] : "" else {
                throw .invalidArgument("The header 'x-amz-tagging' is not UTF-8")
            }
            pairs.append((name, value))
        }
        try self.init(pairs: pairs)
    }

    /// - Throws: `GatewayError` if there is what S3 refuses.
    init(pairs: [(String, String)]) throws(GatewayError) {
        guard pairs.count <= Self.maximumCount else {
            throw GatewayError(
                400,
                "BadRequest",
                "Object tags cannot be greater than \(Self.maximumCount)"
            )
        }
        let values = Dictionary(pairs) { first, _ in first }
        guard values.count == pairs.count else {
            throw Self.invalid("Cannot provide multiple Tags with the same key")
        }
        do {
            try self.init(values)
        } catch let error as BlobError {
            throw Self.invalid("The tag you have provided is invalid: \(error.message)")
        } catch {
            throw .internalError
        }
    }

    private static func invalid(_ message: String) -> GatewayError {
        GatewayError(400, "InvalidTag", message)
    }
}
