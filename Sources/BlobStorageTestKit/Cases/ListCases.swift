import BlobStorage

/// Listings without a delimiter: order, prefix, where they begin, what they refuse.
enum ListCases {
    static let all = basics + prefixes + startAfter + refused

    /// Keys in the order of their UTF-8 bytes.
    ///
    /// U+FF5E comes before U+1F600 here and after it in UTF-16; `A` comes before `a`.
    static let ordered = [
        "A", "Z", "a", "a!b", "a-b", "a.b", "a/", "a/b", "a0", "a_b", "aa", "e", "e\u{301}", "z",
        "\u{E9}", "\u{FF}", "\u{D7FF}", "\u{E000}", "\u{FF5E}", "\u{1F600}", "\u{10FFFD}",
    ]

    private static let basics: [ConformanceCase] = [
        ConformanceCase("list.empty", .reading) { scope in
            try await scope.expectListing([])
        },
        ConformanceCase("list.order.bytes", .reading) { scope in
            try await scope.seedAll(ordered.reversed())
            try await scope.expectListing(ordered)
        },
        ConformanceCase("list.order.bytes.overPages", .reading) { scope in
            try await scope.seedAll(ordered.shuffled())
            for limit in [1, 2, 3, 7] {
                try await scope.expectListing(scope.options(limit: limit), ordered)
            }
        },
        ConformanceCase("list.order.astral", .reading) { scope in
            // UTF-16 has the first three the other way round.
            let names = ["\u{E000}", "\u{FFFD}", "\u{10000}", "\u{1F600}"]
            try await scope.seedAll(names.reversed())
            try await scope.expectListing(names)
        },
        ConformanceCase("list.order.folders", .reading) { scope in
            // A walk through folders that sorts names instead of keys gets these wrong.
            let names = ["a", "a!", "a!/z", "a-b/c", "a.txt", "a/", "a//", "a/b", "a0", "a0/b"]
            try await scope.seedAll(names.reversed())
            try await scope.expectListing(names)
        },
        ConformanceCase("list.attributes", .reading) { scope in
            let written = try await scope.seed("a", "12345")
            try await scope.seed("b", "")
            let page = try await scope.store.list(scope.options())
            try expectEqual(page.blobs.map(\.byteCount), [5, 0], "the byte counts")
            try expectEqual(page.blobs.first?.etag, written.etag, "the first etag")
            try expectEqual(page.commonPrefixes, [], "the common prefixes without a delimiter")
        },
        ConformanceCase("list.forgetsDeleted", .writing()) { scope in
            try await scope.seedAll(["a/b/c", "a/d", "e"])
            try await scope.expectListing(["a/b/c", "a/d", "e"])
            try await scope.store.delete(scope.key("a/b/c"))
            try await scope.store.delete(scope.key("e"))
            try await scope.expectListing(["a/d"])
            let options = scope.options("a/", delimiter: "/")
            try await scope.expectListing(options, ["a/d"])
        },
        ConformanceCase("list.seesNew", .writing()) { scope in
            try await scope.expectListing([])
            for name in ["c", "a", "b/c", "b"] {
                try await scope.store.put(scope.key(name), name)
                try await scope.store.put(scope.key("last"), name)
                let page = try await scope.store.list(scope.options())
                let listed = page.blobs.contains { $0.key == scope.key(name) }
                try expect(listed, "\(name) in the listing", found: readable(page.blobs.count))
            }
            try await scope.expectListing(["a", "b", "b/c", "c", "last"])
        },
        ConformanceCase("list.sequence", .reading) { scope in
            try await scope.seedAll(["a", "b/c", "b/d", "e"])
            var names: [String] = []
            for try await blob in scope.store.list(prefix: scope.prefix) {
                names.append(scope.name(blob.key.text))
            }
            try expectSameText(names, ["a", "b/c", "b/d", "e"], "the keys of the sequence")
            var entries: [String] = []
            for try await entry in scope.store.list(prefix: scope.prefix, delimiter: "/") {
                entries.append(scope.name(entry.text))
            }
            try expectSameText(entries, ["a", "b/", "e"], "the entries of the sequence")
        },
    ]

