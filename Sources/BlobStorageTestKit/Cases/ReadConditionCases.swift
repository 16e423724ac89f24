import BlobStorage
import Foundation

/// Conditions on `get`, `head` and the source of `copy`, with RFC 9110's order of precedence.
enum ReadConditionCases {
    static let all = Reader.allCases.flatMap(cases)

    /// The ways to read with a condition.
    private enum Reader: String, CaseIterable {
        case get
        case head
        case copy

        var requirements: ConformanceRequirements { self == .copy ? .writing() : .reading }

        func read(_ scope: CaseScope, _ conditions: ReadConditions) async throws {
            let key = scope.key("a")
            switch self {
            case .get:
                let options = GetOptions(conditions: conditions)
                let blob = try await scope.store.get(key, range: nil, options: options)
                let bytes = try await blob.body.collect(upTo: 100)
                try expectBytes(bytes, Array("second".utf8), "the bytes")
            case .head:
                let options = HeadOptions(conditions: conditions)
                let found = try await scope.store.head(key, options: options)
                try expectEqual(found.byteCount, 6, "the byte count")
            case .copy:
                let options = CopyOptions(sourceConditions: conditions)
                _ = try await scope.store.copy(key, to: scope.key("copy"), options: options)
                try await scope.expectBlob(scope.key("copy"), "second")
            }
        }
    }

    private enum Expected {
        case success
        case failed
        case notModified
    }

    /// What the conditions are made of: the blob and the version it replaced.
    private struct Versions {
        var former: BlobAttributes
        var current: BlobAttributes

        /// A time that the blob was written after.
        var before: Date { current.lastModified.addingTimeInterval(-3_600) }
        /// The second in which the blob was written; HTTP knows no finer times.
        var same: Date {
            Date(timeIntervalSince1970: current.lastModified.timeIntervalSince1970.rounded(.down))
        }
    }

    private typealias Row = (String, Expected, @Sendable (Versions) -> ReadConditions)

    private static let rows: [Row] = [
        ("none", .success, { _ in ReadConditions() }),
        ("ifMatches.hit", .success, { ReadConditions(ifMatches: $0.current.etag) }),
        ("ifMatches.miss", .failed, { ReadConditions(ifMatches: $0.former.etag) }),
        ("ifNoneMatches.hit", .success, { ReadConditions(ifNoneMatches: $0.former.etag) }),
        ("ifNoneMatches.miss", .notModified, { ReadConditions(ifNoneMatches: $0.current.etag) }),
        ("modifiedSince.hit", .success, { ReadConditions(modifiedSince: $0.before) }),
        ("modifiedSince.miss", .notModified, { ReadConditions(modifiedSince: $0.same) }),
        ("unmodifiedSince.hit", .success, { ReadConditions(unmodifiedSince: $0.same) }),
        ("unmodifiedSince.miss", .failed, { ReadConditions(unmodifiedSince: $0.before) }),
        (
            "precedence.ifMatchesHit.overUnmodifiedSince", .success,
            { ReadConditions(ifMatches: $0.current.etag, unmodifiedSince: $0.before) }
        ),
        (
            "precedence.ifMatchesMiss.overUnmodifiedSince", .failed,
            { ReadConditions(ifMatches: $0.former.etag, unmodifiedSince: $0.same) }
        ),
        (
            "precedence.ifNoneMatchesHit.overModifiedSince", .success,
            { ReadConditions(ifNoneMatches: $0.former.etag, modifiedSince: $0.same) }
        ),
        (
            "precedence.ifNoneMatchesMiss.overModifiedSince", .notModified,
            { ReadConditions(ifNoneMatches: $0.current.etag, modifiedSince: $0.before) }
        ),
        (
            "precedence.ifMatchesHit.thenIfNoneMatches", .notModified,
            { ReadConditions(ifMatches: $0.current.etag, ifNoneMatches: $0.current.etag) }
        ),
        (
            "precedence.ifMatchesMiss.beforeIfNoneMatches", .failed,
            { ReadConditions(ifMatches: $0.former.etag, ifNoneMatches: $0.current.etag) }
        ),
        (
            "precedence.unmodifiedSinceMiss.beforeIfNoneMatches", .failed,
            { ReadConditions(ifNoneMatches: $0.current.etag, unmodifiedSince: $0.before) }
        ),
    ]

    private static func cases(_ reader: Reader) -> [ConformanceCase] {
        rows.map { name, expected, conditions in
            ConformanceCase("\(reader.rawValue).\(name)", reader.requirements) { scope in
                let former = try await scope.seed("a", "first")
                let current = try await scope.seed("a", "second")
                let head = try await scope.fixture.head(current.key)
                let conditions = conditions(Versions(former: former, current: head))
                try await expectOutcome(expected, reader, scope, conditions)
            }
        } + missing(reader)
    }

    private static func expectOutcome(
        _ expected: Expected,
        _ reader: Reader,
        _ scope: CaseScope,
        _ conditions: ReadConditions
    ) async throws {
        switch expected {
        case .success:
            try await reader.read(scope, conditions)
        case .failed:
            try await expectError(.preconditionFailed, from: "\(reader) with \(conditions)") {
                try await reader.read(scope, conditions)
            }
        case .notModified where reader == .copy:
            // S3 answers a copy with 412 whichever condition was missed.
            try await expectError(.notModified, .preconditionFailed, from: "copy") {
                try await reader.read(scope, conditions)
            }
        case .notModified:
            try await expectError(.notModified, from: "\(reader) with \(conditions)") {
                try await reader.read(scope, conditions)
            }
        }
        guard reader == .copy, case .success = expected else {
            return try await scope.expectMissing(scope.key("copy"))
        }
    }

    private static func missing(_ reader: Reader) -> [ConformanceCase] {
        [
            ConformanceCase("\(reader.rawValue).ifMatches.missing", reader.requirements) { scope in
                let other = try await scope.seed("b")
                try await expectError(.notFound, from: "\(reader) if matches, without a blob") {
                    try await reader.read(scope, ReadConditions(ifMatches: other.etag))
                }
            },
            ConformanceCase("\(reader.rawValue).ifNoneMatches.missing", reader.requirements) {
                scope in
                let other = try await scope.seed("b")
                try await expectError(.notFound, from: "\(reader) if none, without a blob") {
                    try await reader.read(scope, ReadConditions(ifNoneMatches: other.etag))
                }
            },
        ]
    }
}
