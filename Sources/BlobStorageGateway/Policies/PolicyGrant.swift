internal import BlobStorage

/// Something that a policy lets everybody do.
struct PolicyGrant: Sendable, Hashable {
    /// What it is, by its name in S3's policies.
    enum Action: String, Sendable, CaseIterable {
        case getObject = "s3:getobject"
        case listBucket = "s3:listbucket"
        case getBucketLocation = "s3:getbucketlocation"

        /// The access that it is a part of.
        var access: GatewayRight.Access {
            switch self {
            case .getObject: .read
            case .listBucket, .getBucketLocation: .list
            }
        }
    }

    let action: Action
    let resource: PolicyResource

    /// Whether it is for a key, or for a listing of the bucket.
    func covers(_ access: GatewayRight.Access, _ bucket: String, _ key: String) -> Bool {
        guard action.access == access, resource.bucket.utf8.elementsEqual(bucket.utf8) else {
            return false
        }
        // A listing is of the bucket, whatever its prefix.
        return resource.keys?.matches(key) ?? (access == .list)
    }
}

/// What a statement is about: a bucket, or some of its keys.
struct PolicyResource: Sendable, Hashable {
    let bucket: String
    /// The keys; `nil` for the bucket itself.
    let keys: KeyPattern?

    private static let start = "arn:aws:s3:::"
    private static let maximumByteCount = 2_048

    /// Reads an address such as `arn:aws:s3:::photos/public/*`.
    ///
    /// - Throws: `PolicyError` if it is no such address, or has what can't be told here.
    init(_ text: String) throws(PolicyError) {
        guard text.utf8.starts(with: Self.start.utf8), text.utf8.count <= Self.maximumByteCount
        else {
            throw .malformed("Policy has invalid resource")
        }
        let bytes = Array(text.utf8.dropFirst(Self.start.utf8.count))
        guard !text.contains("${") else { throw .unsupported("a variable in Resource") }
        let name = bytes.prefix { $0 != UInt8(ascii: "/") }
        bucket = String(decoding: name, as: UTF8.self)
        let isPlain = name.allSatisfy { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") }
        guard !name.isEmpty, isPlain else { throw .malformed("Policy has invalid resource") }
        keys = name.count < bytes.count ? KeyPattern(bytes[(name.count + 1)...]) : nil
    }
}

/// Keys by a pattern: `*` is any text, `?` any character.
struct KeyPattern: Sendable, Hashable {
    private let bytes: [UInt8]

    init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// How many bytes a key may have to be compared with again and again; none for a plain key or the
    /// beginning of one.
    var searchedByteCount: Int {
        let plain = bytes.prefix { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") }
        let rest = bytes.count - plain.count
        return rest <= 1 ? 0 : rest
    }

    /// Whether a key has the pattern's form.
    ///
    /// After a mismatch only the last `*` is tried with more: what the ones before it took would do for
    /// it as well. So the time is at most the product of both lengths.
    func matches(_ key: String) -> Bool {
        let key = Array(key.utf8)
        var (place, index) = (0, 0)
        var star: (place: Int, index: Int)?
        while index < key.count {
            if place < bytes.count, bytes[place] == UInt8(ascii: "*") {
                star = (place, index)
                place += 1
            } else if place < bytes.count, bytes[place] == UInt8(ascii: "?") {
                place += 1
                index += 1
                while index < key.count, UTF8.isContinuation(key[index]) { index += 1 }
            } else if place < bytes.count, bytes[place] == key[index] {
                place += 1
                index += 1
            } else if let last = star {
                star = (last.place, last.index + 1)
                (place, index) = (last.place + 1, last.index + 1)
            } else {
                return false
            }
        }
        return bytes[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
