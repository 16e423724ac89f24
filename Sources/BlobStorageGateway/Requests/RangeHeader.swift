internal import BlobStorage

/// The `Range` of a request.
///
/// - SeeAlso: RFC 9110, section 14.2
enum RangeHeader {
    /// Reads a range.
    ///
    /// Several ranges, which S3 has not, and what is no range of bytes are ignored, as RFC 9110 lets
    /// a server do and as S3 does: the answer is the whole blob, once.
    ///
    /// - Returns: The range; `nil` to ignore the header.
    /// - Throws: `GatewayError` for a suffix of no bytes, which no blob has.
    static func parse(_ text: String?) throws(GatewayError) -> ByteRange? {
        guard let text, text.utf8.count <= 64 else { return nil }
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, halves[0].trimmed.lowercasedASCII == "bytes" else { return nil }
        let ends = halves[1].trimmed.split(
            separator: "-",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard ends.count == 2 else { return nil }
        let (first, last) = (ends[0].trimmed, ends[1].trimmed)
        if first.isEmpty {
            guard let count = last.decimal else { return nil }
            guard count > 0 else { throw .invalidRange }
            return .suffix(count)
        }
        guard let lower = first.decimal else { return nil }
        guard !last.isEmpty else { return .from(lower) }
        guard let upper = last.decimal, upper >= lower else { return nil }
        return upper == .max ? .from(lower) : .bounded(lower..<(upper + 1))
    }

    /// Reads `x-amz-copy-source-range`, which S3 takes in one form only.
    ///
    /// - Throws: `GatewayError` unless it is `bytes=first-last`.
    static func parseCopySource(_ text: String) throws(GatewayError) -> Range<Int64> {
        guard case .bounded(let range)? = try parse(text) else {
            throw .invalidArgument(
                "The x-amz-copy-source-range value must be of the form bytes=first-last where "
                    + "first and last are the zero-based offsets of the first and last bytes to "
                    + "copy"
            )
        }
        return range
    }
}
