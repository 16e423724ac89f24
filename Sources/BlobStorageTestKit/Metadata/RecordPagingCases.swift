import BlobStorage

/// Pages, also while records come, change and go.
enum RecordPagingCases {
    static let all = sizes.map(paged) + ends + changes

    private static let sizes = [1, 2, 3, 7, 24, 25, 26]

    private static func paged(_ limit: Int) -> MetadataConformanceCase {
        MetadataConformanceCase("pages.of\(limit)") { scope in
            try await scope.seedMany(25)
            let expected = (0..<25).reversed().map { "\($0)" }
            try await scope.expectNames(
                DocumentQuery(owner: scope.owner(), limit: limit),
                expected
            )
        }
    }

    private static let ends = [
        MetadataConformanceCase("pages.limitChanges") { scope in
            try await scope.seedMany(10)
            var query = DocumentQuery(owner: scope.owner(), limit: 3)
            var names: [String] = []
            for limit in [3, 1, 5, 100] {
                query.limit = limit
                let page = try await scope.page(query)
                names += page.records.map(scope.name)
                query.continuationToken = page.continuationToken
                if page.continuationToken == nil { break }
            }
            try expectSameText(names, (0..<10).reversed().map { "\($0)" }, "the records")
        },
        MetadataConformanceCase("pages.sameTime") { scope in
            for number in 10..<22 { try await scope.seed("\(number)") }
            let expected = (10..<22).reversed().map { "\($0)" }
            for limit in [1, 5] {
                let query = DocumentQuery(owner: scope.owner(), limit: limit)
                try await scope.expectNames(query, expected)
            }
        },
        MetadataConformanceCase("pages.tokenTwice") { scope in
            try await scope.seedMany(4)
            var query = DocumentQuery(owner: scope.owner(), limit: 2)
            query.continuationToken = try await scope.page(query).continuationToken
            let first = try await scope.page(query)
            try await expectEqual(scope.page(query), first, "the page asked for again")
            try expectSameText(first.records.map(scope.name), ["1", "0"], "the second page")
        },
        MetadataConformanceCase("pages.asSequence") { scope in
            try await scope.seedMany(7)
            var names: [String] = []
            let query = DocumentQuery(owner: scope.owner(), limit: 3)
            for try await record in scope.store.documents(query) {
                names.append(scope.name(record))
            }
            try expectSameText(names, (0..<7).reversed().map { "\($0)" }, "the records")
        },
        // More bytes than one answer of DynamoDB has.
        MetadataConformanceCase("pages.large") { scope in
            for number in 0..<8 {
                var record = scope.new("\(number)", at: Int64(number))
                record.attributes = ["large": String(repeating: "v", count: 250_000)]
                try await scope.store.insert(record)
            }
            let expected = (0..<8).reversed().map { "\($0)" }
            try await scope.expectNames(DocumentQuery(owner: scope.owner()), expected)
            try await scope.expectNames(scope.everything, expected)
        },
        // Matches that stand far from each other.
        MetadataConformanceCase("pages.rareMatches") { scope in
            try await scope.seedMany(60)
            for name in ["3", "30", "57"] {
                try await scope.store.update(scope.id(name)) { $0.key = scope.key("rare/\(name)") }
            }
            for limit in [1, 2, 100] {
                let query = DocumentQuery(
                    owner: scope.owner(),
                    keyPrefix: scope.key("rare/").text,
                    limit: limit
                )
                try await scope.expectNames(query, ["57", "30", "3"])
            }
        },
    ]

    /// Walks pages of two over ten records, and changes something after each page.
    private static func underChange(
        _ name: String,
        expected: [Int] = Array((0..<10).reversed()),
        _ change: @escaping @Sendable (MetadataScope, _ page: Int) async throws -> Void
    ) -> MetadataConformanceCase {
        MetadataConformanceCase("pages.underChange.\(name)") { scope in
            try await scope.seedMany(10)
            let query = DocumentQuery(owner: scope.owner(), limit: 2)
            let names = try await scope.names(query) { try await change(scope, $0) }
            try expectSameText(names, expected.map { "\($0)" }, "the records")
        }
    }

    private static let changes = [
        underChange("newerComes") { scope, page in
            try await scope.seed("new\(page)", at: Int64(100 + page))
        },
        underChange("seenAreDeleted") { scope, page in
            for number in 0..<2 {
                try await scope.store.delete(scope.id("\(11 - 2 * page - number)"))
            }
        },
        underChange("lastSeenIsDeleted") { scope, page in
            try await scope.store.delete(scope.id("\(10 - 2 * page)"))
        },
        underChange("seenAreUpdated") { scope, page in
            try await scope.store.update(scope.id("\(10 - 2 * page)")) { $0.byteCount = 1 }
        },
        underChange("unseenAreUpdated") { scope, page in
            guard page <= 4 else { return }
            try await scope.store.update(scope.id("\(9 - 2 * page)")) { $0.state = .confirmed }
        },
        underChange("nextIsDeleted", expected: [9, 8, 6, 5, 3, 2, 0]) { scope, page in
            let next = [1: "7", 2: "4", 3: "1"]
            if let name = next[page] { try await scope.store.delete(scope.id(name)) }
        },
        MetadataConformanceCase("pages.underChange.olderComes") { scope in
            try await scope.seedMany(4)
            let query = DocumentQuery(owner: scope.owner(), limit: 2)
            let names = try await scope.names(query) { page in
                if page == 1 { try await scope.seed("old", at: -5) }
            }
            try expectSameText(names, ["3", "2", "1", "0", "old"], "the records")
        },
    ]
}
