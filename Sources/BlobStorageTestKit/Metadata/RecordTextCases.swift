import BlobStorage

/// Texts are bytes: what looks alike to people, or means something to a database, stays what it is.
enum RecordTextCases {
    static let all = texts.map(exact) + twins.map(distinct)

    /// Texts that some store might change.
    private static let texts: [(name: String, text: String)] = [
        ("nul", "a\u{0}b"),
        ("nulAtEnd", "a\u{0}"),
        ("control", "\u{1}\u{8}\t\r\n\u{1F}\u{7F}"),
        ("quotes", "'; DROP TABLE documents; -- \"`"),
        ("wildcards", "%_*?[a]\\"),
        ("composed", "\u{E9}"),
        ("decomposed", "e\u{301}"),
        ("astral", "🗂️👩‍👩‍👧𝒳"),
        ("noncharacters", "\u{FFFF}\u{FFFE}\u{10FFFF}"),
        ("byteOrderMark", "\u{FEFF}a"),
        ("blanks", "  a  "),
        ("looksLikeNumber", "007"),
        ("looksLikeNull", "NULL"),
        ("lineSeparators", "\u{2028}\u{2029}\u{85}"),
    ]

    private static func exact(_ name: String, _ text: String) -> MetadataConformanceCase {
        MetadataConformanceCase("text.\(name).exact") { scope in
            var record = scope.new("a", owner: scope.owner(text), key: text)
            (record.fileName, record.contentType, record.etag) = (text, text, ETag(text))
            record.attributes = ["value": text]
            try await scope.store.insert(record)
            record.version = 1
            try await scope.expectRecord(record)
            try await scope.expectNames(DocumentQuery(owner: scope.owner(text)), ["a"])
            let byPrefix = DocumentQuery(owner: scope.owner(text), keyPrefix: record.key.text)
            try await scope.expectNames(byPrefix, ["a"])
        }
    }

    /// Pairs of texts that are two, whatever some store may think.
    private static let twins: [(name: String, first: String, second: String)] = [
        ("spelling", "\u{E9}", "e\u{301}"),
        ("case", "a", "A"),
        ("trailingBlank", "a", "a "),
        ("nul", "a\u{0}b", "a\u{0}c"),
        ("nulAtEnd", "a", "a\u{0}"),
        ("width", "A", "\u{FF21}"),
        ("hangul", "\u{AC00}", "\u{1100}\u{1161}"),
        ("ligature", "fi", "\u{FB01}"),
    ]

    private static func distinct(
        _ name: String,
        _ first: String,
        _ second: String
    ) -> MetadataConformanceCase {
        MetadataConformanceCase("text.twins.\(name).distinct") { scope in
            try await scope.seed("first", at: 1, owner: scope.owner(first), key: first + "/x")
            try await scope.seed("second", at: 2, owner: scope.owner(second), key: second + "/x")
            try await scope.expectNames(DocumentQuery(owner: scope.owner(first)), ["first"])
            try await scope.expectNames(DocumentQuery(owner: scope.owner(second)), ["second"])
            for (name, text) in [("first", first), ("second", second)] {
                let prefix = scope.key(text + "/").text
                try await scope.expectNames(DocumentQuery(keyPrefix: prefix), [name])
            }
        }
    }
}
