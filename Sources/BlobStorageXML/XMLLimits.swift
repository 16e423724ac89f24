/// Bounds on a document that comes from elsewhere.
package struct XMLLimits: Sendable, Hashable {
    /// The most elements inside each other; libxml2 itself takes no more than 256.
    package var maximumDepth: Int
    /// The most bytes of an element's name.
    package var maximumNameByteCount: Int
    /// The most bytes of an element's text, or of an attribute's value; libxml2 itself takes no more
    /// than 10,000,000 in one piece.
    package var maximumTextByteCount: Int
    /// The most bytes of the document.
    package var maximumDocumentByteCount: Int
    /// The most attributes of an element, declared namespaces among them.
    package var maximumAttributeCount: Int
    /// The most elements; a page of 1,000 blobs has some 10,000.
    package var maximumElementCount: Int

    package init(
        maximumDepth: Int = 16,
        maximumNameByteCount: Int = 256,
        maximumTextByteCount: Int = 64 << 10,
        maximumDocumentByteCount: Int = 16 << 20,
        maximumAttributeCount: Int = 16,
        maximumElementCount: Int = 250_000
    ) {
        self.maximumDepth = maximumDepth
        self.maximumNameByteCount = maximumNameByteCount
        self.maximumTextByteCount = maximumTextByteCount
        self.maximumDocumentByteCount = maximumDocumentByteCount
        self.maximumAttributeCount = maximumAttributeCount
        self.maximumElementCount = maximumElementCount
    }
}

/// Why a document is refused.
package struct XMLError: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
