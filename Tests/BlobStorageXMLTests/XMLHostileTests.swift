import Testing

@testable import BlobStorageXML

@Suite struct XMLHostileTests {
    private func refusal(_ bytes: [UInt8], limits: XMLLimits = XMLLimits()) -> XMLError? {
        #expect(throws: XMLError.self) { try XMLNode.parse(bytes, limits: limits) }
    }

    @Test func everyTruncationIsRefused() {
        let bytes = Array(listing.utf8)
        for count in 0..<bytes.count {
            let error = refusal(Array(bytes.prefix(count)))
            #expect(error != nil, "cut after \(count) bytes")
        }
    }

    @Test(
        "refuses what is not well-formed",
        arguments: [
            "", " ", "text", "<a>", "<a></b>", "<a></a><b/>", "<a/>text", "<a/><a/>", "<a b></a>",
            "<a b=c/>", "<a b='1' b='2'/>", "<a b='<'/>", "<a>&</a>", "<a>&;</a>", "<a>]]></a>",
            "<a><!-- -- --></a>", "<a><b></a></b>", "<1/>", "<a x:b='1'/>", "<x:a/>", "< a/>",
            "</a>",
            "<a/><?xml version='1.0'?>", "<a><?xml version='1.0'?></a>", "<?xml version='1.0'?>",
            "<?xml version='2'?><a/>", "<?xml encoding='UTF-8'?><a/>", "<a>\u{1}</a>",
            "<a>\u{FFFF}</a>",
            "<a b='\u{2}'/>", "<a>\u{0}</a>", "<a/>\u{0}", "\u{0}<a/>",
        ]
    )
    func malformed(_ text: String) {
        #expect(refusal(Array(text.utf8)) != nil)
    }

    @Test(
        "refuses a reference to a character that XML 1.0 forbids",
        arguments: [
            "&#0;", "&#1;", "&#x1;", "&#x1F;", "&#xB;", "&#xFFFE;", "&#xD800;", "&#x110000;",
            "&#xZ;", "&#;",
            "&#99999999999999999999;",
        ]
    )
    func illegalReferences(_ reference: String) {
        #expect(refusal(Array("<a>\(reference)</a>".utf8)) != nil)
        #expect(refusal(Array("<a b='\(reference)'/>".utf8)) != nil)
    }

    @Test(
        "refuses DTDs and entities",
        arguments: [
            "<!DOCTYPE a><a/>", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
            "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>",
            "<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/\"> %p;]><a/>", "<a>&e;</a>",
            "<a>&nbsp;</a>", "<a b=\"&e;\"/>", "<!-- --> <!DOCTYPE a><a/>",
            "<a><!ELEMENT b ANY></a>",
        ]
    )
    func doctypes(_ text: String) {
        #expect(refusal(Array(text.utf8)) != nil)
    }

    @Test func billionLaughsAreRefused() {
        var text = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol0 \"lol\">"
        for level in 1...9 {
            let inner = String(repeating: "&lol\(level - 1);", count: 10)
            text += "<!ENTITY lol\(level) \"\(inner)\">"
        }
        text += "]><lolz>&lol9;</lolz>"
        let error = refusal(Array(text.utf8))
        #expect(error?.description.contains("DTD") == true)
    }

