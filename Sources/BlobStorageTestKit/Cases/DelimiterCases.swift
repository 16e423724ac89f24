import BlobStorage

/// Listings with a delimiter.
enum DelimiterCases {
    static let all = tables + starts + paged

    private struct Row {
        var name: String
        var keys: [String]
        var prefix = ""
        var delimiter = "/"
        var blobs: [String] = []
        var commonPrefixes: [String] = []
    }

    private static let rows: [Row] = [
        Row(
            name: "slash",
            keys: ["a", "b/c", "b/d", "e/f/g", "h"],
            blobs: ["a", "h"],
            commonPrefixes: ["b/", "e/"]
        ),
        Row(
            name: "besideBlobOfThatName",
            keys: ["a", "a/", "a/b", "ab"],
            blobs: ["a", "ab"],
            commonPrefixes: ["a/"]
        ),
        Row(
            name: "prefixIsABlobToo",
            keys: ["a", "a/", "a/b", "a/c/d"],
            prefix: "a/",
            blobs: ["a/", "a/b"],
            commonPrefixes: ["a/c/"]
        ),
        Row(
            name: "insidePrefix",
            keys: ["a/b/c", "a/b/d/e", "a/bb/f", "a/b"],
            prefix: "a/b",
            blobs: ["a/b"],
            commonPrefixes: ["a/b/", "a/bb/"]
        ),
        Row(
            name: "endsPrefix",
            keys: ["a/b", "a/c/d", "a/c/e"],
            prefix: "a/c/",
            blobs: ["a/c/d", "a/c/e"]
        ),
        Row(
            name: "doubled",
            keys: ["a//b", "a//c", "a/b"],
            prefix: "a/",
            blobs: ["a/b"],
            commonPrefixes: ["a//"]
        ),
        Row(name: "atBeginning", keys: ["/a", "/b", "c"], blobs: ["c"], commonPrefixes: ["/"]),
        Row(
            name: "hyphen",
            keys: ["2025-01", "2025-02", "2026-01/x", "2027"],
            delimiter: "-",
            blobs: ["2027"],
            commonPrefixes: ["2025-", "2026-"]
        ),
        Row(
            name: "letter",
            keys: ["banana", "b", "cat"],
            delimiter: "a",
            blobs: ["b"],
            commonPrefixes: ["ba", "ca"]
        ),
        Row(
            name: "manyCharacters",
            keys: ["a--b", "a--c", "a-b", "a---d"],
            delimiter: "--",
            blobs: ["a-b"],
            commonPrefixes: ["a--"]
        ),
        Row(
            name: "acrossPrefixEnd",
            keys: ["a--b", "a-c--d"],
            prefix: "a-",
            delimiter: "--",
            blobs: ["a--b"],
            commonPrefixes: ["a-c--"]
        ),
        Row(
            name: "manyBytes",
            keys: ["a\u{E9}b", "a\u{E9}c", "ae", "ae\u{301}b"],
            delimiter: "\u{E9}",
            blobs: ["ae", "ae\u{301}b"],
            commonPrefixes: ["a\u{E9}"]
        ),
        Row(
            name: "beforeCombiningMark",
            keys: ["a/\u{301}b", "a/c", "d"],
            blobs: ["d"],
            commonPrefixes: ["a/"]
        ),
        Row(name: "notThere", keys: ["a/b", "c"], delimiter: "|", blobs: ["a/b", "c"]),
        Row(name: "endsKeys", keys: ["a/", "b/"], commonPrefixes: ["a/", "b/"]),
        Row(
            name: "order",
            keys: ["a!", "a/b", "a-/c", "a0", "\u{1F600}/x", "\u{FF5E}/y"],
            blobs: ["a!", "a0"],
            commonPrefixes: ["a-/", "a/", "\u{FF5E}/", "\u{1F600}/"]
        ),
        Row(
            name: "dotSegments",
            keys: ["../a", "./b", "c/../d", "."],
            blobs: ["."],
            commonPrefixes: ["../", "./", "c/"]
        ),
    ]

    private static let tables = rows.map { row in
        ConformanceCase("list.delimiter.\(row.name)", .reading) { scope in
            try await scope.seedAll(row.keys)
            for limit in [ListOptions.maximumLimit, 1] {
                try await scope.expectListing(
                    scope.options(row.prefix, delimiter: row.delimiter, limit: limit),
                    row.blobs,
                    commonPrefixes: row.commonPrefixes
                )
            }
        }
    }

    private static let starts: [ConformanceCase] = [
        ConformanceCase("list.delimiter.startAfter.insideCommonPrefix", .reading) { scope in
            try await scope.seedAll(["a/b", "a/c", "d/e", "f"])
            let options = scope.options(delimiter: "/", startAfter: "a/b")
            try await scope.expectListing(options, ["f"], commonPrefixes: ["d/"])
        },
        ConformanceCase("list.delimiter.startAfter.isCommonPrefix", .reading) { scope in
            try await scope.seedAll(["a/b", "a/c", "d/e", "f"])
            let options = scope.options(delimiter: "/", startAfter: "a/")
            try await scope.expectListing(options, ["f"], commonPrefixes: ["d/"])
        },
        ConformanceCase("list.delimiter.startAfter.beforeCommonPrefix", .reading) { scope in
            try await scope.seedAll(["a/b", "a/c", "d/e", "f"])
            let options = scope.options(delimiter: "/", startAfter: "a")
            try await scope.expectListing(options, ["f"], commonPrefixes: ["a/", "d/"])
        },
        ConformanceCase("list.delimiter.startAfter.pastCommonPrefix", .reading) { scope in
            try await scope.seedAll(["a/b", "a/c", "d/e", "f"])
            let options = scope.options(delimiter: "/", startAfter: "a0", limit: 1)
            try await scope.expectListing(options, ["f"], commonPrefixes: ["d/"])
        },
        ConformanceCase("list.delimiter.startAfter.withPrefix", .reading) { scope in
            try await scope.seedAll(["a/b/1", "a/b/2", "a/c", "a/d/1", "e"])
            let options = scope.options("a/", delimiter: "/", startAfter: "a/b/1")
            try await scope.expectListing(options, ["a/c"], commonPrefixes: ["a/d/"])
        },
    ]

    private static let paged: [ConformanceCase] =
        [1, 2, 3].map { limit in
            ConformanceCase("list.delimiter.pages.of\(limit)", .reading) { scope in
                let inside = (0..<7).map { "b/\($0)" } + (0..<5).map { "d/\($0)/x" }
                try await scope.seedAll(["a", "c", "e", "f/g"] + inside)
                let options = scope.options(delimiter: "/", limit: limit)
                let expected = ["b/", "d/", "f/"]
                try await scope.expectListing(options, ["a", "c", "e"], commonPrefixes: expected)
            }
        } + [
            ConformanceCase("list.delimiter.pages.countPrefixes", .reading) { scope in
                try await scope.seedAll(["a/1", "a/2", "b/1", "b/2", "c"])
                let walked = try await scope.walk(scope.options(delimiter: "/", limit: 2))
                try expectEqual(walked.pageSizes, [2, 1], "the entries per page")
            }
        ]
}
