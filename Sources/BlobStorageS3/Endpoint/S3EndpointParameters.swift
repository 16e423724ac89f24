import BlobStorage
import BlobStorageHTTP

/// What decides where requests go: AWS's published rules, for the features that we have.
///
/// - SeeAlso: https://github.com/boto/botocore/tree/develop/botocore/data/s3
package struct S3EndpointParameters: Sendable, Hashable {
    package var region: String?
    /// `nil` asks for the service's own endpoint.
    package var bucket: String?
    /// `nil` is AWS.
    package var customEndpoint: S3EndpointURL?
    package var addressing: S3Addressing
    package var usesDualStack: Bool
    package var usesFIPS: Bool
    package var usesAcceleration: Bool
    /// Whether us-east-1 means `s3.amazonaws.com`, as it did long ago.
    package var usesGlobalEndpoint: Bool

    package init(
        region: String?,
        bucket: String?,
        customEndpoint: S3EndpointURL? = nil,
        addressing: S3Addressing = .automatic,
        usesDualStack: Bool = false,
        usesFIPS: Bool = false,
        usesAcceleration: Bool = false,
        usesGlobalEndpoint: Bool = false
    ) {
        self.region = region
        self.bucket = bucket
        self.customEndpoint = customEndpoint
        self.addressing = addressing
        self.usesDualStack = usesDualStack
        self.usesFIPS = usesFIPS
        self.usesAcceleration = usesAcceleration
        self.usesGlobalEndpoint = usesGlobalEndpoint
    }

    /// The name that AWS gives to no region in particular.
    static let globalRegion = "aws-global"

    /// Works out the endpoint.
    ///
    /// The bucket's name is only looked at for what its addressing needs; ``S3BucketName`` says
    /// whether there can be such a bucket.
    ///
    /// - Throws: `BlobError` of kind `invalidArgument` if the parts contradict each other or the
    ///   region is none, `unsupported` for a bucket that needs a feature that we lack.
    package func resolve() throws -> S3Endpoint {
        guard let region else {
            throw Self.invalid("no region is set; set the bucket's region, such as eu-central-1")
        }
        try S3Region.validate(region)
        if let bucket { try S3UnsupportedFeature.refuse(bucket: bucket) }
        try refuseContradictions(region)
        return try customEndpoint.map { try resolve(region, $0) } ?? resolveAWS(region)
    }

    private func refuseContradictions(_ region: String) throws {
        if customEndpoint != nil {
            let feature =
                usesDualStack
                ? "dual-stack" : usesFIPS ? "FIPS" : usesAcceleration ? "acceleration" : nil
            if let feature {
                throw Self.invalid(
                    "\(feature) and a custom endpoint are both set; AWS alone has \(feature)"
                )
            }
        }
        let partition = AWSPartition(region: region)
        if usesFIPS, !partition.hasFIPS {
            throw Self.invalid("FIPS is set; the partition \(partition.name) has no such endpoints")
        }
        if usesDualStack, !partition.hasDualStack {
            throw Self.invalid(
                "dual-stack is set; the partition \(partition.name) has no such endpoints"
            )
        }
        guard usesAcceleration, let bucket else { return }
        guard addressing != .path, S3BucketName.isHostLabel(bucket) else {
            throw Self.invalid(
                "acceleration is set; it needs the bucket's name in the host, not in the path"
            )
        }
        guard !usesFIPS else { throw Self.invalid("acceleration and FIPS are both set") }
        guard partition.name == AWSPartition.aws else {
            throw Self.invalid(
                "acceleration is set; the partition \(partition.name) has no such endpoints"
            )
        }
    }

    private func resolve(_ region: String, _ custom: S3EndpointURL) throws -> S3Endpoint {
        try place(
            bucket,
            in: S3Endpoint(
                scheme: custom.scheme,
                host: custom.host,
                port: custom.port,
                basePath: custom.path,
                isPathStyle: true,
                signingRegion: Self.signingRegion(region),
                signingService: "s3"
            ),
            isAddress: custom.isAddress
        )
    }

    private func resolveAWS(_ region: String) throws -> S3Endpoint {
        let isGlobal =
            region == Self.globalRegion || (usesGlobalEndpoint && region == Self.legacyRegion)
        return try place(
            bucket,
            in: S3Endpoint(
                scheme: .https,
                host: awsHost(region, isGlobal: isGlobal),
                port: nil,
                basePath: "",
                isPathStyle: true,
                signingRegion: Self.signingRegion(region),
                signingService: "s3"
            ),
            isAddress: false
        )
    }

    private static let legacyRegion = "us-east-1"

    private static func signingRegion(_ region: String) -> String {
        region == globalRegion ? legacyRegion : region
    }

    private func awsHost(_ region: String, isGlobal: Bool) -> String {
        let suffix = AWSPartition(region: region).domain
        let place = Self.signingRegion(region)
        if usesAcceleration, bucket != nil {
            guard usesDualStack else { return "s3-accelerate.\(suffix)" }
            // The published rules name a region for aws-global, and for no other.
            return region == Self.globalRegion
                ? "s3-accelerate.dualstack.\(place).\(suffix)"
                : "s3-accelerate.dualstack.\(suffix)"
        }
        switch (usesFIPS, usesDualStack) {
        case (true, true): return "s3-fips.dualstack.\(place).\(suffix)"
        case (true, false): return "s3-fips.\(place).\(suffix)"
        case (false, true): return "s3.dualstack.\(place).\(suffix)"
        case (false, false): return isGlobal ? "s3.\(suffix)" : "s3.\(place).\(suffix)"
        }
    }

    private func place(
        _ bucket: String?,
        in endpoint: S3Endpoint,
        isAddress: Bool
    ) throws -> S3Endpoint {
        guard let bucket else { return endpoint }
        let allowsDots = endpoint.scheme == .http
        let canBeHosted = !isAddress && S3BucketName.isHosted(bucket, allowingDots: allowsDots)
        guard canBeHosted || addressing != .virtualHosted else {
            throw Self.invalid(
                "virtual-hosted addressing is set; it works neither with an IP address nor with a "
                    + "bucket that is no DNS name, nor over TLS with one that has dots; set path"
            )
        }
        var endpoint = endpoint
        if canBeHosted, addressing != .path {
            endpoint.host = "\(bucket).\(endpoint.host)"
            endpoint.isPathStyle = false
        } else {
            endpoint.basePath += "/" + S3PathEncoding.component(bucket)
        }
        return endpoint
    }

    static func invalid(_ message: String) -> BlobError {
        BlobError(.invalidArgument, operation: "open", message: message)
    }
}
