internal import BlobStorage
internal import BlobStorageHandler

/// The checksums that a request says its body has.
struct DeclaredChecksums: Sendable {
    private(set) var expectations: [BodyExpectation] = []
    /// What comes after the body.
    private(set) var trailing: WireChecksum?
    /// The one that a store could keep.
    private(set) var kept: Caller.DeclaredChecksum?

    init() {}

    /// Reads `Content-MD5`, `x-amz-checksum-*`, `x-amz-trailer` and `x-amz-sdk-checksum-algorithm`.
    ///
    /// - Throws: `GatewayError` if one is malformed, or they contradict each other.
    init(_ headers: HTTPHeaders, hasTrailer: Bool) throws(GatewayError) {
        let md5 = headers.values(of: "Content-MD5")
        guard md5.count <= 1 else { throw Self.invalid("Content-MD5 is there twice") }
        if let text = md5.first { expectations.append(try BodyExpectation(contentMD5: text)) }

        var found: WireChecksum?
        for field in headers.fields {
            guard let checksum = try Self.checksum(of: field.name) else { continue }
            guard found == nil else { throw Self.several }
            found = checksum
            let expectation = try BodyExpectation(checksum, base64: field.value)
            expectations.append(expectation)
            if let algorithm = checksum.stored {
                kept = .known(Checksum(unchecked: expectation.bytes, algorithm))
            }
        }
        trailing = try Self.trailing(headers, hasTrailer: hasTrailer)
        if let trailing {
            guard found == nil else { throw Self.several }
            found = trailing
            kept = trailing.stored.map { .trailing($0) }
        }
        try Self.check(headers["x-amz-sdk-checksum-algorithm"], against: found)
    }

    private static let prefix = "x-amz-checksum-"
    /// Fields of that prefix that are no checksums.
    private static let otherNames = ["algorithm", "mode", "type"]

    /// The checksum that a field holds; `nil` if it holds none.
    private static func checksum(of name: String) throws(GatewayError) -> WireChecksum? {
        let start = String(decoding: name.utf8.prefix(prefix.utf8.count), as: UTF8.self)
        guard HTTPHeaders.isSame(start, prefix) else { return nil }
        if let found = WireChecksum.named.first(where: { HTTPHeaders.isSame($0.header, name) }) {
            return found
        }
        guard otherNames.contains(where: { HTTPHeaders.isSame(prefix + $0, name) }) else {
            throw invalid("The checksum of the header \"\(name)\" is not supported")
        }
        return nil
    }

    private static func trailing(
        _ headers: HTTPHeaders,
        hasTrailer: Bool
    ) throws(GatewayError) -> WireChecksum? {
        let names = headers.values(of: "x-amz-trailer")
        guard hasTrailer else {
            guard names.isEmpty else {
                throw invalid("x-amz-trailer needs an x-amz-content-sha256 that ends in -TRAILER")
            }
            return nil
        }
        guard names.count == 1,
            let found = WireChecksum.named.first(where: { HTTPHeaders.isSame($0.header, names[0]) })
        else {
            throw invalid("The value specified in the x-amz-trailer header is not supported")
        }
        return found
    }

    private static func check(
        _ word: String?,
        against found: WireChecksum?
    ) throws(GatewayError) {
        guard let word else { return }
        guard let found else {
            throw invalid(
                "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or "
                    + "x-amz-trailer headers were found."
            )
        }
        guard HTTPHeaders.isSame(found.word, word) else {
            throw invalid("Value for x-amz-sdk-checksum-algorithm header is invalid.")
        }
    }

    private static var several: GatewayError {
        invalid(
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
        )
    }

    private static func invalid(_ message: String) -> GatewayError {
        GatewayError(400, "InvalidRequest", message)
    }
}
