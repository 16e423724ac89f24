internal import BlobStorage

/// Takes in the bytes of a body and refuses those that are not what the request said.
struct BodyVerifier {
    private struct Entry {
        var hasher: WireHasher
        var checksum: WireChecksum
        var expected: [BodyExpectation]
    }

    private var entries: [Entry] = []
    private let declared: Int64?
    private let trailing: ChecksumAlgorithm?
    private var count: Int64 = 0

    /// - Parameters:
    ///   - declared: How many bytes there must be; `nil` if the request didn't say.
    ///   - expectations: What they must hash to.
    ///   - trailing: What is said after the body.
    /// - Throws: `GatewayError` if the system can't compute one of them.
    init(
        byteCount declared: Int64?,
        expectations: [BodyExpectation],
        trailing: ChecksumAlgorithm?
    ) throws(GatewayError) {
        self.declared = declared
        self.trailing = trailing
        for expectation in expectations {
            try add(expectation.checksum, expectation)
        }
        if let trailing { try add(.kept(trailing), nil) }
    }

    /// One hasher serves all that is said with one algorithm.
    private mutating func add(
        _ checksum: WireChecksum,
        _ expectation: BodyExpectation?
    ) throws(GatewayError) {
        let expected = expectation.map { [$0] } ?? []
        if let index = entries.firstIndex(where: { $0.checksum == checksum }) {
            entries[index].expected += expected
        } else {
            let hasher = try WireHasher(checksum)
            entries.append(Entry(hasher: hasher, checksum: checksum, expected: expected))
        }
    }

    /// Whether all bytes are there that were declared.
    var isComplete: Bool { count == declared }

    /// Takes in the next bytes.
    mutating func take(_ bytes: [UInt8]) throws(GatewayError) {
        count += Int64(bytes.count)
        if let declared, count > declared { throw Self.wrongByteCount(count, declared) }
        for index in entries.indices { entries[index].hasher.update(bytes) }
    }

    /// Says that there are no more bytes.
    ///
    /// - Parameter trailer: The value of the trailer, if one was declared.
    /// - Throws: `GatewayError` if the bytes are not what was said.
    func finish(trailer: String?) throws(GatewayError) {
        if let declared, count != declared { throw Self.wrongByteCount(count, declared) }
        for entry in entries {
            let computed = entry.hasher.finish()
            for expectation in entry.expected { try expectation.check(computed) }
            if let trailing, entry.checksum == .kept(trailing), let trailer {
                try BodyExpectation(trailing, base64: trailer).check(computed)
            }
        }
    }

    private static func wrongByteCount(_ count: Int64, _ declared: Int64) -> GatewayError {
        GatewayError(
            400,
            "IncompleteBody",
            "You did not provide the number of bytes specified by the Content-Length HTTP header: "
                + (count > declared ? "more than \(declared)" : "\(count) of \(declared)")
        )
    }
}
