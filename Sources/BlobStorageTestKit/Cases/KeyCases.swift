import BlobStorage

/// Odd keys: kept byte for byte, and never taken for one another.
enum KeyCases {
    static let all = classes + pairs + lengths + strays + elsewhere

    private static let members: [(String, [String])] = [
        ("plain", ["a", "a/b", "0", "A-Z_a.z~9"]),
        ("spaces", ["a b", " a", "a ", " ", "  ", "a / b"]),
        ("plus", ["a+b", "+", "a b+c"]),
        ("percent", ["a%b", "a%20b", "%", "%%", "%2", "%zz", "%00", "%25"]),
        (
            "percent.encodedSegments",
            ["%2e%2e/x", "%2e%2e%2fa", "..%2fa", "..%c0%afa", "%2F", "a%2Fb"]
        ),
        ("url", ["a&b=c?d#e", "?a", "#a", "a;b:c@d,e", "a=b", "http://a/b"]),
        ("quotes", ["a'b\"c", "'", "\"", "a<b>c", "<!--", "]]>", "&amp;", "&lt"]),
        ("brackets", ["a*b", "a[b]{c}", "a|b^c`d~", "a?b", "(a)", "!a"]),
        ("backslash", ["a\\b", "\\", "..\\a", "a/..\\b", "a\\"]),
        ("shell", ["-rf", "--", "~", "~root", "$HOME", "`id`", "$(id)", "a;b", "*"]),
        ("windows", ["CON", "nul.txt", "aux", "com1", "a:stream", "a.", "C:", "K (kelvin)"]),
        ("hidden", [".a", ".git/config", ".DS_Store", "...", "..a", "a..", "a..b", ".-"]),
        ("unicode.spellings", ["\u{E9}", "e\u{301}", "\u{FC}", "\u{1E69}", "s\u{323}\u{307}"]),
        ("unicode.folding", ["\u{DF}", "\u{17F}", "a\u{130}", "i\u{307}", "\u{212A}", "K", "k"]),
        ("unicode.scripts", ["日本語/x", "\u{5D0}\u{5D1}", "\u{202E}abc", "ａ", "ﬁ"]),
        ("unicode.astral", ["😀", "👩\u{200D}👩\u{200D}👧", "\u{10FFFD}", "🇩🇪"]),
        (
            "unicode.invisible",
            ["\u{FEFF}bom", "\u{200B}", "\u{A0}", "a\u{2028}b", "a\u{85}b", "\u{AD}"]
        ),
        ("unicode.combiningFirst", ["\u{301}", "/\u{301}", "a/\u{301}b", ".\u{301}"]),
        ("unicode.noncharacters", ["\u{FFFE}", "\u{FFFF}", "\u{FFFD}"]),
        ("slash.leading", ["/a", "//a", "///"]),
        ("slash.doubled", ["a//b", "a///b", "a//"]),
        ("slash.trailing", ["a/", "a/b/"]),
        ("slash.only", ["/", "//"]),
        ("dot.single", [".", "./a", "a/.", "a/./b", "./", "/."]),
        ("dot.double", ["..", "../a", "a/..", "a/../b", "../", "/.."]),
        ("dot.climbing", ["a/../../b", "../../../../etc/passwd", "a/b/../../../c", "....//a"]),
        ("control.nul", ["a\u{0}b", "\u{0}", "a\u{0}"]),
        ("control.lineBreaks", ["a\nb", "a\rb", "a\r\nX-Injected: 1", "\n", "\r"]),
        ("control.tab", ["a\tb", "\t"]),
        ("control.others", ["a\u{1}b", "a\u{1F}b", "a\u{7F}b", "\u{1B}[31m"]),
        ("depth", ["a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z"]),
    ]

    private static let classes = members.map { name, names in
        ConformanceCase("keys.\(name)", .writing(keys: names)) { scope in
            for name in names { try await scope.store.put(scope.key(name), name) }
            let sorted = names.sorted { UTF8Order.compare($0, $1) < 0 }
            try await scope.expectListing(sorted)
            try await scope.expectListing(scope.options(limit: 1), sorted)
            for name in names {
                try await scope.expectBlob(scope.key(name), name)
                let found = try await scope.store.head(scope.key(name)).key.text
                try expectSameText([found], [scope.prefix + name], "head's key")
            }
            for name in names {
                try await scope.store.delete(scope.key(name))
                try await scope.expectMissing(scope.key(name))
            }
            try await scope.expectListing([])
        }
    }

    /// Keys that something on the way to the store may take for one.
    private static let twins: [(String, String, String)] = [
        ("case", "A", "a"),
        ("spelling", "\u{E9}", "e\u{301}"),
        ("fileAndFolder", "a", "a/b"),
        ("trailingSlash", "a/", "a"),
        ("leadingSlash", "/a", "a"),
        ("emptySegment", "a//b", "a/b"),
        ("dotSegment", "a/./b", "a/b"),
        ("doubleDotSegment", "a/../b", "b"),
        ("encodedSlash", "a%2Fb", "a/b"),
        ("encodedPercent", "a%25b", "a%b"),
        ("encodedSpace", "a%20b", "a b"),
        ("plusAndSpace", "a+b", "a b"),
        ("backslash", "a\\b", "a/b"),
        ("temporarySuffix", "x.tmp", "x"),
        ("sidecarSuffix", "x.meta", "x"),
        ("partSuffix", "x.part", "x"),
        ("trailingSpace", "a ", "a"),
        ("trailingDot", "a.", "a"),
        ("trailingNul", "a\u{0}", "a"),
        ("width", "ａ", "a"),
        ("lineBreaks", "a\r\nb", "a\nb"),
        (
            "cutNames", String(repeating: "x", count: 256), String(repeating: "x", count: 255)
        ),
    ]

