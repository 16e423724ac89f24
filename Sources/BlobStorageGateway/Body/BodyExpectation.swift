internal import BlobStorage
internal import BlobStorageCrypto
internal import Foundation

/// What a body must hash to, and what it is called if it doesn't.
struct BodyExpectation: Sendable {
    /// Where it was said, which decides how a difference is told.
    enum Source: Sendable {
        case payloadHash
        case contentMD5
        case checksum
    }

    let checksum: WireChecksum
    let bytes: [UInt8]
    let source: Source

    /// What `x-amz-content-sha256` says: 64 digits.
    init(payloadHash digits: String) {
        checksum = .kept(.sha256)
        bytes = Hex.bytes(digits.utf8) ?? []
        source = .payloadHash
    }

    /// What `Content-MD5` says.
    ///
    /// - Throws: `GatewayError` if it is no base64 of 16 bytes.
    init(contentMD5 text: String) throws(GatewayError) {
        guard let data = Data(base64Encoded: text), data.count == WireChecksum.md5.byteCount else {
            throw GatewayError(400, "InvalidDigest", "The Content-MD5 you specified was invalid.")
        }
        checksum = .md5
        bytes = [UInt8](data)
        source = .contentMD5
    }

    /// What a header or a trailer says.
    ///
    /// - Throws: `GatewayError` if it is no base64 of the right length.
    init(_ algorithm: ChecksumAlgorithm, base64: String) throws(GatewayError) {
        guard let data = Data(base64Encoded: base64), data.count == algorithm.byteCount else {
            throw GatewayError(
                400,
                "InvalidRequest",
                "Value for \(ChecksumName.header(algorithm)) header is invalid."
            )
        }
        checksum = .kept(algorithm)
        bytes = [UInt8](data)
        source = .checksum
    }

    private var word: String {
        switch checksum {
        case .kept(let algorithm): ChecksumName.value(algorithm)
        case .md5: "MD5"
        }
    }

    /// Compares with what was computed.
    func check(_ computed: [UInt8]) throws(GatewayError) {
        guard computed != bytes else { return }
        switch source {
        case .payloadHash:
            var error = GatewayError(
                400,
                "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed."
            )
            error.details = [
                ("ClientComputedContentSHA256", Hex.text(bytes)),
                ("S3ComputedContentSHA256", Hex.text(computed)),
            ]
            throw error
        case .contentMD5:
            var error = GatewayError(
                400,
                "BadDigest",
                "The Content-MD5 you specified did not match what we received."
            )
            error.details = [
                ("ExpectedDigest", Data(bytes).base64EncodedString()),
                ("CalculatedDigest", Data(computed).base64EncodedString()),
            ]
            throw error
        case .checksum:
            throw GatewayError(
                400,
                "BadDigest",
                "The \(word) you specified did not match the calculated checksum."
            )
        }
    }
}
