import BlobStorage

/// What a blob has beyond its bytes, as text that rides on the file.
///
/// A line each, names before values, readable with `getfattr`:
///
///     blob-storage 1
///     version 18a3f0-5
///     content-type image/png
///     meta owner Ada
///     checksum sha256 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
///     tag retention%20class 10-years
///
/// A blob that was uploaded in parts has `parts 8388608*3 123` too, their sizes as ``PartRuns`` has
/// them, and perhaps `composite sha256` with the checksum over the parts' checksums. With more than
/// 256 runs of sizes there is neither.
///
/// No value can have a line break, since metadata, headers and tags can't. A blob with nothing but what
/// its file tells anyway has no record.
struct AttributeRecord: Equatable {
    var headers = ContentHeaders()
    var metadata = BlobMetadata()
    var checksum: Checksum?
    var tags = BlobTags()
    /// The sizes of the parts that the blob was made of.
    var parts: PartRuns?
    /// The checksum over the checksums of the parts; it says nothing without ``parts``.
    var composite: Checksum?
    /// The version of the bytes that checksums and parts are of; another program may have changed
    /// them.
    var version = ""

    private static let firstLine = "blob-storage 1"

    /// Whether the file's name alone tells the same.
    func isImplied(by key: BlobKey) -> Bool {
        checksum == nil && parts == nil && metadata.isEmpty && tags.isEmpty
            && headers == ContentHeaders(contentType: ContentType.guess(for: key))
    }

    /// The record of a blob of whose parts nothing is known.
    var withoutParts: AttributeRecord {
        var record = self
        record.parts = nil
        record.composite = nil
        return record
    }

    /// The record as text.
    var text: String {
        var lines = [Self.firstLine, "version \(version)"]
        lines += headers.fields.map { "\($0.name) \($0.value)" }
        lines += metadata.pairs.map { "meta \($0.name) \($0.value)" }
        if let checksum {
            lines.append("checksum \(checksum.algorithm.rawValue) \(checksum.base64)")
        }
        if let parts {
            lines.append("parts \(parts.text)")
            if let composite {
                lines.append("composite \(composite.algorithm.rawValue) \(composite.base64)")
            }
        }
        lines += tags.pairs.map { "tag \(Self.escaped($0.name)) \($0.value)" }
        return lines.joined(separator: "\n") + "\n"
    }

    init(checksum: Checksum? = nil) {
        self.checksum = checksum
    }

    /// Reads a record.
    ///
    /// - Returns: `nil` if the text is no record, or one of a later version of this package.
    init?(text bytes: [UInt8]) {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.popLast()?.isEmpty == true, let first = lines.first,
            first.elementsEqual(Self.firstLine.utf8)
        else { return nil }
        var tags: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let (name, value) = Self.cut(line) else { return nil }
            if name == "tag" {
                guard let (name, value) = Self.cut(value) else { return nil }
                tags[Self.unescaped(name)] = String(decoding: value, as: UTF8.self)
            } else if !take(name, value) {
                return nil
            }
        }
        self.tags = BlobTags(unchecked: tags)
    }

    private mutating func take(_ name: String, _ value: ArraySlice<UInt8>) -> Bool {
        switch name {
        case "version":
            version = String(decoding: value, as: UTF8.self)
        case "meta":
            guard let (name, value) = Self.cut(value) else { return false }
            metadata[name] = String(decoding: value, as: UTF8.self)
        case "checksum": return Self.take(value, into: &checksum)
        case "composite": return Self.take(value, into: &composite)
        case "parts":
            // Those that can't be told, as more than this version keeps, are as good as none.
            parts = PartRuns(text: value)
        default:
            return headers.set(name, to: String(decoding: value, as: UTF8.self))
        }
        return true
    }

    private static func take(_ value: ArraySlice<UInt8>, into checksum: inout Checksum?) -> Bool {
        guard let (name, base64) = cut(value) else { return false }
        // One of a later version of this package is nothing to compare with.
        guard let algorithm = ChecksumAlgorithm(rawValue: name) else { return true }
        checksum = try? Checksum(algorithm, base64: String(decoding: base64, as: UTF8.self))
        return checksum != nil
    }

    /// A tag's name without a space, which ends it in the record.
    private static func escaped(_ name: String) -> String {
        var bytes: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "%"): bytes += "%25".utf8
            case UInt8(ascii: " "): bytes += "%20".utf8
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func unescaped(_ name: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(name.utf8)[...]
        while let byte = rest.first {
            if rest.starts(with: "%20".utf8) || rest.starts(with: "%25".utf8) {
                bytes.append(rest[rest.startIndex + 2] == UInt8(ascii: "0") ? 0x20 : 0x25)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func cut(_ line: ArraySlice<UInt8>) -> (String, ArraySlice<UInt8>)? {
        guard let space = line.firstIndex(of: UInt8(ascii: " ")) else { return nil }
        return (String(decoding: line[..<space], as: UTF8.self), line[(space + 1)...])
    }
}