    private static let pairs = twins.map { name, first, second in
        ConformanceCase("keys.distinct.\(name)", .writing(keys: [first, second])) { scope in
            // Either order: the second must neither hit nor hide the first.
            for (one, other) in [(first, second), (second, first)] {
                let options = PutOptions(metadata: ["which": "one"])
                try await scope.store.put(scope.key(one), "one", options: options)
                try await scope.expectMissing(scope.key(other))
                try await scope.store.put(scope.key(other), "other")
                try await scope.expectBlob(scope.key(one), "one")
                try await scope.expectBlob(scope.key(other), "other")
                let found = try await scope.store.head(scope.key(one)).metadata
                try expectEqual(found, ["which": "one"], "the metadata of the first")
                try await scope.store.delete(scope.key(other))
                try await scope.expectBlob(scope.key(one), "one")
                try await scope.expectMissing(scope.key(other))
                try await scope.store.delete(scope.key(one))
            }
        }
    }

    /// Repeats a text up to the longest key, counting the case's prefix.
    private static func long(_ unit: String, _ scope: CaseScope, less: Int = 0) -> String {
        let longest = scope.store.capabilities.maximumKeyByteCount - less
        let room = longest - scope.prefix.utf8.count
        let units = String(repeating: unit, count: room / unit.utf8.count)
        return String(repeating: "p", count: room - units.utf8.count) + units
    }

    private static let longKeys: [(String, @Sendable (CaseScope) -> String)] = [
        ("segmentOf255", { _ in String(repeating: "a", count: 255) }),
        ("segmentOf256", { _ in String(repeating: "a", count: 256) }),
        ("segmentOf255.manyBytes", { _ in String(repeating: "ü", count: 127) + "a" }),
        ("segmentOf255.escaped", { _ in String(repeating: "%", count: 255) }),
        ("longestButOne", { long("a", $0, less: 1) }),
        ("longest", { long("a", $0) }),
        ("longest.manyBytes", { long("ü", $0) }),
        ("longest.astral", { long("😀", $0) }),
        ("longest.segments", { long("a/", $0) }),
        ("longest.slashes", { long("/", $0) }),
        ("longest.dots", { long("../", $0) }),
        ("longest.percents", { long("%", $0) }),
        ("longest.control", { long("\u{1}", $0) }),
    ]

    private static let lengths = longKeys.map { name, make in
        ConformanceCase("keys.length.\(name)", .writing()) { scope in
            let name = make(scope)
            try await scope.store.put(scope.key(name), "long")
            try await scope.expectBlob(scope.key(name), "long")
            try await scope.expectListing([name])
            try await scope.store.delete(scope.key(name))
            try await scope.expectMissing(scope.key(name))
        }
    }

    /// Keys that are odd from their first byte on.
    private static let strays = ["/", "//", "./", "../", ".", "-", "%2F", " ", "~"].map { start in
        ConformanceCase("keys.beginsWith.\(start)", .writing()) { scope in
            let key = scope.strayKey(start + scope.unique)
            try await scope.store.put(key, "stray")
            try await scope.expectBlob(key, "stray")
            let page = try await scope.store.list(ListOptions(prefix: key.text))
            try expectSameText(page.blobs.map(\.key.text), [key.text], "the keys listed")
            try await scope.store.delete(key)
            try await scope.expectMissing(key)
        }
    }

    private static let odd = [
        "a b+c", "a%2Fb", "ü?x=1&y", "e\u{301}", "a/../b", "//", "<&>'\"", "a\nb", "😀",
    ]

    /// Keys travel differently in headers, queries and bodies.
    private static let elsewhere: [ConformanceCase] = [
        ConformanceCase("keys.odd.copySource", .writing()) { scope in
            for name in odd {
                try await scope.seed(name, name)
                try await scope.store.copy(scope.key(name), to: scope.key("copy"))
                try await scope.expectBlob(scope.key("copy"), name)
            }
        },
        ConformanceCase("keys.odd.copyDestination", .writing()) { scope in
            try await scope.seed("source", "text")
            for name in odd {
                try await scope.store.copy(scope.key("source"), to: scope.key(name))
                try await scope.expectBlob(scope.key(name), "text")
            }
        },
        ConformanceCase("keys.odd.startAfter", .reading) { scope in
            try await scope.seedAll(odd)
            let sorted = odd.sorted { UTF8Order.compare($0, $1) < 0 }
            for (index, name) in sorted.enumerated() {
                let rest = Array(sorted[(index + 1)...])
                try await scope.expectListing(scope.options(startAfter: name), rest)
            }
        },
        ConformanceCase("keys.odd.multipart", .multipart()) { scope in
            let store = try scope.multipart
            for name in odd {
                let upload = try await store.createMultipartUpload(scope.key(name))
                let part = try await store.uploadPart(1, of: upload, Array(name.utf8))
                try await store.completeMultipartUpload(upload, parts: [part])
                try await scope.expectBlob(scope.key(name), name)
            }
        },
    ]
}

extension ConformanceRequirements {
    /// What a store must be able to do to take keys with these names.
    fileprivate static func writing(keys names: [String]) -> ConformanceRequirements {
        names.contains { $0.utf8.contains(0) } ? .writing(.nulInKeys) : .writing()
    }
}
