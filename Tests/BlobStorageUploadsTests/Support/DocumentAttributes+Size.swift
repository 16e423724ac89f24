import BlobStorage

extension DocumentAttributes {
    /// So many pairs.
    static func many(_ count: Int) -> DocumentAttributes {
        let pairs = (0..<count).map { ("a\($0)", "") }
        return DocumentAttributes(Dictionary(uniqueKeysWithValues: pairs))
    }

    /// One pair of so many bytes.
    static func long(_ byteCount: Int) -> DocumentAttributes {
        ["a": String(repeating: "x", count: byteCount - 1)]
    }
}
