import BlobStorage

/// Listings over several pages, with changes between them.
enum PagingCases {
    static let all = sizes + changes + long

    private static let names = ["a", "b", "c/d", "c/e", "f", "g"]

    private static let pageSizes: [(Int, [Int])] = [
        (1, [1, 1, 1, 1, 1, 1]), (2, [2, 2, 2]), (3, [3, 3]), (4, [4, 2]), (5, [5, 1]),
        (6, [6]), (1_000, [6]),
    ]

    private static let sizes = pageSizes.map { limit, expected in
        ConformanceCase("list.pages.of\(limit)", .reading) { scope in
            try await scope.seedAll(names)
            let walked = try await scope.walk(scope.options(limit: limit))
            try expectSameText(walked.names, names, "the keys over all pages")
            try expectEqual(walked.pageSizes, expected, "the entries per page")
        }
    }

    private static func change(
        _ name: String,
        limit: Int = 2,
        delimiter: String? = nil,
        expected: [String],
        _ change: @escaping @Sendable (CaseScope) async throws -> Void
    ) -> ConformanceCase {
        ConformanceCase("list.pages.\(name)", .reading) { scope in
            try await scope.seedAll(names)
            let isChanged = Locked(false)
            let options = scope.options(delimiter: delimiter, limit: limit)
            let walked = try await scope.walk(options) {
                let isFirst = isChanged.withLock { isChanged in
                    defer { isChanged = true }
                    return !isChanged
                }
                if isFirst { try await change(scope) }
            }
            try expectSameText(walked.entries, expected, "the entries over all pages")
        }
    }

    private static let changes: [ConformanceCase] = [
        change("insertBefore", expected: names) { try await $0.seed("Z") },
        change("insertBehind", expected: names.dropLast() + ["f2", "g"]) {
            try await $0.seed("f2")
        },
        change("insertRightBehind", expected: ["a", "b", "b\u{1}"] + names[2...]) {
            try await $0.seed("b\u{1}")
        },
        change("deleteLastSeen", expected: names) { try await $0.fixture.delete($0.key("b")) },
        change("deleteNext", expected: ["a", "b", "c/e", "f", "g"]) {
            try await $0.fixture.delete($0.key("c/d"))
        },
        change("deleteAll", expected: ["a", "b"]) {
            try await $0.fixture.deleteAll(prefix: $0.prefix)
        },
        change("replaceSeen", expected: names) { try await $0.seed("a", "new") },
        change(
            "delimiter.insertBehindSeenPrefix",
            limit: 3,
            delimiter: "/",
            expected: ["a", "b", "c/", "f", "g"]
        ) {
            try await $0.seed("c/zzz")
        },
        change(
            "delimiter.deleteSeenPrefix",
            limit: 3,
            delimiter: "/",
            expected: ["a", "b", "c/", "f", "g"]
        ) {
            try await $0.fixture.deleteAll(prefix: $0.prefix + "c/")
        },
    ]

    private static let long: [ConformanceCase] = [
        ConformanceCase("list.pages.over1000", .reading) { scope in
            let names = (0..<1_003).map { "n/\(10_000 + $0)" }
            try await scope.seedAll(names + ["z"])
            let walked = try await scope.walk(scope.options())
            try expectSameText(walked.names, names + ["z"], "the keys over all pages")
            try expectEqual(walked.pageSizes, [1_000, 4], "the entries per page")
            let options = scope.options(delimiter: "/", limit: 1)
            try await scope.expectListing(options, ["z"], commonPrefixes: ["n/"])
        },
        ConformanceCase("list.pages.over1000.deleteAll", .writing()) { scope in
            try await scope.seedAll((0..<1_003).map { "n/\($0)" } + ["z"])
            let count = try await scope.store.deleteAll(prefix: scope.prefix + "n/")
            try expectEqual(count, 1_003, "the count of blobs deleted")
            try await scope.expectListing(["z"])
        },
    ]
}
