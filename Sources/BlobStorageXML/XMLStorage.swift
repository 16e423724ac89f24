internal import CBlobStorageXML

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A document that was read: the arrays that the C shim made.
///
/// Unchecked, because it holds C pointers; they are written once, before anyone else has the
/// object, and freed with it.
final class XMLStorage: @unchecked Sendable {
    let elements: UnsafeBufferPointer<cblobstorage_xml_element>
    let attributes: UnsafeBufferPointer<cblobstorage_xml_attribute>
    private let text: UnsafePointer<UInt8>
    private var document: cblobstorage_xml_document

    init(_ bytes: [UInt8], limits: XMLLimits) throws(XMLError) {
        var document = cblobstorage_xml_document()
        bytes.withUnsafeBufferPointer { bytes in
            cblobstorage_xml_parse(
                &document,
                bytes.baseAddress,
                bytes.count,
                cblobstorage_xml_limits(
                    depth: UInt32(clamping: limits.maximumDepth),
                    name_count: UInt32(clamping: limits.maximumNameByteCount),
                    text_count: UInt32(clamping: limits.maximumTextByteCount),
                    attribute_count: UInt32(clamping: limits.maximumAttributeCount),
                    element_count: UInt32(clamping: limits.maximumElementCount)
                )
            )
        }
        // A document has a root, which has a name: the first two arrays are there.
        guard document.error.0 == 0, let elements = document.elements, let text = document.bytes
        else {
            let message = withUnsafeBytes(of: document.error) { characters in
                String(decoding: characters.prefix { $0 != 0 }, as: UTF8.self)
            }
            cblobstorage_xml_free(&document)
            throw XMLError("the XML document is refused: \(message)")
        }
        self.text = UnsafePointer(text)
        self.elements = UnsafeBufferPointer(start: elements, count: Int(document.element_count))
        attributes = UnsafeBufferPointer(
            start: document.attributes,
            count: Int(document.attribute_count)
        )
        self.document = document
    }

    deinit {
        cblobstorage_xml_free(&document)
    }

    /// The bytes of a name, text or value; good as long as the storage is.
    func bytes(_ run: cblobstorage_xml_run) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: text + Int(run.start), count: Int(run.count))
    }

    /// Whether the bytes of a name are those of `name`.
    func isSame(_ run: cblobstorage_xml_run, _ name: StaticString) -> Bool {
        Int(run.count) == name.utf8CodeUnitCount
            && memcmp(text + Int(run.start), name.utf8Start, Int(run.count)) == 0
    }
}
