internal import BlobStorage

/// The keys that the service makes, and what they tell when they come back in a listing.
///
///     uploads/<owner>/<id>.<extension>            a document
///     uploads/<owner>/<id>_<mark>.<extension>     one that was copied there by the attempt <mark>
///     incoming/uploads/<owner>/<id>.<extension>   bytes that wait to be confirmed
struct UploadKeys {
    /// The most bytes of a prefix: with the longest owner, id and extension it still is a key.
    static let maximumPrefixByteCount = 512
    static let incoming = "incoming/"

    /// What the keys of documents begin with.
    let prefix: String

    /// What the keys of waiting bytes begin with.
    var incomingPrefix: String { Self.incoming + prefix }

    /// Checks a prefix.
    ///
    /// - Throws: `BlobError` of kind `invalidArgument`.
    init(prefix: String) throws {
        let isPlain = prefix.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "-_.=/".utf8.contains(byte)
            }
        }
        let segments = prefix.utf8.split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        .map { String(decoding: $0, as: UTF8.self) }
        guard isPlain, (2...Self.maximumPrefixByteCount).contains(prefix.utf8.count),
            segments.last == "",
            !segments.dropLast().contains(where: { ["", ".", ".."].contains($0) })
        else {
            throw BlobError.policy(
                "the key prefix has 2 to \(Self.maximumPrefixByteCount) letters, digits, -, _, =, . "
                    + "and /, ends with a slash and has no segment that is empty, . or .."
            )
        }
        guard segments[0] != "incoming" else {
            throw BlobError.policy("the key prefix begins with incoming/, where other bytes wait")
        }
        self.prefix = prefix
    }

    /// The key of a new document.
    func key(owner: String, id: DocumentID, _ fileExtension: FileExtension?) -> BlobKey {
        let suffix = fileExtension.map { "." + $0.text } ?? ""
        return BlobKey(unchecked: "\(prefix)\(OwnerSegment(owner).text)/\(id)\(suffix)")
    }

    /// Where the bytes of a document wait until they are confirmed.
    func incomingKey(for record: DocumentRecord) -> BlobKey {
        // The record's key may have the mark of an attempt by now.
        let fileExtension = extensionText(of: record.key)
        let owner = OwnerSegment(record.owner).text
        return BlobKey(unchecked: "\(incomingPrefix)\(owner)/\(record.id)\(fileExtension)")
    }

    /// A key beside the document's own that nobody has used.
    func freshKey(for record: DocumentRecord) -> BlobKey {
        var generator = SystemRandomNumberGenerator()
        let mark = String(UInt64.random(in: .min ... .max, using: &generator), radix: 36)
        let owner = OwnerSegment(record.owner).text
        let fileExtension = extensionText(of: record.key)
        return BlobKey(unchecked: "\(prefix)\(owner)/\(record.id)_\(mark)\(fileExtension)")
    }

    /// The extension of a key that the service made, with its dot.
    private func extensionText(of key: BlobKey) -> String {
        let name = key.text.utf8.split(separator: UInt8(ascii: "/")).last ?? key.text.utf8[...]
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return "" }
        return String(decoding: name[dot...], as: UTF8.self)
    }

    /// The id in a key that the service made; `nil` for any other key.
    ///
    /// Only what `DocumentIDMaker` makes counts, so that a file that somebody put under the prefix is
    /// not taken for a document without a record.
    func id(in key: BlobKey, under prefix: String) -> DocumentID? {
        guard UTF8Order.hasPrefix(key.text, prefix) else { return nil }
        let rest = key.text.utf8.dropFirst(prefix.utf8.count)
        let segments = rest.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard segments.count == 2, !segments[0].isEmpty else { return nil }
        let parts = segments[1].split(
            separator: UInt8(ascii: "."),
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        let names = parts[0].split(
            separator: UInt8(ascii: "_"),
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        let rests = [parts, names].flatMap { $0.dropFirst() }
        guard Self.isUUID(names[0]), rests.allSatisfy(Self.isWord) else { return nil }
        return DocumentID(unchecked: String(decoding: names[0], as: UTF8.self))
    }

    private static func isWord(_ text: Substring.UTF8View) -> Bool {
        FileExtension(verbatim: String(decoding: text, as: UTF8.self)) != nil
    }

    /// Whether a text is a UUID of version 7 in lower case.
    private static func isUUID(_ text: Substring.UTF8View) -> Bool {
        guard text.count == 36 else { return false }
        for (place, byte) in text.enumerated() {
            switch place {
            case 8, 13, 18, 23: guard byte == UInt8(ascii: "-") else { return false }
            case 14: guard byte == UInt8(ascii: "7") else { return false }
            default:
                guard (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) else {
                    return false
                }
            }
        }
        return true
    }
}
