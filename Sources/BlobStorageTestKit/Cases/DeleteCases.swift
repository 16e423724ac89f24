import BlobStorage

/// Deleting one blob, many, and all under a prefix.
enum DeleteCases {
    static let all = basics + conditions + many + prefixes

    private static let basics: [ConformanceCase] = [
        ConformanceCase("delete.existing", .writing()) { scope in
            try await scope.seed("a")
            try await scope.store.delete(scope.key("a"))
            try await scope.expectMissing(scope.key("a"))
        },
        ConformanceCase("delete.missing", .writing()) { scope in
            try await scope.store.delete(scope.key("a"))
            try await scope.expectMissing(scope.key("a"))
        },
        ConformanceCase("delete.missing.underBlob", .writing()) { scope in
            let old = try await scope.seed("a")
            try await scope.store.delete(scope.key("a/b/c"))
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("delete.twice", .writing()) { scope in
            try await scope.seed("a")
            try await scope.store.delete(scope.key("a"))
            try await scope.store.delete(scope.key("a"))
            try await scope.expectMissing(scope.key("a"))
        },
        ConformanceCase("delete.leavesNeighbours", .writing()) { scope in
            let others = ["a/", "a/b", "a/b/c", "aa", "A", "a.", "a "]
            try await scope.seedAll(others + ["a"])
            try await scope.store.delete(scope.key("a"))
            try await scope.expectMissing(scope.key("a"))
            for name in others { try await scope.expectBlob(scope.key(name), name) }
        },
        ConformanceCase("delete.folderIsNoBlob", .writing()) { scope in
            try await scope.seedAll(["a/b", "a/c"])
            try await scope.store.delete(scope.key("a"))
            try await scope.store.delete(scope.key("a/"))
            try await scope.expectBlob(scope.key("a/b"), "a/b")
            try await scope.expectBlob(scope.key("a/c"), "a/c")
        },
        ConformanceCase("delete.putAgain", .writing()) { scope in
            try await scope.seed("a", options: PutOptions(metadata: ["old": "1"]))
            try await scope.store.delete(scope.key("a"))
            try await scope.store.put(scope.key("a"), "new")
            try await scope.expectBlob(scope.key("a"), "new")
            let found = try await scope.store.head(scope.key("a"))
            try expectEqual(found.metadata, [:], "the metadata after a delete and a put")
        },
        ConformanceCase("delete.freesFolderName", .writing()) { scope in
            try await scope.seed("a/b/c")
            try await scope.store.delete(scope.key("a/b/c"))
            try await scope.store.put(scope.key("a"), "new")
            try await scope.expectBlob(scope.key("a"), "new")
        },
    ]

    private static let conditions: [ConformanceCase] = [
        ConformanceCase("delete.ifMatches.hit", .writing(.deleteIfMatches)) { scope in
            let old = try await scope.seed("a")
            try await scope.store.delete(old.key, options: DeleteOptions(ifMatches: old.etag))
            try await scope.expectMissing(old.key)
        },
        ConformanceCase("delete.ifMatches.miss", .writing(.deleteIfMatches)) { scope in
            let old = try await scope.seed("a")
            let other = try await scope.seed("b", "other")
            try await expectError(.preconditionFailed, from: "delete if another etag matches") {
                let options = DeleteOptions(ifMatches: other.etag)
                try await scope.store.delete(old.key, options: options)
            }
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("delete.ifMatches.replacedVersion", .writing(.deleteIfMatches)) { scope in
            let first = try await scope.seed("a", "first")
            let second = try await scope.seed("a", "second")
            try await expectError(.preconditionFailed, from: "delete if a former etag matches") {
                let options = DeleteOptions(ifMatches: first.etag)
                try await scope.store.delete(first.key, options: options)
            }
            try await scope.expectUnchanged(second, "second")
        },
        ConformanceCase("delete.ifMatches.missing", .writing(.deleteIfMatches)) { scope in
            let other = try await scope.seed("b")
            try await expectError(.preconditionFailed, from: "delete if matches, without a blob") {
                let options = DeleteOptions(ifMatches: other.etag)
                try await scope.store.delete(scope.key("a"), options: options)
            }
        },
    ]

    private static let many: [ConformanceCase] = [
        ConformanceCase("deleteMany.existing", .writing()) { scope in
            try await scope.seedAll(["a", "b", "c", "d"])
            try await expectAllDeleted(scope, ["a", "b", "c"])
            try await scope.expectListing(["d"])
        },
        ConformanceCase("deleteMany.none", .writing()) { scope in
            try await scope.seed("a")
            try await expectAllDeleted(scope, [])
            try await scope.expectListing(["a"])
        },
        ConformanceCase("deleteMany.missing", .writing()) { scope in
            try await scope.seedAll(["a", "b"])
            try await expectAllDeleted(scope, ["a", "missing", "b", "b/missing"])
            try await scope.expectListing([])
        },
        ConformanceCase("deleteMany.onlyMissing", .writing()) { scope in
            try await expectAllDeleted(scope, ["a", "b"])
        },
        ConformanceCase("deleteMany.duplicates", .writing()) { scope in
            try await scope.seedAll(["a", "b", "c"])
            try await expectAllDeleted(scope, ["a", "b", "a", "a"])
            try await scope.expectListing(["c"])
        },
        ConformanceCase("deleteMany.oddKeys", .writing()) { scope in
            let names = [
                "<a>", "&amp;", "a\"b'", "a\nb", "a\rb", "e\u{301}", "a+b %20", "..", "//",
            ]
            try await scope.seedAll(names)
            try await scope.seed("\u{E9}", "\u{E9}")
            try await expectAllDeleted(scope, names)
            try await scope.expectListing(["\u{E9}"])
        },
        // S3 takes no more than 1,000 keys in one request.
        ConformanceCase("deleteMany.1500", .writing()) { scope in
            let names = (0..<1_500).map { "key-\($0)" }
            let existing = names.indices.filter { $0.isMultiple(of: 74) }.map { names[$0] }
            try await scope.seedAll(existing + ["other"])
            try await expectAllDeleted(scope, names)
            try await scope.expectListing(["other"])
        },
        ConformanceCase("deleteMany.folderAndContents", .writing()) { scope in
            try await scope.seedAll(["a", "a/", "a/b", "a/b/c", "ab"])
            try await expectAllDeleted(scope, ["a", "a/", "a/b", "a/b/c"])
            try await scope.expectListing(["ab"])
        },
    ]

    private static func expectAllDeleted(_ scope: CaseScope, _ names: [String]) async throws {
        let failures = try await scope.store.delete(names.map(scope.key))
        try expect(failures.isEmpty, "no failure", found: readable(failures.map(\.error)))
    }

    private static let prefixes: [ConformanceCase] = [
        ConformanceCase("deleteAll.prefix", .writing()) { scope in
            try await scope.seedAll(["a", "a/b", "a/c/d", "ab", "b"])
            let count = try await scope.store.deleteAll(prefix: scope.prefix + "a/")
            try expectEqual(count, 2, "the count of blobs deleted")
            try await scope.expectListing(["a", "ab", "b"])
        },
        ConformanceCase("deleteAll.prefix.bytes", .writing()) { scope in
            try await scope.seedAll(["a", "a/b", "ab", "b", "A"])
            let count = try await scope.store.deleteAll(prefix: scope.prefix + "a")
            try expectEqual(count, 3, "the count of blobs deleted")
            try await scope.expectListing(["A", "b"])
        },
        ConformanceCase("deleteAll.none", .writing()) { scope in
            try await scope.seedAll(["a"])
            let count = try await scope.store.deleteAll(prefix: scope.prefix + "b")
            try expectEqual(count, 0, "the count of blobs deleted")
            try await scope.expectListing(["a"])
        },
    ]
}
