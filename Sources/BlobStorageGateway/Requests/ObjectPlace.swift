internal import BlobStorage
internal import BlobStorageAWS

/// The bucket and the key that a request names.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
struct ObjectPlace: Sendable {
    /// The bucket's name; `nil` for the service itself.
    let bucket: String?
    /// The key; `nil` for the bucket itself.
    let key: BlobKey?

    /// - Throws: `GatewayError` if no bucket can have the name.
    private init(bucket: String?, key: BlobKey?) throws(GatewayError) {
        if let bucket, !BucketName.isSegment(bucket) { throw .invalidBucketName(bucket) }
        self.bucket = bucket
        self.key = key
    }

    /// - Parameters:
    ///   - path: The path, as it was sent.
    ///   - host: The `Host` header.
    ///   - configuration: What the paths begin with, and which hosts have buckets in front.
    /// - Throws: `GatewayError` if the path is not below the base, no UTF-8, or the bucket's name
    ///   or the key is none.
    init(
        path: String,
        host: String?,
        _ configuration: S3GatewayConfiguration
    ) throws(GatewayError) {
        let rest = try Self.withoutBase(path.utf8[...], configuration.basePath)
        if let bucket = Self.bucket(host: host, configuration.virtualHosts) {
            try self.init(bucket: bucket, key: try Self.key(rest))
        } else {
            try self.init(segments: rest)
        }
    }

    /// The source of a copy: `/bucket/key`, encoded, with or without the first slash.
    ///
    /// - Throws: `GatewayError` unless it names a bucket, a key, and no version.
    init(copySource: String) throws(GatewayError) {
        var rest = copySource.utf8[...]
        if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
            let query = String(rest[rest.index(after: mark)...])
            let version = try QueryParameters(query)["versionId"]
            guard version.map({ $0 == "null" }) ?? true else { throw .noVersion }
            rest = rest[..<mark]
        }
        if rest.first == UInt8(ascii: "/") { rest.removeFirst() }
        try self.init(segments: rest)
        guard bucket != nil, key != nil else {
            throw .invalidArgument(
                "Copy Source must mention the source bucket and key: "
                    + "sourcebucket/sourcekey"
            )
        }
    }

    /// - Parameter path: The path without its first slash.
    /// - Throws: `GatewayError` if it is no UTF-8, or the bucket's name or the key is none.
    private init(segments path: Substring.UTF8View) throws(GatewayError) {
        let slash = path.firstIndex(of: UInt8(ascii: "/"))
        let bucket = try Self.decode(path[..<(slash ?? path.endIndex)])
        let key = try slash.map { slash throws(GatewayError) in
            try Self.key(path[path.index(after: slash)...])
        }
        guard !bucket.isEmpty else {
            guard key == nil || key == .some(nil) else { throw .invalidURI }
            try self.init(bucket: nil, key: nil)
            return
        }
        try self.init(bucket: bucket, key: key ?? nil)
    }

    private static func key(_ path: Substring.UTF8View) throws(GatewayError) -> BlobKey? {
        guard !path.isEmpty else { return nil }
        let text = try decode(path)
        guard let key = try? BlobKey(text) else { throw .keyTooLong(text.utf8.count) }
        return key
    }

    private static func decode(_ path: Substring.UTF8View) throws(GatewayError) -> String {
        guard path.contains(UInt8(ascii: "%")) else { return String(path) ?? "" }
        guard let text = String(validating: AWSPercentEncoding.decode(path), as: UTF8.self)
        else { throw .invalidURI }
        return text
    }

    /// What is left of a path behind the base and the slash after it.
    private static func withoutBase(
        _ path: Substring.UTF8View,
        _ base: String
    ) throws(GatewayError) -> Substring.UTF8View {
        var rest = path
        var base = base.utf8[...]
        while base.last == UInt8(ascii: "/") { base.removeLast() }
        // The slash in front of it may have been left out.
        if let first = base.first, first != UInt8(ascii: "/"), rest.first == UInt8(ascii: "/") {
            rest.removeFirst()
        }
        guard rest.starts(with: base) else { throw .noSuchBucket }
        rest = rest.dropFirst(base.count)
        guard let first = rest.first else { return rest }
        guard first == UInt8(ascii: "/") else { throw .noSuchBucket }
        return rest.dropFirst()
    }

    /// The bucket in front of a virtual host; `nil` if the host has none.
    private static func bucket(host: String?, _ virtualHosts: [String]) -> String? {
        guard !virtualHosts.isEmpty, let host else { return nil }
        let name = host.utf8.prefix { $0 != UInt8(ascii: ":") }.map(lower)
        var bucket: ArraySlice<UInt8>?
        for virtualHost in virtualHosts {
            let suffix = virtualHost.utf8.map(lower)
            // One that stands below another is no bucket of that.
            if name == suffix { return nil }
            let rest = name.dropLast(suffix.count)
            guard rest.count > 1, rest.last == UInt8(ascii: "."),
                name.suffix(suffix.count).elementsEqual(suffix)
            else { continue }
            if rest.count < bucket?.count ?? .max { bucket = rest }
        }
        return bucket.map { String(decoding: $0.dropLast(), as: UTF8.self) }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
