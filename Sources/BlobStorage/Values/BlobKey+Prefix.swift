extension BlobKey {
    /// Whether the key begins with the bytes of a prefix.
    ///
    /// - Parameter prefix: The prefix; no delimiter is added.
    /// - Returns: Whether it does; `String` would not find `"a/"` where a combining mark follows it.
    public func hasPrefix(_ prefix: String) -> Bool {
        UTF8Order.hasPrefix(text, prefix)
    }

    /// The key with other bytes at its beginning: `thumbnails/cat.jpg` for `uploads/cat.jpg`.
    ///
    /// - Parameters:
    ///   - prefix: What the key begins with.
    ///   - other: What the new key begins with.
    /// - Returns: The new key; `nil` if this one does not begin so.
    /// - Throws: ``BlobError`` of kind `invalidArgument` if the new key has no byte, or too many.
    public func replacingPrefix(_ prefix: String, with other: String) throws -> BlobKey? {
        guard hasPrefix(prefix) else { return nil }
        let rest = text.utf8.dropFirst(prefix.utf8.count)
        return try BlobKey(String(decoding: Array(other.utf8) + rest, as: UTF8.self))
    }
}
