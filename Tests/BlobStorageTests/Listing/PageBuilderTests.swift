import BlobStorage
import BlobStorageTestKit
import Foundation
import Testing

@Suite struct PageBuilderTests {
    /// What a listing gives, from its definition: the texts of all entries, in order.
    private static func model(_ keys: [String], _ options: ListOptions) -> [[UInt8]] {
        var texts: [[UInt8]] = []
        let sorted = keys.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
        let prefix = Array(options.prefix.utf8)
        for key in sorted where key.starts(with: prefix) {
            var text = key
            if let delimiter = options.delimiter.map({ Array($0.utf8) }) {
                let rest = key[prefix.count...]
                let cut = rest.indices.first { rest[$0...].starts(with: delimiter) }
                if let cut { text = Array(key[..<(cut + delimiter.count)]) }
            }
            let start = Array((options.startAfter ?? "").utf8)
            if texts.last != text,
                options.startAfter == nil || start.lexicographicallyPrecedes(text)
            {
                texts.append(text)
            }
        }
        return texts
    }

    /// Walks over all pages of keys in memory, the way a store does.
    private static func walk(_ keys: [BlobKey], _ options: ListOptions) throws -> [BlobPage] {
        var options = options
        var pages: [BlobPage] = []
        repeat {
            var builder = try PageBuilder(options)
            var index = keys.firstIndex { !builder.start.isAfter($0.text) } ?? keys.count
            walk: while index < keys.count {
                let key = keys[index]
                switch builder.offer(key, { listed(key) }) {
                case .advance: index += 1
                case .seek(let position):
                    index = keys.firstIndex { !position.isAfter($0.text) } ?? keys.count
                case .finish: break walk
                }
            }
            let page = builder.page()
            pages.append(page)
            options.continuationToken = page.continuationToken
            try #require(pages.count < 1_000, "the listing does not end")
        } while options.continuationToken != nil
        return pages
    }

    private static func listed(_ key: BlobKey) -> ListedBlob {
        ListedBlob(
            key: key,
            byteCount: 0,
            etag: "\"e\"",
            lastModified: Date(timeIntervalSince1970: 0)
        )
    }

    @Test("pages are what the definition says", arguments: 0..<40 as Range<UInt64>)
    func matchesTheModel(_ seed: UInt64) throws {
        var random = SplitMix64(seed)
        let pieces = ["a", "b", "/", "/", "e\u{301}", "\u{e9}", "\u{0}", "\u{ff5e}"]
        let texts = Set((0..<60).map { _ in Array(random.text(of: pieces, upTo: 5).utf8) })
            .filter { !$0.isEmpty }
            .map { String(decoding: $0, as: UTF8.self) }
        let keys = try texts.map { try BlobKey($0) }.sorted()
        for _ in 0..<40 {
            let options = ListOptions(
                prefix: random.text(of: pieces, upTo: 2),
                delimiter: [nil, "/", "//", "b", "\u{301}"].randomElement(using: &random) ?? nil,
                startAfter: Bool.random(using: &random) ? random.text(of: pieces, upTo: 3) : nil,
                limit: Int.random(in: 1...5, using: &random)
            )
            let pages = try Self.walk(keys, options)
            let found = utf8(pages.flatMap { $0.entries.map(\.text) })
            #expect(found == Self.model(texts, options), "seed \(seed), \(options)")
            for page in pages.dropLast() { #expect(page.entries.count == options.limit) }
        }
    }

    @Test func aKeyThatIsGoneTakesNoPlace() throws {
        var builder = try PageBuilder(ListOptions(limit: 1))
        guard case .advance = builder.offer("a", { nil }) else {
            Issue.record("a key that is gone does not end the page")
            return
        }
        _ = builder.offer("b") { Self.listed("b") }
        #expect(builder.page().blobs.map(\.key) == ["b"])
        #expect(builder.page().continuationToken == nil)
    }

    @Test func blobsBehindACommonPrefixAreNotLookedUp() throws {
        var builder = try PageBuilder(ListOptions(delimiter: "/"))
        let step = builder.offer("a/b") {
            Issue.record("nothing of this blob is needed")
            return nil
        }
        guard case .seek(let position) = step else {
            Issue.record("the rest of the prefix is skipped")
            return
        }
        #expect(position.isAfter("a/zzz") && !position.isAfter("a0"))
    }

    @Test("rejects limits out of bounds", arguments: [0, -1, 1_001, Int.max])
    func limits(_ limit: Int) throws {
        let error = try #require(throws: BlobError.self) {
            try PageBuilder(ListOptions(limit: limit))
        }
        #expect(error.kind == .invalidArgument)
    }

    @Test("rejects another store's token", arguments: ["", "x", "1:a", "After:a"])
    func tokens(_ token: String) throws {
        let error = try #require(throws: BlobError.self) {
            try PageBuilder(ListOptions(continuationToken: token))
        }
        #expect(error.kind == .invalidArgument)
    }

    @Test func anEmptyDelimiterIsRejected() throws {
        let error = try #require(throws: BlobError.self) {
            try PageBuilder(ListOptions(delimiter: ""))
        }
        #expect(error.kind == .invalidArgument)
    }
}
