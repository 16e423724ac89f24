import BlobStorage

/// Listings of parts and of uploads.
enum MultipartListCases {
    static let all = parts + uploads

    private static let parts: [ConformanceCase] = [
        ConformanceCase("multipart.listParts.all", .multipart()) { scope in
            let (upload, parts) = try await scope.upload("a", parts: [5, 1, 3])
            try await expectEqual(scope.multipart.parts(of: upload), parts, "the parts")
        },
        ConformanceCase("multipart.listParts.none", .multipart()) { scope in
            let upload = try await scope.multipart.createMultipartUpload(scope.key("a"))
            let page = try await scope.multipart.listParts(of: upload, startAfter: 0, limit: 10)
            try expectEqual(page.parts, [], "the parts")
            try expectEqual(page.nextStartAfter, nil, "where the next page begins")
        },
        ConformanceCase("multipart.listParts.pages", .multipart()) { scope in
            let (upload, _) = try await smallParts(scope, [1, 2, 3, 4, 5])
            for limit in [1, 2, 3, 5] {
                var numbers: [Int] = []
                var next: Int? = 0
                while let startAfter = next {
                    let page = try await scope.multipart
                        .listParts(of: upload, startAfter: startAfter, limit: limit)
                    let found = "\(page.parts.count)"
                    try expect(page.parts.count <= limit, "at most \(limit) parts", found: found)
                    try expect(numbers.count < 20, "the listing to end", found: "\(numbers)")
                    numbers += page.parts.map(\.number)
                    next = page.nextStartAfter
                }
                try expectEqual(numbers, [1, 2, 3, 4, 5], "the numbers, \(limit) on a page")
            }
        },
        ConformanceCase("multipart.listParts.startAfter", .multipart()) { scope in
            let (upload, _) = try await smallParts(scope, [2, 4, 6])
            for (startAfter, expected) in [(1, [2, 4, 6]), (2, [4, 6]), (3, [4, 6]), (6, [])] {
                let page = try await scope.multipart
                    .listParts(of: upload, startAfter: startAfter, limit: 10)
                try expectEqual(page.parts.map(\.number), expected, "after \(startAfter)")
            }
        },
        ConformanceCase("multipart.listParts.sentAgain", .multipart()) { scope in
            let (upload, _) = try await smallParts(scope, [1])
            let part = try await scope.multipart.uploadPart(1, of: upload, [1, 2, 3])
            try await expectEqual(scope.multipart.parts(of: upload), [part], "the parts")
        },
        ConformanceCase("multipart.listParts.limitRefused", .multipart()) { scope in
            let (upload, _) = try await smallParts(scope, [1])
            for limit in [0, -1, 1_001] {
                try await expectError(.invalidArgument, from: "listParts with limit \(limit)") {
                    try await scope.multipart.listParts(of: upload, startAfter: 0, limit: limit)
                }
            }
        },
    ]

    private static func smallParts(
        _ scope: CaseScope,
        _ numbers: [Int]
    ) async throws -> (MultipartUpload, [UploadedPart]) {
        let upload = try await scope.multipart.createMultipartUpload(scope.key("a"))
        var parts: [UploadedPart] = []
        for number in numbers {
            parts.append(try await scope.multipart.uploadPart(number, of: upload, [1]))
        }
        return (upload, parts)
    }

    private static let uploads: [ConformanceCase] = [
        ConformanceCase("multipart.listUploads.none", .multipart()) { scope in
            try await scope.seed("a")
            try await expectEqual(scope.uploadNames(), [], "the uploads")
        },
        ConformanceCase("multipart.listUploads.byKey", .multipart()) { scope in
            let names = ["b", "a/b", "a", "\u{1F600}", "\u{FF5E}"]
            for name in names { _ = try await begin(name, scope) }
            let expected = ["a", "a/b", "b", "\u{FF5E}", "\u{1F600}"]
            try await expectSameText(scope.uploadNames(), expected, "the keys of uploads")
        },
        ConformanceCase("multipart.listUploads.prefix", .multipart()) { scope in
            for name in ["a", "a/b", "ab", "b"] { _ = try await begin(name, scope) }
            try await expectSameText(scope.uploadNames("a/"), ["a/b"], "the keys of uploads")
            try await expectSameText(scope.uploadNames("a"), ["a", "a/b", "ab"], "the keys")
            try await expectSameText(scope.uploadNames("c"), [], "the keys of uploads")
        },
        ConformanceCase("multipart.listUploads.pages", .multipart()) { scope in
            let names = ["a", "b", "c/d", "c/e", "f"]
            for name in names { _ = try await begin(name, scope) }
            for limit in [1, 2, 5, 1_000] {
                let found = try await scope.uploadNames(limit: limit)
                try expectSameText(found, names, "the keys of uploads, \(limit) on a page")
            }
        },
        ConformanceCase("multipart.listUploads.sameKey", .multipart()) { scope in
            var begun: Set<String> = []
            for _ in 0..<5 { begun.insert(try await begin("a", scope).id) }
            for limit in [1, 2, 1_000] {
                let found = try await scope.uploads(limit: limit).map(\.upload)
                try expectEqual(found.count, 5, "the count of uploads, \(limit) on a page")
                try expectEqual(Set(found.map(\.id)), begun, "their ids")
            }
        },
        ConformanceCase("multipart.listUploads.usable", .multipart()) { scope in
            let begun = try await begin("e\u{301}", scope)
            let found = try await scope.uploads().map(\.upload)
            try expectEqual(found, [begun], "the uploads")
            for upload in found {
                let part = try await scope.multipart.uploadPart(1, of: upload, [1])
                try await scope.multipart.completeMultipartUpload(upload, parts: [part])
            }
            try await scope.expectBlob(scope.key("e\u{301}"), [1])
        },
        ConformanceCase("multipart.listUploads.foreignToken", .multipart()) { scope in
            for name in ["a", "b"] { _ = try await begin(name, scope) }
            try await expectError(.invalidArgument, from: "uploads with a foreign token") {
                try await scope.multipart.listMultipartUploads(
                    prefix: scope.prefix,
                    continuationToken: "no token of yours",
                    limit: 1
                )
            }
        },
        ConformanceCase("multipart.listUploads.limitRefused", .multipart()) { scope in
            for limit in [0, -1, 1_001] {
                try await expectError(.invalidArgument, from: "uploads with limit \(limit)") {
                    try await scope.multipart.listMultipartUploads(
                        prefix: scope.prefix,
                        continuationToken: nil,
                        limit: limit
                    )
                }
            }
        },
    ]

    private static func begin(_ name: String, _ scope: CaseScope) async throws -> MultipartUpload {
        try await scope.multipart.createMultipartUpload(scope.key(name))
    }
}
