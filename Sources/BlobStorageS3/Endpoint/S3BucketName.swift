import BlobStorage

/// What may stand as a bucket's name.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
package enum S3BucketName {
    /// Whose rules count.
    package enum Rules: Sendable, Hashable {
        /// AWS's rules for new buckets.
        case aws
        /// What other stores, and old buckets of us-east-1, have too: capitals, underscores, up to
        /// 255 bytes.
        case lenient
    }

    /// Throws unless there can be a bucket of that name.
    ///
    /// - Throws: `BlobError` of kind `invalidArgument`; `unsupported` for an ARN, or a name that
    ///   AWS keeps for a feature that we lack.
    package static func validate(_ name: String, _ rules: Rules) throws {
        try S3UnsupportedFeature.refuse(bucket: name)
        guard let problem = problem(name, rules) else { return }
        throw S3EndpointParameters.invalid(
            "the bucket is \"\(EscapedText(name.clipped))\"; \(problem)"
        )
    }

    private static func problem(_ name: String, _ rules: Rules) -> String? {
        let longest = rules == .aws ? 63 : 255
        guard (3...longest).contains(name.utf8.count) else {
            return "a name has 3 to \(longest) bytes"
        }
        switch rules {
        case .lenient:
            guard name.utf8.allSatisfy({ $0.isLetterOrDigit || ".-_".utf8.contains($0) }) else {
                return "a name has only letters, digits, dots, hyphens and underscores"
            }
            // "." and ".." as a segment of the path would be taken away on the way.
            return name.utf8.allSatisfy { $0 == UInt8(ascii: ".") }
                ? "a name has more than dots" : nil
        case .aws:
            return awsProblem(name)
        }
    }

    private static func awsProblem(_ name: String) -> String? {
        let bytes = name.utf8
        guard bytes.allSatisfy({ $0.isLowerOrDigit || ".-".utf8.contains($0) }) else {
            return "a name has only a–z, 0–9, dots and hyphens"
        }
        guard let first = bytes.first, let last = bytes.last, first.isLowerOrDigit,
            last.isLowerOrDigit
        else { return "a name begins and ends with a letter or a digit" }
        guard UTF8Order.firstRange(of: "..", in: name, from: 0) == nil else {
            return "a name has no two dots in a row"
        }
        guard !S3EndpointURL.isIPv4(name) else { return "a name is no IP address" }
        let prefixes = ["xn--", "sthree-", "amzn-s3-demo-"]
        if let prefix = prefixes.first(where: { UTF8Order.hasPrefix(name, $0) }) {
            return "AWS keeps names that begin with \(prefix)"
        }
        let suffixes = ["-s3alias", "--ol-s3", ".mrap", "--table-s3"]
        if let suffix = suffixes.first(where: { hasSuffix(name, $0) }) {
            return "AWS keeps names that end with \(suffix)"
        }
        return nil
    }

    static func hasSuffix(_ text: String, _ suffix: String) -> Bool {
        text.utf8.count >= suffix.utf8.count
            && text.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }

    /// Whether the name can stand in front of a host: the published rules'
    /// `isVirtualHostableS3Bucket`.
    static func isHosted(_ name: String, allowingDots: Bool) -> Bool {
        guard allowingDots else { return isHostLabel(name) }
        guard (3...63).contains(name.utf8.count), !S3EndpointURL.isIPv4(name) else { return false }
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.allSatisfy(isLabel)
    }

    /// Whether the name is one DNS label of a legal length.
    static func isHostLabel(_ name: String) -> Bool {
        (3...63).contains(name.utf8.count) && isLabel(name.utf8[...])
    }

    private static func isLabel(_ label: Substring.UTF8View) -> Bool {
        guard let first = label.first, let last = label.last else { return false }
        return first.isLowerOrDigit && last.isLowerOrDigit
            && label.allSatisfy { $0.isLowerOrDigit || $0 == UInt8(ascii: "-") }
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    var isLowerOrDigit: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || isDigit }

    var isLetterOrDigit: Bool {
        isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }
}

extension String {
    /// The text cut for an error message.
    var clipped: String {
        utf8.count <= 80 ? self : String(decoding: utf8.prefix(80), as: UTF8.self) + "…"
    }
}
