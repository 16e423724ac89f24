internal import CBlobStorageXML

/// An element of a document, read whole; names are local names, without a namespace's prefix.
///
/// A node is a light view: it keeps the whole document alive.
package struct XMLNode: Sendable {
    private let storage: XMLStorage
    private let index: Int

    private var element: cblobstorage_xml_element { storage.elements[index] }

    /// Reads a document strictly: no DTD, no entity but the five, nothing after the root.
    ///
    /// Characters that XML 1.0 doesn't allow (U+0001, say) are refused, written as a numeric
    /// reference too; `&#13;` and the like are fine.
    ///
    /// - Parameters:
    ///   - bytes: The document, in UTF-8.
    ///   - limits: The bounds.
    /// - Returns: The root.
    /// - Throws: ``XMLError``.
    /// - Complexity: Linear in the count of bytes, about 150 MB/s, whatever they are.
    package static func parse(
        _ bytes: [UInt8],
        limits: XMLLimits = XMLLimits()
    ) throws(XMLError) -> XMLNode {
        guard bytes.count <= limits.maximumDocumentByteCount else {
            let limit = limits.maximumDocumentByteCount
            throw XMLError("the XML document has \(bytes.count) bytes, more than \(limit)")
        }
        return XMLNode(storage: try XMLStorage(bytes, limits: limits), index: 0)
    }

    package var name: String { String(decoding: storage.bytes(element.name), as: UTF8.self) }

    /// Whether the local name is `name`.
    package func isNamed(_ name: StaticString) -> Bool { storage.isSame(element.name, name) }

    /// The text directly inside, all pieces joined.
    package var text: String { withTextBytes { String(decoding: $0, as: UTF8.self) } }

    /// Runs `body` on the UTF-8 bytes of ``text``, without a `String` being made.
    package func withTextBytes<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        try withExtendedLifetime(storage) { try body(storage.bytes(element.text)) }
    }

    /// The children, in order.
    package var children: [XMLNode] {
        var children: [XMLNode] = []
        forEachChild { child, _ in
            children.append(XMLNode(storage: storage, index: child))
            return true
        }
        return children
    }

    /// The children of a name, in order.
    package func children(named name: StaticString) -> [XMLNode] {
        var children: [XMLNode] = []
        forEachChild { child, element in
            if storage.isSame(element.name, name) {
                children.append(XMLNode(storage: storage, index: child))
            }
            return true
        }
        return children
    }

    /// The first child of a name.
    package func child(_ name: StaticString) -> XMLNode? {
        var found: Int?
        forEachChild { child, element in
            guard storage.isSame(element.name, name) else { return true }
            found = child
            return false
        }
        return found.map { XMLNode(storage: storage, index: $0) }
    }

    /// The value of an attribute, by its local name (`xsi:type` is `type`); a namespace's declaration
    /// is none.
    package func attribute(_ name: StaticString) -> String? {
        let first = Int(element.first_attribute)
        for index in first..<(first + Int(element.attribute_count)) {
            let attribute = storage.attributes[index]
            guard storage.isSame(attribute.name, name) else { continue }
            return String(decoding: storage.bytes(attribute.value), as: UTF8.self)
        }
        return nil
    }

    /// Runs `body` on the index and the record of each child until it returns `false`.
    private func forEachChild(_ body: (Int, cblobstorage_xml_element) -> Bool) {
        let end = Int(element.end)
        var child = index + 1
        while child < end {
            let element = storage.elements[child]
            guard body(child, element) else { return }
            child = Int(element.end)
        }
    }
}
