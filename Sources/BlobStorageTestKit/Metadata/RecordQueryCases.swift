import BlobStorage

/// Which records a query gives, and in which order.
enum RecordQueryCases {
    static let all = order + filters

    private static let order = [
        MetadataConformanceCase("query.nothing") { scope in
            let page = try await scope.page(DocumentQuery(owner: scope.owner()))
            try expectEqual(page, DocumentPage(records: []), "the page")
        },
        MetadataConformanceCase("query.order.newestFirst") { scope in
            for (name, time) in [("b", 20), ("d", 5), ("a", 30), ("c", 10)] as [(String, Int64)] {
                try await scope.seed(name, at: time)
            }
            try await scope.expectNames(DocumentQuery(owner: scope.owner()), ["a", "b", "c", "d"])
            try await scope.expectNames(scope.everything, ["a", "b", "c", "d"])
            let pending = DocumentQuery(state: .pending, keyPrefix: "\(scope.unique)/")
            try await scope.expectNames(pending, ["a", "b", "c", "d"])
        },
        MetadataConformanceCase("query.order.sameTime.greatestIDFirst") { scope in
            for name in ["b", "a", "Z", "-", "10", "9", "_"] { try await scope.seed(name) }
            let expected = ["b", "a", "_", "Z", "9", "10", "-"]
            try await scope.expectNames(DocumentQuery(owner: scope.owner()), expected)
            try await scope.expectNames(scope.everything, expected)
        },
        MetadataConformanceCase("query.order.digits") { scope in
            // As text, 999 comes after 1000.
            for time in [999, 1_000, 9_999, 10_000] as [Int64] {
                var record = scope.new("\(time)")
                record = DocumentRecord(
                    id: record.id,
                    owner: record.owner,
                    key: record.key,
                    created: DocumentTime.date(time)
                )
                try await scope.store.insert(record)
            }
            let expected = ["10000", "9999", "1000", "999"]
            try await scope.expectNames(DocumentQuery(owner: scope.owner()), expected)
        },
        MetadataConformanceCase("query.order.staysAfterUpdate") { scope in
            try await scope.seedMany(4)
            for name in ["0", "2"] {
                try await scope.store.update(scope.id(name)) { $0.state = .confirmed }
            }
            try await scope.expectNames(DocumentQuery(owner: scope.owner()), ["3", "2", "1", "0"])
        },
    ]

    /// Records of two owners in all states, under two prefixes; `c` is the newest.
    private static func seedMixture(_ scope: MetadataScope) async throws {
        let other = scope.owner("-other")
        try await scope.seed("a", at: 10, state: .pending, key: "x/1")
        try await scope.seed("b", at: 20, state: .confirmed, key: "x/2")
        try await scope.seed("c", at: 70, state: .deleting, key: "y/1")
        try await scope.seed("d", at: 40, owner: other, state: .pending, key: "x/3")
        try await scope.seed("e", at: 50, owner: other, state: .confirmed, key: "y/2")
        try await scope.seed("f", at: 60, state: .confirmed, key: "y/3")
    }

    private static func gives(
        _ name: String,
        _ expected: [String],
        _ query: @escaping @Sendable (MetadataScope) -> DocumentQuery
    ) -> MetadataConformanceCase {
        MetadataConformanceCase("query.filter.\(name)") { scope in
            try await seedMixture(scope)
            for limit in [100, 1, 2] {
                var query = query(scope)
                query.limit = limit
                try await scope.expectNames(query, expected)
            }
        }
    }

    private static let filters = [
        gives("owner", ["c", "f", "b", "a"]) { DocumentQuery(owner: $0.owner()) },
        gives("owner.other", ["e", "d"]) { DocumentQuery(owner: $0.owner("-other")) },
        gives("owner.unknown", []) { DocumentQuery(owner: $0.owner("-nobody")) },
        gives("owner.noPrefix", []) { DocumentQuery(owner: $0.owner("-")) },
        gives("state", ["f", "e", "b"]) {
            DocumentQuery(state: .confirmed, keyPrefix: "\($0.unique)/")
        },
        gives("ownerAndState", ["f", "b"]) {
            DocumentQuery(owner: $0.owner(), state: .confirmed)
        },
        gives("prefix", ["d", "b", "a"]) { DocumentQuery(keyPrefix: "\($0.unique)/x/") },
        gives("prefix.wholeKey", ["b"]) { DocumentQuery(keyPrefix: "\($0.unique)/x/2") },
        gives("prefix.longerThanKeys", []) { DocumentQuery(keyPrefix: "\($0.unique)/x/2/") },
        gives("ownerAndPrefix", ["c", "f"]) {
            DocumentQuery(owner: $0.owner(), keyPrefix: "\($0.unique)/y/")
        },
        gives("ownerStateAndPrefix", ["f"]) {
            DocumentQuery(owner: $0.owner(), state: .confirmed, keyPrefix: "\($0.unique)/y")
        },
        gives("time.from", ["c", "f"]) {
            DocumentQuery(owner: $0.owner(), createdFrom: MetadataScope.time(60))
        },
        gives("time.before", ["b", "a"]) {
            DocumentQuery(owner: $0.owner(), createdBefore: MetadataScope.time(60))
        },
        gives("time.range", ["f", "b"]) {
            DocumentQuery(
                owner: $0.owner(),
                createdFrom: MetadataScope.time(20),
                createdBefore: MetadataScope.time(61)
            )
        },
        gives("time.empty", []) {
            DocumentQuery(
                owner: $0.owner(),
                createdFrom: MetadataScope.time(20),
                createdBefore: MetadataScope.time(20)
            )
        },
        gives("time.backwards", []) {
            DocumentQuery(
                owner: $0.owner(),
                createdFrom: MetadataScope.time(60),
                createdBefore: MetadataScope.time(20)
            )
        },
        gives("stateAndTime", ["e", "b"]) {
            DocumentQuery(
                state: .confirmed,
                keyPrefix: "\($0.unique)/",
                createdBefore: MetadataScope.time(60)
            )
        },
        gives("everything.time", ["e", "d"]) {
            DocumentQuery(
                keyPrefix: "\($0.unique)/",
                createdFrom: MetadataScope.time(40),
                createdBefore: MetadataScope.time(60)
            )
        },
        gives("everything", ["c", "f", "e", "d", "b", "a"]) { $0.everything },
    ]
}