    // RFC 3629 section 3 and 4: overlong forms, surrogates, above U+10FFFF, stray and missing bytes.
    @Test(
        "refuses bad UTF-8 wherever it stands",
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0x81], [0xC3], [0xE0, 0x80, 0x80],
            [0xE0, 0x9F, 0xBF],
            [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xC3, 0x28],
            [0xF0, 0x9F, 0x98],
        ] as [[UInt8]]
    )
    func badUTF8(_ bad: [UInt8]) {
        let padding = Array("0123456789".utf8)
        #expect(refusal(Array("<a>".utf8) + bad + Array("</a>".utf8)) != nil)
        #expect(refusal(Array("<a>".utf8) + padding + bad + padding + Array("</a>".utf8)) != nil)
        #expect(refusal(Array("<a b='".utf8) + bad + Array("'/>".utf8)) != nil)
        #expect(refusal(Array("<a".utf8) + bad + Array("/>".utf8)) != nil)
        #expect(refusal(Array("<!--".utf8) + bad + Array("--><a/>".utf8)) != nil)
    }

    @Test(
        "refuses other encodings, declared or used",
        arguments: [
            "UTF-16", "utf-16le", "ISO-8859-1", "US-ASCII", "UTF-7", "EBCDIC-CP-US", "UTF8", "x",
        ]
    )
    func encodings(_ encoding: String) {
        let text = "<?xml version=\"1.0\" encoding=\"\(encoding)\"?><a>é</a>"
        #expect(refusal(Array(text.utf8)) != nil)
        var wide: [UInt8] = [0xFF, 0xFE]
        for unit in text.utf16 { wide += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        #expect(refusal(wide) != nil)
        #expect(refusal(Array(wide.dropFirst(2))) != nil)
    }

    @Test func depthIsBounded() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        _ = try parse(nested(16))
        for depth in [17, 300, 100_000] { #expect(refusal(Array(nested(depth).utf8)) != nil) }
        #expect(refusal(Array(String(repeating: "<a>", count: 100_000).utf8)) != nil)
        // libxml2's own bound stands behind ours.
        let limits = XMLLimits(maximumDepth: 1_000_000)
        #expect(refusal(Array(nested(100_000).utf8), limits: limits) != nil)
    }

    @Test func textIsBounded() throws {
        func text(_ count: Int) -> [UInt8] {
            Array("<a><b>".utf8) + [UInt8](repeating: 0x78, count: count) + Array("</b></a>".utf8)
        }
        let limit = XMLLimits().maximumTextByteCount
        #expect(try XMLNode.parse(text(limit)).child("b")?.text.utf8.count == limit)
        #expect(refusal(text(limit + 1)) != nil)
        let large = XMLLimits(maximumDocumentByteCount: 64 << 20)
        #expect(refusal(text(16 << 20), limits: large) != nil)
        // In many pieces too.
        let pieces = String(repeating: "0123456789<b/>", count: 6_554)
        #expect(refusal(Array("<a>\(pieces)</a>".utf8)) != nil)
        let attribute = "<a b='" + String(repeating: "x", count: limit + 1) + "'/>"
        #expect(refusal(Array(attribute.utf8)) != nil)
    }

    @Test func namesAreBounded() throws {
        for prefix in ["<", "<a ", "<r><"] {
            let text =
                prefix + String(repeating: "n", count: 257) + (prefix == "<a " ? "='1'/>" : "/>")
            #expect(refusal(Array(text.utf8)) != nil)
        }
        let name = String(repeating: "n", count: 256)
        #expect(try parse("<\(name)/>").name == name)
        #expect(refusal(Array("<\(String(repeating: "n", count: 8 << 20))/>".utf8)) != nil)
    }

    @Test func attributesAreBounded() throws {
        func element(_ count: Int) -> String {
            "<a" + (0..<count).map { " a\($0)='>'" }.joined() + "/>"
        }
        #expect(try parse(element(16)).attribute("a15") == ">")
        for count in [17, 5_000, 500_000] { #expect(refusal(Array(element(count).utf8)) != nil) }
        let namespaces = "<a" + (0..<5_000).map { " xmlns:n\($0)='u\($0)'" }.joined() + "/>"
        #expect(refusal(Array(namespaces.utf8)) != nil)
    }

    @Test func theDocumentIsBounded() throws {
        let limits = XMLLimits(maximumDocumentByteCount: 20, maximumElementCount: 2)
        _ = try parse("<a>01234567890</a>", limits: limits)
        #expect(refusal(Array("<a>01234567890123</a>".utf8), limits: limits) != nil)
        _ = try parse("<a><b/></a>", limits: limits)
        #expect(refusal(Array("<a><b/><b/></a>".utf8), limits: limits) != nil)
        let many = "<a>" + String(repeating: "<b/>", count: 1_000_000) + "</a>"
        #expect(refusal(Array(many.utf8)) != nil)
    }

    @Test func anErrorIsOneShortLine() throws {
        let name = String(repeating: "n", count: 200)
        let error = try #require(refusal(Array("<\(name)>\n</x>".utf8)))
        #expect(error.description.utf8.count < 320)
        #expect(!error.description.utf8.contains(0x0A))
    }
}
