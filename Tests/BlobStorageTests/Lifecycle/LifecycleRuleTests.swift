import BlobStorage
import Foundation
import Testing

/// What is due by a rule, and when.
@Suite struct LifecycleRuleTests {
    /// The first is the example of
    /// https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html ("created on
    /// 1/15/2014 10:30 AM UTC and you specify 3 days": due at 1/19/2014 00:00 UTC).
    @Test(
        "a blob is due at the first midnight after its days",
        arguments: [
            ("2014-01-15T10:30:00Z", 3, "2014-01-19T00:00:00Z"),
            ("2014-01-15T23:59:59.999Z", 3, "2014-01-19T00:00:00Z"),
            ("2014-01-15T00:00:00Z", 3, "2014-01-19T00:00:00Z"),
            ("2024-02-28T12:00:00Z", 1, "2024-03-01T00:00:00Z"),
            ("1969-12-30T18:00:00Z", 1, "1970-01-01T00:00:00Z"),
            ("2024-12-31T00:00:01Z", 366, "2026-01-02T00:00:00Z"),
        ]
    )
    func midnights(_ written: String, _ days: Int, _ due: String) async throws {
        let (written, due) = (try date(written), try date(due))
        let store = InMemoryStore(now: { written })
        try await store.put("a", "x")
        let upload = try await store.createMultipartUpload("b")
        let rules = [LifecycleRule(expiration: .after(days: days), abortUploadsAfterDays: days)]
        let early = try await store.apply(rules, now: due.addingTimeInterval(-0.001))
        #expect(early.isEmpty)
        #expect(try await store.exists("a"))
        #expect(try await store.parts(of: upload).isEmpty)
        let report = try await store.apply(rules, now: due)
        #expect(report.blobCount == 1 && report.byteCount == 1 && report.uploadCount == 1)
        #expect(try await !store.exists("a"))
        await #expect(throws: BlobError.self) { try await store.parts(of: upload) }
    }

    @Test func aDateRemovesWhateverIsThereFromThenOn() async throws {
        let store = InMemoryStore()
        let day = try date("2030-05-01T00:00:00Z")
        let rules = [LifecycleRule(prefix: "a", expiration: .on(date: day))]
        try await store.put("a", "x")
        #expect(try await store.apply(rules, now: day.addingTimeInterval(-1)).isEmpty)
        for _ in 0..<2 {
            #expect(try await store.apply(rules, now: day).blobCount == 1)
            try await store.put("a", "again")
        }
    }

    @Test(
        "a rule is for the blobs that fit all it says",
        arguments: [
            (LifecycleRule(), ["a/", "a/empty", "a/ten", "b", "e\u{301}", "\u{e9}"]),
            (LifecycleRule(isEnabled: false), []),
            (LifecycleRule(prefix: "a/"), ["a/", "a/empty", "a/ten"]),
            (LifecycleRule(prefix: "\u{e9}"), ["\u{e9}"]), (LifecycleRule(prefix: "x"), []),
            (LifecycleRule(largerThan: 9), ["a/ten"]), (LifecycleRule(largerThan: 10), []),
            (LifecycleRule(smallerThan: 1), ["a/empty"]),
            (LifecycleRule(prefix: "a/", largerThan: 0, smallerThan: 10), ["a/"]),
            (LifecycleRule(tags: ["kind": "x"]), ["a/", "b"]),
            (LifecycleRule(prefix: "a", tags: ["kind": "x"]), ["a/"]),
            (LifecycleRule(tags: ["kind": "x", "other": "y"]), ["b"]),
            (LifecycleRule(tags: ["kind": "X"]), []), (LifecycleRule(tags: ["none": ""]), []),
        ]
    )
    func conditions(_ rule: LifecycleRule, _ removed: [String]) async throws {
        let store = InMemoryStore(now: { Date(timeIntervalSince1970: 0) })
        let blobs = [
            "a/": "1", "a/empty": "", "a/ten": "0123456789", "b": "22", "e\u{301}": "1",
        ]
        for (key, text) in blobs { try await store.put(BlobKey(key), text) }
        try await store.put("\u{e9}", "1")
        try await store.setTags(BlobTags(["kind": "x"]), of: "a/")
        try await store.setTags(BlobTags(["kind": "x", "other": "y"]), of: "b")
        var rule = rule
        rule.expiration = .after(days: 1)
        let before = try await store.list(ListOptions()).blobs.map(\.key)
        let report = try await store.apply([rule])
        let after = try await store.list(ListOptions()).blobs.map(\.key)
        #expect(before.filter { !after.contains($0) } == removed.map { BlobKey(unchecked: $0) })
        #expect(report.blobCount == removed.count && report.failures.isEmpty)
    }

