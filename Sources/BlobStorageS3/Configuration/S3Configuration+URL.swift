public import BlobStorage

extension S3Configuration {
    /// The parameters that an `s3:` address may have.
    package static let urlParameters: Set<String> = [
        "region", "endpoint", "profile", "vendor", "addressing", "accelerate", "dualstack", "fips",
        "part-size", "concurrency", "checksum", "encryption", "kms-key", "storage-class",
        "requester-pays", "anonymous", "attempts", "timeout", "ca-file",
    ]

    /// Reads a configuration from an address: `s3://bucket/prefix?region=…&endpoint=…`.
    ///
    /// | Parameter | Value |
    /// | --- | --- |
    /// | `region`, `endpoint`, `profile` | as the properties of these names |
    /// | `vendor` | `aws`, `r2`, `b2`, `gcs`, `ceph`, `minio`, `gateway`, `custom` |
    /// | `addressing` | `automatic`, `path`, `virtual` |
    /// | `accelerate`, `dualstack`, `fips`, `requester-pays`, `anonymous` | `true` or `false` |
    /// | `part-size` | bytes, or with `K`, `M` or `G` behind: `16M` |
    /// | `concurrency`, `attempts` | a number |
    /// | `timeout` | seconds for an operation |
    /// | `checksum` | `automatic`, `none`, `crc64nvme`, `crc32c`, `crc32`, `sha256`, `sha1` |
    /// | `encryption` | `default`, `s3`, `kms`; with `kms-key` for a key of one's own |
    /// | `storage-class` | such as `STANDARD_IA` |
    /// | `ca-file` | the path of a PEM file |
    ///
    /// - Parameter url: The address. Its path is a prefix of keys, and left to the caller as
    ///   parameters of other names are; `StoreURL.open(with:)` sees to both.
    /// - Throws: `BlobError` of kind `invalidArgument` or `unsupported`.
    public init(_ url: StoreURL) throws {
        guard url.scheme == "s3" else { throw url.invalid("it is not an s3: address") }
        let unknown = url.parameters.keys.filter { !Self.urlParameters.contains($0) }.sorted()
        if let name = unknown.first {
            throw url.invalid("there is no parameter \"\(EscapedText(name))\"")
        }
        guard let bucket = url.host, !bucket.isEmpty else {
            throw url.invalid("there is no bucket; write s3://bucket")
        }
        guard url.port == nil else {
            throw url.invalid("there is a port behind the bucket; give it in endpoint=…")
        }
        self.init(
            bucket: bucket,
            region: url.parameters["region"],
            endpoint: url.parameters["endpoint"],
            vendor: try url.parameter("vendor", oneOf: S3Vendor.named)
        )
        profile = url.parameters["profile"]
        storageClass = url.parameters["storage-class"]
        certificateFile = url.parameters["ca-file"]
        addressing = try url.parameter("addressing", oneOf: Self.addressings)
        try readFlags(url)
        try readNumbers(url)
        if let choice = try url.parameter("checksum", oneOf: Self.checksums) { checksum = choice }
        encryption = try Self.encryption(url)
        try validate()
    }

    /// The prefix of keys that an address names: its path without the slash in front, with one at
    /// its end; empty for the whole bucket.
    package static func keyPrefix(_ url: StoreURL) -> String {
        let path = String(decoding: url.path.utf8.drop { $0 == UInt8(ascii: "/") }, as: UTF8.self)
        return path.isEmpty || path.utf8.last == UInt8(ascii: "/") ? path : path + "/"
    }

    private static let addressings: [String: S3Addressing] = [
        "automatic": .automatic, "path": .path, "virtual": .virtualHosted,
    ]

    private static let checksums: [String: ChecksumChoice] = {
        let algorithms = ChecksumAlgorithm.allCases.map {
            ($0.rawValue, ChecksumChoice.algorithm($0))
        }
        return Dictionary(uniqueKeysWithValues: algorithms)
            .merging(["automatic": .automatic, "none": .none]) { $1 }
    }()

    private static let flags = ["true": true, "false": false]

    private mutating func readFlags(_ url: StoreURL) throws {
        usesAcceleration = try url.parameter("accelerate", oneOf: Self.flags) ?? false
        usesDualStack = try url.parameter("dualstack", oneOf: Self.flags) ?? false
        usesFIPS = try url.parameter("fips", oneOf: Self.flags) ?? false
        isAnonymous = try url.parameter("anonymous", oneOf: Self.flags) ?? false
        requesterPays = try url.parameter("requester-pays", oneOf: Self.flags) ?? false
    }

    private mutating func readNumbers(_ url: StoreURL) throws {
        if let text = url.parameters["part-size"] {
            guard let count = Self.byteCount(text) else {
                throw url.invalid("part-size is no count of bytes, such as 8388608 or 8M")
            }
            partByteCount = count
        }
        if let number = try Self.number("concurrency", url) { concurrency = number }
        if let number = try Self.number("attempts", url) { maximumAttempts = number }
        if let number = try Self.number("timeout", url) { operationTimeout = .seconds(number) }
    }

    private static func number(_ name: String, _ url: StoreURL) throws -> Int? {
        guard let text = url.parameters[name] else { return nil }
        guard (1...6).contains(text.utf8.count), text.utf8.allSatisfy(\.isDigit),
            let number = Int(text)
        else { throw url.invalid("\(name) is no number") }
        return number
    }

    /// Digits with `K`, `M` or `G` behind them or nothing.
    static func byteCount(_ text: String) -> Int64? {
        let units: [UInt8: Int64] = [
            UInt8(ascii: "K"): 1 << 10, UInt8(ascii: "M"): 1 << 20, UInt8(ascii: "G"): 1 << 30,
        ]
        let unit = text.utf8.last.flatMap { units[$0] }
        let digits = unit == nil ? text.utf8[...] : text.utf8.dropLast()
        guard (1...18).contains(digits.count), digits.allSatisfy(\.isDigit),
            let number = Int64(String(decoding: Array(digits), as: UTF8.self))
        else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit ?? 1)
        return overflow ? nil : product
    }

    private static func encryption(_ url: StoreURL) throws -> S3Encryption {
        let key = url.parameters["kms-key"]
        let choices: [String: S3Encryption] = [
            "default": .bucketDefault, "s3": .s3, "kms": .kms(keyID: key),
        ]
        let choice = try url.parameter("encryption", oneOf: choices)
        guard key == nil || choice == .kms(keyID: key) else {
            throw url.invalid("kms-key is given; it needs encryption=kms")
        }
        return choice ?? .bucketDefault
    }
}
