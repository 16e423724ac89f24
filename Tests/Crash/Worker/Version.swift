import BlobStorage

/// One version of a blob: bytes and attributes that belong together and to no other version.
struct Version: Sendable {
    let name: String
    let bytes: [UInt8]
    var headers = ContentHeaders()
    var metadata = BlobMetadata()
    var checksum: ChecksumAlgorithm?

    /// Written by an earlier operation, with all that a blob can have.
    static let old = Version(
        name: "old",
        bytes: pattern(3_000, seed: 1),
        headers: ContentHeaders(contentType: "text/x-old", cacheControl: "max-age=1"),
        metadata: ["written-by": "the earlier operation"],
        checksum: .crc32C
    )

    /// Written by the operation under test, with all that a blob can have.
    static let new = Version(
        name: "new",
        bytes: pattern(5_000, seed: 2),
        headers: ContentHeaders(contentType: "text/x-new", contentLanguage: "de"),
        metadata: ["written-by": "the operation", "more": "1"],
        checksum: .sha256
    )

    /// Bytes, and nothing that the key does not imply.
    static let plainOld = Version(name: "plainOld", bytes: pattern(700, seed: 3))
    static let plainNew = Version(name: "plainNew", bytes: pattern(900, seed: 4))
    static let empty = Version(name: "empty", bytes: [], metadata: ["written-by": "nobody"])

    /// Attributes that don't fit into an extended attribute on ext4.
    static let large = Version(
        name: "large",
        bytes: pattern(6_000, seed: 5),
        headers: ContentHeaders(
            contentType: "text/" + String(repeating: "x", count: 900),
            contentDisposition: "inline; filename=" + String(repeating: "y", count: 900),
            cacheControl: String(repeating: "z", count: 1_000)
        ),
        metadata: ["long": String(repeating: "w", count: 2_000)],
        checksum: .crc64NVME
    )

    /// Arrives in several chunks.
    static let long = Version(
        name: "long",
        bytes: pattern(150_000, seed: 6),
        headers: ContentHeaders(contentType: "text/x-long"),
        checksum: .sha256
    )

    static let firstPart = Version(name: "firstPart", bytes: pattern(2_000, seed: 7))
    static let secondPart = Version(name: "secondPart", bytes: pattern(1_000, seed: 8))
    static let newPart = Version(name: "newPart", bytes: pattern(2_500, seed: 9))
    static let parts: [Version] = [.firstPart, .secondPart, .newPart]

    /// What the first two parts make.
    static let assembled = Version(
        name: "assembled",
        bytes: firstPart.bytes + secondPart.bytes,
        headers: ContentHeaders(contentType: "text/x-assembled"),
        metadata: ["written-by": "parts"],
        checksum: .crc64NVME
    )

    static let all: [Version] = [
        .old, .new, .plainOld, .plainNew, .empty, .large, .long, .assembled,
    ]

    /// Bytes of which no two runs of any length worth mentioning are the same.
    private static func pattern(_ count: Int, seed: UInt32) -> [UInt8] {
        var state = seed &* 0x9E37_79B9 | 1
        return (0..<count).map { _ in
            // Marsaglia's xorshift32.
            state ^= state << 13
            state ^= state >> 17
            state ^= state << 5
            return UInt8(truncatingIfNeeded: state)
        }
    }

    var putOptions: PutOptions {
        PutOptions(
            headers: headers,
            metadata: metadata,
            checksum: checksum.map { .expect(.of(bytes, $0)) }
        )
    }

    /// What the attributes have that is not this version's; `nil` if all is.
    func difference(from attributes: BlobAttributes) -> String? {
        if attributes.byteCount != Int64(bytes.count) { return "byteCount" }
        if attributes.headers != headers.resolved(for: attributes.key) { return "headers" }
        if attributes.metadata != metadata { return "metadata" }
        if attributes.checksum != checksum.map({ .of(bytes, $0) }) { return "checksum" }
        return nil
    }
}
