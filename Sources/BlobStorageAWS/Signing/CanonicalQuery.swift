internal import BlobStorage

/// The pairs of a query, encoded as a signature covers them.
package struct CanonicalQuery: Sendable {
    private struct Pair {
        var name: Range<Int>
        var value: Range<Int>
    }

    /// The pairs as a URL has them, in the order in which they were added: `a=1&b=`.
    private(set) var bytes: [UInt8] = []
    private var pairs: [Pair] = []

    package init() {}

    /// Forgets all pairs, and keeps the memory.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        pairs.removeAll(keepingCapacity: true)
    }

    /// Adds a pair that is not encoded.
    package mutating func append(_ name: String, _ value: String) {
        append(
            { AWSPercentEncoding.append(name, to: &$0) },
            { AWSPercentEncoding.append(value, to: &$0) }
        )
    }

    /// Adds the pairs of a URL's query.
    ///
    /// - Parameters:
    ///   - query: The query, encoded, without its question mark. A name without a value has an empty
    ///     one; `+` is a plus.
    ///   - skipped: The encoded name of pairs to leave out, such as `X-Amz-Signature` when a signature is
    ///     verified.
    package mutating func append(encoded query: String, leavingOut skipped: StaticString? = nil) {
        let utf8 = query.utf8
        for item in utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true) {
            let end = item.firstIndex(of: UInt8(ascii: "=")) ?? item.endIndex
            let name = item[..<end]
            if let skipped, skipped.withUTF8Buffer({ name.elementsEqual($0) }) { continue }
            let value = end == item.endIndex ? item[end...] : item[item.index(after: end)...]
            append(
                { AWSPercentEncoding.appendNormalized(name, to: &$0) },
                { AWSPercentEncoding.appendNormalized(value, to: &$0) }
            )
        }
    }

    /// Adds a pair whose name and value `writeName` and `writeValue` append, encoded.
    @inline(__always)
    mutating func append(
        _ writeName: (inout [UInt8]) -> Void,
        _ writeValue: (inout [UInt8]) -> Void
    ) {
        if !pairs.isEmpty { bytes.append(UInt8(ascii: "&")) }
        let start = bytes.count
        writeName(&bytes)
        let middle = bytes.count
        bytes.append(UInt8(ascii: "="))
        writeValue(&bytes)
        pairs.append(Pair(name: start..<middle, value: middle + 1..<bytes.count))
    }

    /// Adds a pair of a name that needs no encoding.
    @inline(__always)
    mutating func append(_ name: StaticString, _ writeValue: (inout [UInt8]) -> Void) {
        append({ bytes in name.withUTF8Buffer { bytes.append(contentsOf: $0) } }, writeValue)
    }

    /// Appends the pairs in the order of a signature: by encoded name, then by encoded value.
    mutating func appendSorted(to text: inout [UInt8]) {
        bytes.withUnsafeBufferPointer { bytes in
            if pairs.count > 1 {
                pairs.sort { a, b in
                    let order = compareBytes(bytes, a.name, b.name)
                    return (order != 0 ? order : compareBytes(bytes, a.value, b.value)) < 0
                }
            }
            for (index, pair) in pairs.enumerated() {
                if index > 0 { text.append(UInt8(ascii: "&")) }
                // Name, equals sign and value stand together.
                text.append(contentsOf: bytes[pair.name.lowerBound..<pair.value.upperBound])
            }
        }
    }
}
