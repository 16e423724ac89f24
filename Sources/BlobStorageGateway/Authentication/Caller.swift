internal import BlobStorage

/// Who sent a request, and its body as they meant it.
struct Caller: Sendable {
    /// The rights of the access key whose signature is right, or of anybody.
    let rights: [GatewayRight]
    /// The access key's id; `nil` for an unsigned request.
    let accessKeyID: String?
    /// The body without chunk framing. Reading it to its end throws a `GatewayError` unless its length,
    /// its hash, its chunks' signatures and its checksums are what the request said.
    let body: BlobBody
    /// What the body must hash to, to be kept with the blob; from a header or a trailer.
    let checksum: DeclaredChecksum?

    /// A checksum that a request brings along.
    enum DeclaredChecksum: Sendable {
        /// It stood in a header.
        case known(Checksum)
        /// It comes after the body, which verifies it; the store may compute its own meanwhile.
        case trailing(ChecksumAlgorithm)
    }
}
