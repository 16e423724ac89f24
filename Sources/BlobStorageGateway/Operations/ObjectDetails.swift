internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler
internal import BlobStorageXML

/// GetObjectAttributes, GetObjectAcl.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
extension GatewayCall {
    func getObjectAttributes() async throws -> HTTPServerResponse {
        try require(.read)
        try refuseVersion()
        let asked = Set(headers.values(of: "x-amz-object-attributes").flatMap(\.listItems))
        guard !asked.isEmpty else {
            throw GatewayError.invalidArgument(
                "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty"
            )
        }
        let known: Set = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"]
        guard asked.isSubset(of: known) else {
            throw GatewayError.invalidArgument("Invalid attribute name specified.")
        }
        let (found, parts) = try await look(
            try await store(),
            try key(),
            HeadOptions(),
            atParts: !asked.isDisjoint(with: ["Checksum", "ObjectParts"])
        )
        var answer = HTTPServerResponse.document("GetObjectAttributesResponse") { xml in
            if asked.contains("ETag") { xml.element("ETag", found.etag.unquoted) }
            if asked.contains("Checksum") { xml.writeChecksum(found.checksum, parts) }
            if asked.contains("ObjectParts"), let parts {
                // The reference's examples and its clients have this name, not TotalPartsCount.
                xml.element("ObjectParts") { xml in
                    xml.element("PartsCount", String(parts.byteCounts.count))
                }
            }
            if asked.contains("StorageClass") { xml.element("StorageClass", "STANDARD") }
            if asked.contains("ObjectSize") { xml.element("ObjectSize", String(found.byteCount)) }
        }
        answer.headers["Last-Modified"] = HTTPDate.text(found.lastModified)
        return answer
    }

    func getObjectACL() async throws -> HTTPServerResponse {
        try require(.read)
        try refuseVersion()
        _ = try await store().head(try key(), options: HeadOptions())
        return .ownersACL
    }
}

extension ETag {
    /// The etag without its quotes.
    fileprivate var unquoted: String {
        let bytes = text.utf8
        guard bytes.count >= 2, bytes.first == UInt8(ascii: "\""), bytes.last == bytes.first else {
            return text
        }
        return String(decoding: Array(bytes.dropFirst().dropLast()), as: UTF8.self)
    }
}

extension HTTPServerResponse {
    /// The access control list of everything here: the owner may do all, nobody else has a grant.
    static var ownersACL: HTTPServerResponse {
        var xml = XMLWriter()
        xml.element("AccessControlPolicy", namespace: documentNamespace) { xml in
            xml.writeOwner("Owner")
            xml.element("AccessControlList") { xml in
                xml.element("Grant") { xml in
                    xml.grantee()
                    xml.element("Permission", "FULL_CONTROL")
                }
            }
        }
        return HTTPServerResponse(
            status: 200,
            headers: ["Content-Type": "application/xml"],
            body: BlobBody(xml.bytes)
        )
    }
}

extension XMLWriter {
    /// Writes who owns everything here.
    mutating func writeOwner(_ name: StaticString) {
        element(name) { xml in
            xml.element("ID", GatewayOwner.id)
            xml.element("DisplayName", GatewayOwner.name)
        }
    }

    /// Writes the checksum of a whole blob, or else the one over those of its parts; that has no count
    /// of parts behind it here, unlike everywhere else.
    fileprivate mutating func writeChecksum(_ whole: Checksum?, _ parts: BlobParts?) {
        guard let checksum = whole ?? parts?.checksum else { return }
        element("Checksum") { xml in
            xml.write(checksum.base64, checksum.algorithm, isComposite: whole == nil)
        }
    }

    fileprivate mutating func grantee() {
        element(
            "Grantee",
            attributes: " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                + "xsi:type=\"CanonicalUser\""
        ) { xml in
            xml.element("ID", GatewayOwner.id)
            xml.element("DisplayName", GatewayOwner.name)
        }
    }
}

/// The owner that documents of S3 name.
enum GatewayOwner {
    static let id = "blob-storage"
    static let name = "blob-storage"
}
