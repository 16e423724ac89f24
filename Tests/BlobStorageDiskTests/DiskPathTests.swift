import BlobStorage
import Foundation
import Testing

@testable import BlobStorageDisk

@Suite struct DiskPathTests {
    static let long = String(repeating: "x", count: 300)

    @Test(
        "spells a key as a path",
        arguments: [
            ("a", "a"), ("uploads/42/cat.jpg", "uploads/42/cat.jpg"), (".a", ".a"),
            ("a%b", "a%25b"), (".", "%2E"), ("..", "%2E%2E"), ("...", "..."),
            ("a/../b", "a/%2E%2E/b"), ("/", "%_/%_"), ("a/", "a/%_"),
            ("a//b", "a/%_/b"), ("/a", "%_/a"), ("a\u{0}b", "a%00b"),
            (".blob-storage/x", "%2Eblob-storage/x"), ("%self", "%25self"), ("a\nb", "a\nb"),
            ("e\u{301}", "e\u{301}"), ("../\u{301}", "%2E%2E/\u{301}"), ("a\r\n/b", "a\r\n/b"),
            (String(repeating: "x", count: 255), String(repeating: "x", count: 255)),
            (long, String(repeating: "x", count: 250) + "%more/" + long.suffix(50)),
        ]
    )
    func spelling(_ text: String, _ path: String) throws {
        let key = try BlobKey(text)
        #expect(Array(DiskPath(key).text.utf8) == Array(path.utf8))
        #expect(DiskPath.key(of: path) == key)
    }

    @Test("keeps every name within the file system's limits, and decodes it exactly")
    func limits() throws {
        var generator = SystemRandomNumberGenerator()
        let alphabet = ["%", ".", "/", "é", "日", "😀", "\u{0}", "a", "..", ".blob-storage", "%self"]
        for _ in 0..<3_000 {
            var text = ""
            let target = Int.random(in: 1...1_024, using: &generator)
            let letter = alphabet.randomElement(using: &generator) ?? "a"
            while text.utf8.count < target {
                let next = Bool.random() ? letter : alphabet.randomElement() ?? "a"
                guard text.utf8.count + next.utf8.count <= 1_024 else { break }
                text += next
            }
            guard let key = try? BlobKey(text) else { continue }
            let path = DiskPath(key)
            #expect(path.text.utf8.count < 4_096)
            for name in path.text.utf8.split(
                separator: UInt8(ascii: "/"),
                omittingEmptySubsequences: false
            ) {
                #expect((1...255).contains(name.count))
                #expect(!name.contains(0))
                #expect(String(validating: name, as: UTF8.self) != nil)
            }
            #expect(DiskPath.key(of: path.text) == key, "\(text.debugDescription)")
            let folders = DiskPath.folderSteps(of: key).map(\.name).joined(separator: "/")
            #expect(UTF8Order.equal(folders, path.folder))
        }
    }

    @Test(
        "stands for no key",
        arguments: ["a%b", "%2e", "%41", "%self", "%more", "a%more/b", "%", "%2", "a/%2F"]
    )
    func foreign(_ path: String) {
        #expect(DiskPath.key(of: path) == nil)
    }
}
