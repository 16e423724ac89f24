import BlobStorage
import Foundation
import Testing

@Suite struct ContentDispositionTests {
    /// Names and the parameters of RFC 6266, section 5, RFC 8187, section 3.2.3 (the euro and pound
    /// signs), and appendix D's advice: no backslash, no percent sign in the plain form.
    static let names: [(String, String)] = [
        ("example.html", #"filename="example.html""#),
        ("EURO rates", #"filename="EURO rates""#),
        ("€ rates", #"filename="_ rates"; filename*=UTF-8''%E2%82%AC%20rates"#),
        (
            "£ and € rates",
            #"filename="_ and _ rates"; filename*=UTF-8''%C2%A3%20and%20%E2%82%AC%20rates"#
        ),
        ("100%25.txt", #"filename="100_25.txt"; filename*=UTF-8''100%2525.txt"#),
        ("a\"b.txt", #"filename="a_b.txt"; filename*=UTF-8''a%22b.txt"#),
        ("a'(b)*;,=.txt", #"filename="a'(b)*;,=.txt""#),
        ("../../etc/passwd", #"filename=".._.._etc_passwd""#),
        (#"C:\boot.ini"#, #"filename="C:_boot.ini""#),
        ("a\r\nSet-Cookie: x=1", #"filename="a__Set-Cookie: x=1""#),
        ("a\u{0}\u{7F}\u{85}b", #"filename="a___b""#),
        ("invoice\u{202E}fdp.exe", #"filename="invoice_fdp.exe""#),
        ("..", #"filename="__""#),
        (".", #"filename="_""#),
        (" a ", #"filename="_a_""#),
        (".htaccess", #"filename=".htaccess""#),
        ("e\u{301}", #"filename="e_"; filename*=UTF-8''e%CC%81"#),
        ("!#$&+-^_`|~", #"filename="!#$&+-^_`|~""#),
        (
            "😀!#$&+-.^_`|~'()*",
            ##"filename="_!#$&+-.^_`|~'()*"; filename*=UTF-8''"##
                + "%F0%9F%98%80!#$&+-.^_`|~%27%28%29%2A"
        ),
    ]

    @Test("writes any file name", arguments: names)
    func fileNames(_ name: String, _ parameters: String) {
        #expect(ContentDisposition.attachment(name).text == "attachment; " + parameters)
        #expect(ContentDisposition.inline(name).text == "inline; " + parameters)
    }

    @Test func withoutANameThereIsNoParameter() {
        #expect(ContentDisposition.attachment().text == "attachment")
        #expect(ContentDisposition.attachment("").text == "attachment")
        #expect(ContentDisposition.inline().text == "inline")
    }

    @Test func longNamesAreCutAndKeepTheirExtension() {
        let text = ContentDisposition.attachment(String(repeating: "é", count: 500) + ".pdf").text
        #expect(text.hasSuffix("%C3%A9.pdf"))
        // 118 letters of two bytes, and ".pdf": 240.
        #expect(text.components(separatedBy: "%C3%A9").count == 119)
        #expect(text.utf8.count <= 1_024)
        let dots = ContentDisposition.attachment("a." + String(repeating: "b", count: 500)).text
        #expect(dots.utf8.count == "attachment; filename=\"\"".utf8.count + 240)
    }

    @Test func everyScalarGivesPrintableASCIIWithoutAQuoteInside() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            var name = ""
            for _ in 0..<Int.random(in: 1...40, using: &random) {
                let range: ClosedRange<UInt32> = Bool.random() ? 0...0x7F : 0...0x10_FFFF
                if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) {
                    name.unicodeScalars.append(scalar)
                }
            }
            let text = ContentDisposition.attachment(name).text
            let isPrintable = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
            #expect(isPrintable && text.utf8.count <= 1_024, "\(name.debugDescription)")
            let quotes = text.utf8.filter { $0 == UInt8(ascii: "\"") }.count
            #expect(quotes == (name.isEmpty ? 0 : 2), "\(name.debugDescription)")
        }
    }
}
