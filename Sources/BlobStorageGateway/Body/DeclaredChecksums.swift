internal import BlobStorage
internal import BlobStorageHandler

/// The checksums that a request says its body has.
struct DeclaredChecksums: Sendable {
    private(set) var expectations: [BodyExpectation] = []
    /// What comes after the body.
    private(set) var trailing: ChecksumAlgorithm?
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

        var found: ChecksumAlgorithm?
        for field in headers.fields {
            guard let algorithm = try Self.algorithm(of: field.name) else { continue }
            guard found == nil else { throw Self.several }
            found = algorithm
            let expectation = try BodyExpectation(algorithm, base64: field.value)
            expectations.append(expectation)
            kept = .known(Checksum(unchecked: expectation.bytes, algorithm))
        }
        trailing = try Self.trailing(headers, hasTrailer: hasTrailer)
        if let trailing {
            guard found == nil else { throw Self.several }
            found = trailing
            kept = .trailing(trailing)
        }
        try Self.check(headers["x-amz-sdk-checksum-algorithm"], against: found)
    }

    private static let prefix = "x-amz-checksum-"
    /// Fields of that prefix that are no checksums.
    private static let otherNames = ["algorithm", "mode", "type"]

    /// How the checksum that a field holds is computed; `nil` if it holds none.
    private static func algorithm(of name: String) throws(GatewayError) -> ChecksumAlgorithm? {
        let start = String(decoding: name.utf8.prefix(prefix.utf8.count), as: UTF8.self)
        guard HTTPHeaders.isSame(start, prefix) else { return nil }
        if let found = ChecksumName.algorithm(ofHeader: name) { return found }
        guard otherNames.contains(where: { HTTPHeaders.isSame(prefix + $0, name) }) else {
            throw invalid("The checksum of the header \"\(name)\" is not supported")
        }
        return nil
    }

    private static func trailing(
        _ headers: HTTPHeaders,
        hasTrailer: Bool
    ) throws(GatewayError) -> ChecksumAlgorithm? {
        let names = headers.values(of: "x-amz-trailer")
        guard hasTrailer else {
            guard names.isEmpty else {
                throw invalid("x-amz-trailer needs an x-amz-content-sha256 that ends in -TRAILER")
            }
            return nil
        }
        guard names.count == 1, let found = ChecksumName.algorithm(ofHeader: names[0]) else {
            throw invalid("The value specified in the x-amz-trailer header is not supported")
        }
        return found
    }

    private static func check(
        _ word: String?,
        against found: ChecksumAlgorithm?
    ) throws(GatewayError) {
        guard let word else { return }
        guard let found else {
            throw invalid(
                "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or "
                    + "x-amz-trailer headers were found."
            )
        }
        guard HTTPHeaders.isSame(ChecksumName.value(found), word) else {
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