    @Test func withoutTagsOfAStoreNoBlobHasAny() async throws {
        var store = InterceptedStore(InMemoryStore(now: { Date(timeIntervalSince1970: 0) }))
        store.capabilities.features.remove(.tags)
        try await store.put("a", "x")
        let tagged = LifecycleRule(tags: ["kind": ""], expiration: .after(days: 1))
        #expect(try await store.apply([tagged]).isEmpty)
        #expect(try await store.exists("a"))
    }

    @Test func ofSeveralRulesTheEarliestCounts() async throws {
        let store = InMemoryStore(now: { Date(timeIntervalSince1970: 0) })
        for key in ["a/b", "a/c", "z"] as [BlobKey] { try await store.put(key, "x") }
        let rules = [
            LifecycleRule(expiration: .after(days: 100)),
            LifecycleRule(prefix: "a/b", expiration: .after(days: 10)),
            LifecycleRule(prefix: "a/", expiration: .after(days: 50)),
            LifecycleRule(isEnabled: false, expiration: .after(days: 1)),
        ]
        var left: [[String]] = []
        for day in [11, 51, 101] {
            let now = Date(timeIntervalSince1970: Double(day) * 86_400)
            #expect(try await store.apply(rules, now: now).blobCount == 1)
            left.append(try await store.list(ListOptions()).blobs.map(\.key.text))
        }
        #expect(left == [["a/c", "z"], ["z"], []])
    }

    @Test(
        "a rule that makes no sense removes nothing",
        arguments: [
            (LifecycleRule(), "would do nothing"),
            (LifecycleRule(expiration: .after(days: 0)), "after 0 days"),
            (LifecycleRule(expiration: .after(days: -1)), "after -1 days"),
            (LifecycleRule(expiration: .after(days: 1 << 31)), "after 2147483648 days"),
            (LifecycleRule(abortUploadsAfterDays: 0), "after 0 days"),
            (LifecycleRule(largerThan: 1, abortUploadsAfterDays: 1), "by size or tags"),
            (LifecycleRule(tags: ["a": "b"], abortUploadsAfterDays: 1), "by size or tags"),
            (LifecycleRule(smallerThan: 0, expiration: .after(days: 1)), "there are none"),
            (
                LifecycleRule(largerThan: 5, smallerThan: 5, expiration: .after(days: 1)),
                "more than 5: there are none"
            ),
        ]
    )
    func nonsense(_ rule: LifecycleRule, _ message: String) async throws {
        let store = InMemoryStore(now: { Date(timeIntervalSince1970: 0) })
        try await store.put("a", "x")
        let good = LifecycleRule(expiration: .after(days: 1))
        let error = try await #require(throws: BlobError.self) {
            try await store.apply([good, rule])
        }
        #expect(error.kind == .invalidArgument)
        #expect(error.message.contains(message), "\(error)")
        #expect(try await store.exists("a"))
    }

    @Test func rulesCanBeKeptAsJSON() throws {
        let rules = [
            LifecycleRule(
                id: "a",
                prefix: "tmp/",
                largerThan: 1,
                smallerThan: 3,
                tags: ["k": "v"],
                expiration: .after(days: 3)
            ),
            LifecycleRule(expiration: .on(date: try date("2030-01-01T00:00:00Z"))),
            LifecycleRule(isEnabled: false, abortUploadsAfterDays: 7),
        ]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(rules)
        #expect(
            String(decoding: data, as: UTF8.self) == #"""
                [{"expirationDays":3,"id":"a","largerThan":1,"prefix":"tmp/","smallerThan":3,"tags":{"k":"v"}},\#
                {"expirationDate":"2030-01-01T00:00:00Z"},{"abortUploadsAfterDays":7,"isEnabled":false}]
                """#
        )
        #expect(try JSONDecoder().decode([LifecycleRule].self, from: data) == rules)
    }

    @Test(
        "JSON that is not understood is no rule",
        arguments: [
            "{}", "{\"expirationDays\":1,\"largerThen\":5}", "{\"expirationDays\":0}",
            "{\"expirationDays\":1,\"expirationDate\":\"2030-01-01T00:00:00Z\"}",
            "{\"expirationDate\":\"soon\"}", "{\"expirationDays\":\"1\"}", "[]",
        ]
    )
    func noRules(_ text: String) {
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(LifecycleRule.self, from: Data(text.utf8))
        }
    }

    private func date(_ text: String) throws -> Date {
        try #require(ISO8601Date.parse(text))
    }
}