    private static let prefixes: [ConformanceCase] = [
        ConformanceCase("list.prefix.isABlobToo", .reading) { scope in
            try await scope.seedAll(["a/a", "a/b", "a/b/c", "a/bc", "a/c"])
            try await scope.expectListing(scope.options("a/b"), ["a/b", "a/b/c", "a/bc"])
        },
        ConformanceCase("list.prefix.endsInsideName", .reading) { scope in
            try await scope.seedAll(["cat.jpg", "category/dog", "ca", "dog"])
            try await scope.expectListing(scope.options("cat"), ["cat.jpg", "category/dog"])
        },
        ConformanceCase("list.prefix.folder", .reading) { scope in
            try await scope.seedAll(["a", "a/", "a/b", "a/b/c", "aa", "a0"])
            try await scope.expectListing(scope.options("a/"), ["a/", "a/b", "a/b/c"])
        },
        ConformanceCase("list.prefix.matchesNothing", .reading) { scope in
            try await scope.seedAll(["a", "b/c"])
            for prefix in ["c", "a/", "b/c/", "b/d", "\u{10FFFF}"] {
                try await scope.expectListing(scope.options(prefix), [])
            }
        },
        ConformanceCase("list.prefix.wholeKey", .reading) { scope in
            try await scope.seedAll(["a/b", "c"])
            try await scope.expectListing(scope.options("a/b"), ["a/b"])
        },
        ConformanceCase("list.prefix.cases", .reading) { scope in
            try await scope.seedAll(["abc", "Abc", "aBc"])
            try await scope.expectListing(scope.options("a"), ["aBc", "abc"])
            try await scope.expectListing(scope.options("A"), ["Abc"])
        },
        ConformanceCase("list.prefix.spellings", .reading) { scope in
            try await scope.seedAll(["\u{E9}-composed", "e\u{301}-decomposed", "e-plain"])
            try await scope.expectListing(scope.options("\u{E9}"), ["\u{E9}-composed"])
            let decomposed = ["e-plain", "e\u{301}-decomposed"]
            try await scope.expectListing(scope.options("e"), decomposed)
        },
        ConformanceCase("list.prefix.dotSegments", .reading) { scope in
            try await scope.seedAll(["a/../b", "a/./c", "b"])
            try await scope.expectListing(scope.options("a/.."), ["a/../b"])
            try await scope.expectListing(scope.options("a/./"), ["a/./c"])
            try await scope.expectListing(scope.options("./"), [])
        },
        ConformanceCase("list.prefix.urlCharacters", .reading) { scope in
            let names = ["a b", "a%20b", "a&b=c", "a+b", "a?b#c"]
            try await scope.seedAll(names)
            for name in names { try await scope.expectListing(scope.options(name), [name]) }
            try await scope.expectListing(scope.options("a%"), ["a%20b"])
            try await scope.expectListing(scope.options("a "), ["a b"])
        },
        ConformanceCase("list.prefix.patternCharacters", .reading) { scope in
            try await scope.seedAll(["a*b", "a?b", "a[b]", "a_b", "aXb", "a%b"])
            try await scope.expectListing(scope.options("a*"), ["a*b"])
            try await scope.expectListing(scope.options("a["), ["a[b]"])
            try await scope.expectListing(scope.options("a_"), ["a_b"])
            try await scope.expectListing(scope.options("a%"), ["a%b"])
        },
    ]

    private static let some = ["b", "b/c", "d", "d/e/f", "g"]

    private static let starts: [(String, String, [String])] = [
        ("isKey", "d", ["d/e/f", "g"]),
        ("isNoKey", "c", ["d", "d/e/f", "g"]),
        ("isFolder", "d/e", ["d/e/f", "g"]),
        ("isLastKey", "g", []),
        ("beforeAll", "a", some),
        ("afterAll", "z", []),
        ("beginsAKey", "d/", ["d/e/f", "g"]),
        ("goesOnFromKey", "b/c/d", ["d", "d/e/f", "g"]),
        ("empty", "", some),
        ("astral", "\u{10FFFD}", []),
    ]

    private static let startAfter =
        starts.map { name, start, expected in
            ConformanceCase("list.startAfter.\(name)", .reading) { scope in
                try await scope.seedAll(some)
                try await scope.expectListing(scope.options(startAfter: start), expected)
                let paged = scope.options(startAfter: start, limit: 1)
                try await scope.expectListing(paged, expected)
            }
        } + startAfterWithPrefix

    private static let startAfterWithPrefix: [ConformanceCase] = [
        ConformanceCase("list.startAfter.beforePrefix", .reading) { scope in
            try await scope.seedAll(some)
            let options = scope.options("d", startAfter: "b")
            try await scope.expectListing(options, ["d", "d/e/f"])
        },
        ConformanceCase("list.startAfter.afterPrefix", .reading) { scope in
            try await scope.seedAll(some)
            try await scope.expectListing(scope.options("b", startAfter: "d"), [])
        },
        ConformanceCase("list.startAfter.isPrefix", .reading) { scope in
            try await scope.seedAll(some)
            try await scope.expectListing(scope.options("d", startAfter: "d"), ["d/e/f"])
        },
        ConformanceCase("list.startAfter.insidePrefix", .reading) { scope in
            try await scope.seedAll(["a/1", "a/2", "a/3", "b"])
            try await scope.expectListing(scope.options("a/", startAfter: "a/2"), ["a/3"])
        },
    ]

    private static let refused: [ConformanceCase] =
        [0, -1, 1_001, Int.max, Int.min].map { limit in
            ConformanceCase("list.refused.limit.\(limit)", .reading) { scope in
                try await expectError(.invalidArgument, from: "list with limit \(limit)") {
                    try await scope.store.list(scope.options(limit: limit))
                }
            }
        } + [
            ConformanceCase("list.refused.emptyDelimiter", .reading) { scope in
                try await expectError(.invalidArgument, from: "list with an empty delimiter") {
                    try await scope.store.list(scope.options(delimiter: ""))
                }
            },
            ConformanceCase("list.refused.foreignToken", .reading) { scope in
                try await scope.seedAll(["a", "b"])
                for token in ["no token of yours", "\u{0}\u{1}", "é"] {
                    var options = scope.options(limit: 1)
                    options.continuationToken = token
                    try await expectError(.invalidArgument, from: "list with a foreign token") {
                        try await scope.store.list(options)
                    }
                }
            },
        ]
}
