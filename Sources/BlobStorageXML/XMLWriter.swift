/// Writes a small document, such as a request's body, into one run of bytes.
///
///     var xml = XMLWriter()
///     xml.element("Delete", namespace: "http://s3.amazonaws.com/doc/2006-03-01/") { xml in
///         xml.element("Key", "a&b")
///     }
package struct XMLWriter: Sendable {
    /// What is written so far.
    package private(set) var bytes: [UInt8] = []

    package init(reservingByteCount byteCount: Int = 256) {
        bytes.reserveCapacity(byteCount)
    }

    /// Writes an element with what `content` writes inside.
    ///
    /// - Parameters:
    ///   - name: The name; ASCII, and a name in XML's sense.
    ///   - namespace: The default namespace to declare, if any.
    ///   - content: Writes what is inside.
    package mutating func element(
        _ name: StaticString,
        namespace: StaticString? = nil,
        _ content: (inout XMLWriter) throws -> Void
    ) rethrows {
        write("<")
        write(name)
        if let namespace {
            write(" xmlns=\"")
            write(namespace)
            write("\"")
        }
        write(">")
        try content(&self)
        write("</")
        write(name)
        write(">")
    }

    /// Writes an element with text inside.
    package mutating func element(_ name: StaticString, _ text: String) {
        element(name) { $0.text(text) }
    }

    /// Writes an element with attributes, written as they are to stand there.
    package mutating func element(
        _ name: StaticString,
        attributes: String,
        _ content: (inout XMLWriter) throws -> Void
    ) rethrows {
        write("<")
        write(name)
        bytes.append(contentsOf: attributes.utf8)
        write(">")
        try content(&self)
        write("</")
        write(name)
        write(">")
    }

    /// Writes an element of text whose name is made while the program runs; it must be a name.
    package mutating func element(named name: String, _ text: String) {
        bytes.append(UInt8(ascii: "<"))
        bytes.append(contentsOf: name.utf8)
        bytes.append(UInt8(ascii: ">"))
        self.text(text)
        write("</")
        bytes.append(contentsOf: name.utf8)
        bytes.append(UInt8(ascii: ">"))
    }

    /// Writes text, escaped so that every reader gets the same bytes back: control characters and the
    /// line ends that XML would change become numeric references.
    package mutating func text(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": write("&amp;")
            case "<": write("&lt;")
            case ">": write("&gt;")
            case "\"": write("&quot;")
            case "'": write("&apos;")
            // U+0085 and U+2028 are line ends to XML 1.1.
            case "\0"..<" ", "\u{7F}"..<"\u{A0}", "\u{2028}":
                bytes.append(contentsOf: "&#\(scalar.value);".utf8)
            default:
                bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }

    private mutating func write(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }
}
