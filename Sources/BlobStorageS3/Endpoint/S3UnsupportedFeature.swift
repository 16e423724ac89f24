import BlobStorage

/// Features of AWS that a bucket's name can ask for, and that this package doesn't have.
enum S3UnsupportedFeature: String, Sendable, CaseIterable {
    case accessPoint = "access points"
    case multiRegionAccessPoint = "multi-Region access points"
    case outposts = "S3 on Outposts"
    case express = "S3 Express One Zone (directory buckets)"
    case objectLambda = "S3 Object Lambda"
    case otherARN = "names given as ARN"

    /// What a bucket's name asks for; `nil` for a plain name.
    init?(bucket: String) {
        if let feature = Self.suffixes.first(where: { S3BucketName.hasSuffix(bucket, $0.suffix) }) {
            self = feature.feature
            return
        }
        guard UTF8Order.hasPrefix(bucket, "arn:") else { return nil }
        let colon = UInt8(ascii: ":")
        let fields = bucket.utf8.split(separator: colon, omittingEmptySubsequences: false)
            .map { String(decoding: Array($0), as: UTF8.self) }
        switch fields.count > 2 ? fields[2] : "" {
        case "s3-outposts": self = .outposts
        case "s3-object-lambda": self = .objectLambda
        case "s3express": self = .express
        case "s3":
            // A multi-Region access point's ARN names no region.
            self = fields.count > 3 && fields[3].isEmpty ? .multiRegionAccessPoint : .accessPoint
        default: self = .otherARN
        }
    }

    private static let suffixes: [(suffix: String, feature: S3UnsupportedFeature)] = [
        ("--x-s3", .express), ("--xa-s3", .express), ("--op-s3", .outposts),
        ("--ol-s3", .objectLambda), (".mrap", .multiRegionAccessPoint),
    ]

    static func refuse(bucket: String) throws {
        guard let feature = S3UnsupportedFeature(bucket: bucket) else { return }
        throw BlobError(
            .unsupported,
            operation: "open",
            message: "the bucket \"\(EscapedText(bucket.clipped))\" asks for \(feature.rawValue), "
                + "which is not supported; name a general purpose bucket"
        )
    }
}
