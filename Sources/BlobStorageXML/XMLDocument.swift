internal import CBlobStorageXML

/// Bounds on a document that comes from elsewhere.
package struct XMLLimits: Sendable, Hashable {
    /// The most elements inside each other.
    package var maximumDepth: Int
    /// The most bytes of an element's name.
    package var maximumNameByteCount: Int
    /// The most bytes of an element's text.
    package var maximumTextByteCount: Int
    /// The most bytes of the document.
    package var maximumDocumentByteCount: Int

    package init(
        maximumDepth: Int = 16,
        maximumNameByteCount: Int = 256,
        maximumTextByteCount: Int = 64 << 10,
        maximumDocumentByteCount: Int = 16 << 20
    ) {
        self.maximumDepth = maximumDepth
        self.maximumNameByteCount = maximumNameByteCount
        self.maximumTextByteCount = maximumTextByteCount
        self.maximumDocumentByteCount = maximumDocumentByteCount
    }
}

/// Why a document is refused.
package struct XMLError: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// An element of a document, read whole; names are local names, without a namespace's prefix.
package struct XMLNode: Sendable {
    /// Reads a document strictly: no DTD, no entity but the five, nothing after the root.
    ///
    /// - Parameters:
    ///   - bytes: The document, in UTF-8.
    ///   - limits: The bounds.
    /// - Returns: The root.
    /// - Throws: ``XMLError``.
    package static func parse(
        _ bytes: [UInt8],
        limits: XMLLimits = XMLLimits()
    ) throws(XMLError) -> XMLNode {
        fatalError("not there yet")
    }

    package var name: String { fatalError("not there yet") }

    /// The text directly inside, all pieces joined.
    package var text: String { fatalError("not there yet") }

    /// The children, in order.
    package var children: [XMLNode] { fatalError("not there yet") }

    /// The children of a name, in order.
    package func children(named name: StaticString) -> [XMLNode] { fatalError("not there yet") }

    /// The first child of a name.
    package func child(_ name: StaticString) -> XMLNode? { fatalError("not there yet") }

    /// The value of an attribute, by its local name (`xsi:type` is `type`).
    package func attribute(_ name: StaticString) -> String? { fatalError("not there yet") }
}
