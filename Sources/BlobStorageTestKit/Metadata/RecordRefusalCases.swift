import BlobStorage
import Foundation

/// What no store keeps, and what stays as it was then.
enum RecordRefusalCases {
    static let all = records + queries

    private static func refused(
        _ name: String,
        _ kind: BlobError.Kind,
        _ change: @escaping @Sendable (inout DocumentRecord) -> Void
    ) -> MetadataConformanceCase {
        MetadataConformanceCase("refused.\(name)") { scope in
            var bad = scope.new("a")
            change(&bad)
            try await expectError(kind, from: "insert") { try await scope.store.insert(bad) }
            try await scope.expectMissing(bad.id)
            let good = try await scope.seed("a")
            bad.version = good.version
            try await expectError(kind, from: "update") { try await scope.store.update(bad) }
            try await scope.expectRecord(good)
        }
    }

    private static let records = [
        refused("owner.empty", .invalidArgument) { $0.owner = "" },
        refused("owner.tooLong", .invalidArgument) {
            $0.owner = String(repeating: "o", count: DocumentRecord.maximumOwnerByteCount + 1)
        },
        refused("fileName.tooLong", .invalidArgument) {
            let count = DocumentRecord.maximumFileNameByteCount + 1
            $0.fileName = String(repeating: "f", count: count)
        },
        refused("contentType.tooLong", .invalidArgument) {
            let count = DocumentRecord.maximumShortTextByteCount + 1
            $0.contentType = String(repeating: "c", count: count)
        },
        refused("etag.tooLong", .invalidArgument) {
            let count = DocumentRecord.maximumShortTextByteCount + 1
            $0.etag = ETag(String(repeating: "e", count: count))
        },
        refused("byteCount.negative", .invalidArgument) { $0.byteCount = -1 },
        refused("time.tooEarly", .invalidArgument) { $0.expires = DocumentTime.date(-1) },
        refused("time.tooLate", .invalidArgument) {
            $0.uploaded = DocumentTime.date(DocumentTime.range.upperBound + 1)
        },
        refused("time.infinite", .invalidArgument) {
            $0.uploaded = Date(timeIntervalSince1970: .infinity)
        },
        refused("time.notANumber", .invalidArgument) {
            $0.expires = Date(timeIntervalSince1970: .nan)
        },
        refused("attributes.name.empty", .invalidArgument) { $0.attributes[""] = "v" },
        refused("attributes.name.blank", .invalidArgument) { $0.attributes["a b"] = "v" },
        refused("attributes.name.notASCII", .invalidArgument) { $0.attributes["é"] = "v" },
        refused("attributes.name.tooLong", .invalidArgument) {
            let count = DocumentAttributes.maximumNameByteCount + 1
            $0.attributes[String(repeating: "n", count: count)] = "v"
        },
        refused("attributes.tooMany", .tooLarge) {
            for number in 0...DocumentAttributes.maximumCount { $0.attributes["\(number)"] = "" }
        },
        refused("attributes.tooLarge", .tooLarge) {
            let count = DocumentAttributes.maximumByteCount
            $0.attributes["n"] = String(repeating: "v", count: count)
        },
    ]

    private static func refusedQuery(
        _ name: String,
        _ query: @escaping @Sendable (MetadataScope) async throws -> DocumentQuery
    ) -> MetadataConformanceCase {
        MetadataConformanceCase("refused.query.\(name)") { scope in
            let query = try await query(scope)
            try await expectError(.invalidArgument, from: "query") {
                try await scope.store.query(query)
            }
        }
    }

    /// The token for the second page of the records of a case's first owner.
    private static func token(_ scope: MetadataScope) async throws -> String {
        try await scope.seedMany(3)
        let page = try await scope.page(DocumentQuery(owner: scope.owner(), limit: 1))
        guard let token = page.continuationToken else {
            throw Mismatch(expected: "a continuation token", found: "none")
        }
        return token
    }

    private static let queries = [
        refusedQuery("limit.zero") { _ in DocumentQuery(limit: 0) },
        refusedQuery("limit.negative") { _ in DocumentQuery(limit: -1) },
        refusedQuery("limit.tooLarge") { _ in
            DocumentQuery(limit: DocumentQuery.maximumLimit + 1)
        },
        refusedQuery("owner.empty") { _ in DocumentQuery(owner: "") },
        refusedQuery("owner.tooLong") { _ in
            let count = DocumentRecord.maximumOwnerByteCount + 1
            return DocumentQuery(owner: String(repeating: "o", count: count))
        },
        refusedQuery("prefix.tooLong") { _ in
            DocumentQuery(keyPrefix: String(repeating: "k", count: BlobKey.maximumByteCount + 1))
        },
        refusedQuery("token.foreign") { scope in
            DocumentQuery(owner: scope.owner(), continuationToken: "after:a")
        },
        refusedQuery("token.empty") { scope in
            DocumentQuery(owner: scope.owner(), continuationToken: "")
        },
        refusedQuery("token.cut") { scope in
            let cut = try await String(token(scope).utf8.prefix(20))
            return DocumentQuery(owner: scope.owner(), continuationToken: cut)
        },
        refusedQuery("token.ofAnotherOwner") { scope in
            try await DocumentQuery(
                owner: scope.owner("other"),
                continuationToken: token(scope)
            )
        },
        refusedQuery("token.ofAnotherState") { scope in
            try await DocumentQuery(
                owner: scope.owner(),
                state: .pending,
                continuationToken: token(scope)
            )
        },
    ]
}
