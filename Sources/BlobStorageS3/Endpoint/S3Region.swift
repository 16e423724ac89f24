import BlobStorage

/// What may stand as a region.
package enum S3Region {
    /// The longest name, since it stands in a host's name.
    static let maximumByteCount = 63

    /// Throws unless the text can be a region's name: one DNS label.
    ///
    /// Stores other than AWS choose any name, so it need not be one that AWS has.
    ///
    /// - Throws: `BlobError` of kind `invalidArgument`.
    package static func validate(_ region: String) throws {
        let isLegal =
            (1...maximumByteCount).contains(region.utf8.count)
            && region.utf8.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "-") }
            && region.utf8.first != UInt8(ascii: "-")
        guard isLegal else {
            throw S3EndpointParameters.invalid(
                "the region is \"\(EscapedText(region.clipped))\"; it has 1 to "
                    + "\(maximumByteCount) letters, digits and hyphens, as eu-central-1 has"
            )
        }
    }
}

/// A part of AWS with its own domain.
///
/// - SeeAlso: https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json
struct AWSPartition: Sendable, Hashable {
    static let aws = "aws"

    let name: String
    let domain: String
    let hasFIPS: Bool
    let hasDualStack: Bool

    /// The partition of a region; `aws` for one that nobody knows.
    init(region: String) {
        let entry = Self.others.first { UTF8Order.hasPrefix(region, $0.prefix) }
        name = entry?.name ?? Self.aws
        domain = entry?.domain ?? "amazonaws.com"
        // The rules of S3 know no FIPS in China, whatever the partition's own entry says.
        hasFIPS = name != "aws-cn"
        hasDualStack = entry?.hasDualStack ?? true
    }

    private struct Entry {
        let prefix: String
        let name: String
        let domain: String
        var hasDualStack = true
    }

    private static let others = [
        Entry(prefix: "cn-", name: "aws-cn", domain: "amazonaws.com.cn"),
        Entry(prefix: "aws-cn-", name: "aws-cn", domain: "amazonaws.com.cn"),
        Entry(prefix: "us-gov-", name: "aws-us-gov", domain: "amazonaws.com"),
        Entry(prefix: "us-isob-", name: "aws-iso-b", domain: "sc2s.sgov.gov", hasDualStack: false),
        Entry(prefix: "us-isof-", name: "aws-iso-f", domain: "csp.hci.ic.gov", hasDualStack: false),
        Entry(prefix: "us-iso-", name: "aws-iso", domain: "c2s.ic.gov", hasDualStack: false),
        Entry(prefix: "eu-isoe-", name: "aws-iso-e", domain: "cloud.adc-e.uk", hasDualStack: false),
        Entry(prefix: "eusc-", name: "aws-eusc", domain: "amazonaws.eu"),
    ]
}
