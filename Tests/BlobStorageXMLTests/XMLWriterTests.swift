import Testing

@testable import BlobStorageXML

@Suite struct XMLWriterTests {
    private func written(_ write: (inout XMLWriter) -> Void) -> String {
        var xml = XMLWriter()
        write(&xml)
        return String(decoding: xml.bytes, as: UTF8.self)
    }

    // The body that botocore 1.44.5 sends for CreateBucket.
    @Test func aBucketConfigurationIsWhatBotocoreSends() {
        let text = written { xml in
            xml.element(
                "CreateBucketConfiguration",
                namespace: "http://s3.amazonaws.com/doc/2006-03-01/"
            ) { xml in
                xml.element("LocationConstraint", "eu-west-1")
            }
        }
        #expect(
            text == "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                + "<LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>"
        )
    }

    @Test func textIsEscaped() {
        let text = written {
            $0.element("Key", "<a&b>\"'\r\n\t\u{1}\u{7F}\u{85}\u{9F}\u{A0}é\u{2028}😀")
        }
        #expect(
            text
                == "<Key>&lt;a&amp;b&gt;&quot;&apos;&#13;&#10;&#9;&#1;&#127;&#133;&#159;\u{A0}é&#8232;😀</Key>"
        )
    }

    @Test func everyCharacterOfXMLComesBack() throws {
        var text = "\t\n\r"
        for range in [0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10200, 0x10FFF0...0x10FFFF] {
            for value in range {
                text.unicodeScalars.append(try #require(Unicode.Scalar(UInt32(value))))
            }
        }
        var xml = XMLWriter()
        xml.element("a") { $0.element("b", text) }
        let limits = XMLLimits(maximumTextByteCount: 1 << 20)
        let read = try XMLNode.parse(xml.bytes, limits: limits).child("b")?.text
        #expect(read.map { Array($0.utf8) } == Array(text.utf8))
    }
}
