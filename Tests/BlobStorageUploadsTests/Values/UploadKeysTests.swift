import BlobStorage
import Foundation
import Testing

@testable import BlobStorageUploads

@Suite struct UploadKeysTests {
    static let id: DocumentID = "01890000-0000-7000-8000-0000000000ff"

    static let hostileOwners = [
        "a", "A", "a/b", "a%2Fb", "a%2fb", "..", ".", "...", ".a", "a.", "/", "//", "\\", "a\0b",
        "a\nb", "a b", "a+b", "é", "e\u{301}", "ａ", "\u{202E}cba", "~", "!", "*", "a@b.example",
        "${filename}", "incoming", "uploads", "%", "%%", "%25", "%2E.", "<script>", "\u{1F408}",
        String(repeating: "x", count: 120), String(repeating: "x", count: 121),
        String(repeating: "x", count: 512), String(repeating: "é", count: 256),
        "!" + Checksum.of(Array(String(repeating: "x", count: 512).utf8), .sha256).hex,
    ]

    @Test func ownersNeverShareASegment() {
        let segments = Self.hostileOwners.map { OwnerSegment($0).text }
        #expect(Set(segments.map { Array($0.utf8) }).count == Self.hostileOwners.count)
    }

    @Test("a segment is one, and short", arguments: hostileOwners)
    func segment(_ owner: String) {
        let segment = OwnerSegment(owner).text
        #expect((1...120).contains(segment.utf8.count))
        #expect(segment.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x2F && $0 != 0x5C })
        #expect(segment.utf8.first != UInt8(ascii: "."))
    }

    @Test func segmentsAreReadable() {
        #expect(OwnerSegment("user-42").text == "user-42")
        #expect(OwnerSegment("a.b@example.com").text == "a.b@example.com")
        #expect(OwnerSegment("a/b").text == "a%2Fb")
        #expect(OwnerSegment("..").text == "%2E.")
        #expect(OwnerSegment("é").text == "%C3%A9")
        // printf 'x%.0s' {1..121} | sha256sum
        #expect(OwnerSegment(String(repeating: "x", count: 121)).text.utf8.first == 0x21)
    }

    @Test(
        "takes the extension of a name",
        arguments: [
            ("cat.jpg", "jpg"), ("cat.JPG", "jpg"), ("a.tar.gz", "gz"), ("C:\\x\\a.Png", "png"),
            ("../../etc/a.png", "png"), ("a.b/c", nil), ("cat", nil), ("", nil), (".jpg", nil),
            ("a.", nil), ("a..", nil), ("a.j/g", nil), ("a.jp g", nil), ("a.jpé", nil),
            ("a.jpg\0", nil), ("a.jpg\n", nil), ("a.j%70g", nil),
            ("a.abcdefghijklmnop", "abcdefghijklmnop"),
            ("a.abcdefghijklmnopq", nil), ("a.ＪＰＧ", nil), ("a.php;.jpg", "jpg"), ("a/.png", nil),
            ("a.\u{202E}gpj", nil), ("K.\u{212A}", nil),
        ] as [(String, String?)]
    )
    func extensions(_ name: String, _ expected: String?) {
        #expect(FileExtension(ofFileNamed: name)?.text == expected)
    }

    @Test(
        "a key has no extension that would make a web server serve a page",
        arguments: [
            ("html", "image/png", false), ("svg", "image/png", false), ("js", "text/plain", false),
            ("xml", "text/plain", false), ("html", "text/html", true),
            ("svg", "image/svg+xml", true), ("png", "image/jpeg", true), ("xyz", "a/b", true),
        ]
    )
    func scriptingExtensions(_ text: String, _ type: String, _ expected: Bool) throws {
        let fileExtension = try #require(FileExtension(verbatim: text))
        let media = try #require(MediaType(type))
        #expect(fileExtension.fits(media) == expected)
    }

    @Test("a key tells its id, whoever the owner is", arguments: hostileOwners)
    func roundTrip(_ owner: String) throws {
        let keys = try UploadKeys(prefix: "files/uploads/")
        for fileExtension in [nil, FileExtension(verbatim: "jpg")] {
            let key = keys.key(owner: owner, id: Self.id, fileExtension)
            let record = DocumentRecord(id: Self.id, owner: owner, key: key, created: .now)
            #expect(keys.id(in: key, under: keys.prefix) == Self.id)
            let incoming = keys.incomingKey(for: record)
            #expect(incoming.text == "incoming/" + key.text)
            #expect(keys.id(in: incoming, under: keys.incomingPrefix) == Self.id)
            #expect(keys.id(in: incoming, under: keys.prefix) == nil)
            let fresh = keys.freshKey(for: record)
            #expect(fresh != key)
            #expect(keys.id(in: fresh, under: keys.prefix) == Self.id)
            // A record that was confirmed under a fresh key still knows where its bytes had waited.
            var moved = record
            moved.key = fresh
            #expect(keys.incomingKey(for: moved) == incoming)
        }
    }

    @Test(
        "no other key tells an id",
        arguments: [
            "uploads/o/notes.txt", "uploads/o/", "uploads/o", "uploads/",
            "uploads/o/01890000-0000-7000-8000-0000000000ff/x",
            "uploads//01890000-0000-7000-8000-0000000000ff",
            "uploads/o/01890000-0000-4000-8000-0000000000ff",
            "uploads/o/01890000-0000-7000-8000-0000000000FF",
            "uploads/o/01890000-0000-7000-8000-0000000000f",
            "uploads/o/01890000-0000-7000-8000-0000000000ff.",
            "uploads/o/01890000-0000-7000-8000-0000000000ff.a.b",
            "uploads/o/01890000-0000-7000-8000-0000000000ff_.a",
            "other/o/01890000-0000-7000-8000-0000000000ff",
        ]
    )
    func foreignKeys(_ text: String) throws {
        let keys = try UploadKeys(prefix: "uploads/")
        let key = try BlobKey(text)
        #expect(keys.id(in: key, under: keys.prefix) == nil)
    }

    @Test(
        "refuses a prefix that makes no sense",
        arguments: [
            "", "/", "uploads", "/uploads/", "a//b/", "../", "a/../", "./", "incoming/",
            "incoming/a/", "ü/", "a b/", "${filename}/", "a\0/",
            String(repeating: "x", count: 512) + "/",
        ]
    )
    func prefixes(_ prefix: String) throws {
        let error = #expect(throws: BlobError.self) { try UploadKeys(prefix: prefix) }
        #expect(error?.kind == .invalidArgument)
    }

    @Test func theLongestKeyIsAKey() throws {
        let prefix = String(repeating: "x", count: 511) + "/"
        let keys = try UploadKeys(prefix: prefix)
        let longest = FileExtension(verbatim: String(repeating: "a", count: 16))
        let owner = String(repeating: "/", count: 40)
        let key = keys.key(owner: owner, id: Self.id, longest)
        let record = DocumentRecord(id: Self.id, owner: owner, key: key, created: .now)
        for key in [keys.incomingKey(for: record), keys.freshKey(for: record)] {
            #expect(key.text.utf8.count <= BlobKey.maximumByteCount)
        }
    }
}
