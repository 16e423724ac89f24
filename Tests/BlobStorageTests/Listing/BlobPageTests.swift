import BlobStorage
import Foundation
import Testing

@Suite struct BlobPageTests {
    private static func page(_ keys: [BlobKey], _ commonPrefixes: [String]) -> BlobPage {
        let time = Date(timeIntervalSince1970: 0)
        return BlobPage(
            blobs: keys.map { ListedBlob(key: $0, byteCount: 0, etag: "e", lastModified: time) },
            commonPrefixes: commonPrefixes
        )
    }

    @Test(
        "merges blobs and common prefixes by bytes",
        arguments: [
            ([], [], []), (["a"], [], ["a"]), ([], ["a/"], ["a/"]),
            (["a", "a0"], ["a/"], ["a", "a/", "a0"]), (["b"], ["a/", "c/"], ["a/", "b", "c/"]),
            (["z"], ["\u{e9}/"], ["z", "\u{e9}/"]),
            (["\u{e9}"], ["e\u{301}/"], ["e\u{301}/", "\u{e9}"]),
            (["a", "b", "c"], ["d/", "e/"], ["a", "b", "c", "d/", "e/"]),
        ] as [([BlobKey], [String], [String])]
    )
    func entries(_ keys: [BlobKey], _ commonPrefixes: [String], _ expected: [String]) {
        let entries = Self.page(keys, commonPrefixes).entries
        #expect(utf8(entries.map(\.text)) == utf8(expected))
        for entry in entries {
            switch entry {
            case .blob(let blob): #expect(keys.contains(blob.key))
            case .commonPrefix(let text): #expect(commonPrefixes.contains(text))
            }
        }
    }
}
