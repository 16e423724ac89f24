import BlobStorage
import Foundation
import Testing

@Suite struct ConditionsTests {
    @Test(
        "decides a write",
        arguments: [
            (.none, nil, nil), (.none, "\"1\"", nil),
            (.ifAbsent, nil, nil), (.ifAbsent, "\"1\"", .alreadyExists),
            (.ifMatches("\"1\""), "\"1\"", nil),
            (.ifMatches("\"1\""), "\"2\"", .preconditionFailed),
            (.ifMatches("\"1\""), nil, .preconditionFailed),
            (.ifMatches("1"), "\"1\"", .preconditionFailed),
            (.ifMatches("\"1\""), "W/\"1\"", .preconditionFailed),
        ] as [(WriteCondition, ETag?, BlobError.Kind?)]
    )
    func writes(_ condition: WriteCondition, _ current: ETag?, _ kind: BlobError.Kind?) throws {
        do {
            try condition.check(current: current, operation: "put", key: "k")
            #expect(kind == nil)
        } catch let error as BlobError {
            #expect(error.kind == kind)
            #expect(error.operation == "put" && error.key == "k")
        }
    }

    private static let now = Date(timeIntervalSince1970: 1_000_000)

    /// RFC 9110, section 13.2.2.
    @Test(
        "decides a read in HTTP's order",
        arguments: [
            (ReadConditions(), nil),
            (ReadConditions(ifMatches: "\"1\""), nil),
            (ReadConditions(ifMatches: "\"2\""), .preconditionFailed),
            (ReadConditions(ifNoneMatches: "\"2\""), nil),
            (ReadConditions(ifNoneMatches: "\"1\""), .notModified),
            (ReadConditions(unmodifiedSince: now), nil),
            (ReadConditions(unmodifiedSince: now - 1), .preconditionFailed),
            (ReadConditions(modifiedSince: now - 1), nil),
            (ReadConditions(modifiedSince: now), .notModified),
            // Step 2 is skipped where If-Match stands.
            (ReadConditions(ifMatches: "\"1\"", unmodifiedSince: now - 9), nil),
            (ReadConditions(ifMatches: "\"2\"", unmodifiedSince: now + 9), .preconditionFailed),
            // Step 4 is skipped where If-None-Match stands.
            (ReadConditions(ifNoneMatches: "\"2\"", modifiedSince: now + 9), nil),
            (ReadConditions(ifNoneMatches: "\"1\"", modifiedSince: now - 9), .notModified),
            // 412 comes before 304.
            (ReadConditions(ifMatches: "\"2\"", ifNoneMatches: "\"1\""), .preconditionFailed),
            (ReadConditions(ifMatches: "\"1\"", ifNoneMatches: "\"1\""), .notModified),
            (ReadConditions(ifMatches: "\"1\"", modifiedSince: now), .notModified),
        ] as [(ReadConditions, BlobError.Kind?)]
    )
    func reads(_ conditions: ReadConditions, _ kind: BlobError.Kind?) throws {
        do {
            try conditions.check(
                etag: "\"1\"",
                lastModified: Self.now,
                operation: "get",
                key: "k"
            )
            #expect(kind == nil)
        } catch let error as BlobError {
            #expect(error.kind == kind)
        }
    }

    @Test func anETagCannotForgeALine() throws {
        let etag: ETag = "\"1\n\u{1b}\""
        let shown = #""1\u{a}\u{1b}""#
        for current in ["\"2\"", nil] as [ETag?] {
            let error = try #require(throws: BlobError.self) {
                try WriteCondition.ifMatches(etag)
                    .check(current: current, operation: "put", key: "k")
            }
            #expect(error.message.contains(shown))
        }
        let read = try #require(throws: BlobError.self) {
            try ReadConditions(ifMatches: etag)
                .check(etag: "\"2\"", lastModified: Self.now, operation: "get", key: "k")
        }
        #expect(read.message == #"the blob has etag "2", not "# + shown)
    }

    @Test func timesAreComparedInWholeSeconds() throws {
        let written = Self.now + 0.9
        let conditions = ReadConditions(unmodifiedSince: Self.now)
        try conditions.check(etag: "1", lastModified: written, operation: "get", key: "k")
        let error = try #require(throws: BlobError.self) {
            try ReadConditions(modifiedSince: Self.now)
                .check(etag: "1", lastModified: written, operation: "get", key: "k")
        }
        #expect(error.kind == .notModified)
    }

    @Test func aDeleteIsConditionalOnlyByETag() {
        #expect(DeleteOptions().condition == .none)
        #expect(DeleteOptions(ifMatches: "\"1\"").condition == .ifMatches("\"1\""))
    }
}
