import BlobStorage

/// Uploads in parts that fail, are dropped or race.
enum MultipartFailureCases {
    static let all = aborts + parts + completions + races

    private static let aborts: [ConformanceCase] = [
        ConformanceCase("multipart.abort", .multipart()) { scope in
            let old = try await scope.seed("a")
            let (upload, _) = try await scope.upload("a", parts: [1, 2])
            try await scope.multipart.abortMultipartUpload(upload)
            try await scope.expectUnchanged(old)
            try await expectEqual(scope.uploadNames(), [], "the uploads left")
            try await expectGone(upload, scope)
        },
        ConformanceCase("multipart.abort.twice", .multipart()) { scope in
            let (upload, _) = try await scope.upload("a", parts: [1])
            try await scope.multipart.abortMultipartUpload(upload)
            try await scope.multipart.abortMultipartUpload(upload)
        },
        ConformanceCase("multipart.abort.afterCompletion", .multipart()) { scope in
            let (upload, parts) = try await scope.upload("a", parts: [1])
            try await scope.multipart.completeMultipartUpload(upload, parts: parts)
            try await scope.multipart.abortMultipartUpload(upload)
            try await scope.expectBlob(scope.key("a"), try scope.partBytes(of: [1]))
        },
        ConformanceCase("multipart.abort.leavesOthers", .multipart()) { scope in
            let (first, _) = try await scope.upload("a", parts: [1])
            let (second, parts) = try await scope.upload("a", parts: [1])
            try await scope.multipart.abortMultipartUpload(first)
            try await scope.multipart.completeMultipartUpload(second, parts: parts)
            try await scope.expectBlob(scope.key("a"), try scope.partBytes(of: [1]))
        },
        ConformanceCase("multipart.unknownID", .multipart()) { scope in
            for id in ["never-given", "../../x", "", "00000000000000ff"] {
                let upload = MultipartUpload(key: scope.key("a"), id: id)
                try await expectGone(upload, scope)
                try await scope.multipart.abortMultipartUpload(upload)
            }
        },
        ConformanceCase("multipart.idOfOtherKey", .multipart()) { scope in
            let (upload, parts) = try await scope.upload("a", parts: [1])
            let other = MultipartUpload(key: scope.key("b"), id: upload.id)
            try await expectGone(other, scope)
            try await scope.multipart.completeMultipartUpload(upload, parts: parts)
            try await scope.expectListing(["a"])
        },
        ConformanceCase("multipart.completedIsGone", .multipart()) { scope in
            let (upload, parts) = try await scope.upload("a", parts: [1])
            try await scope.multipart.completeMultipartUpload(upload, parts: parts)
            try await expectError(.notFound, from: "uploadPart to a completed upload") {
                try await scope.multipart.uploadPart(2, of: upload, [1])
            }
            try await expectError(.notFound, from: "listParts of a completed upload") {
                try await scope.multipart.listParts(of: upload, startAfter: 0, limit: 10)
            }
        },
    ]

    private static func expectGone(_ upload: MultipartUpload, _ scope: CaseScope) async throws {
        let store = try scope.multipart
        try await expectError(.notFound, from: "uploadPart without an upload") {
            try await store.uploadPart(1, of: upload, [1])
        }
        try await expectError(.notFound, from: "listParts without an upload") {
            try await store.listParts(of: upload, startAfter: 0, limit: 10)
        }
        try await expectError(.notFound, from: "complete without an upload") {
            let part = UploadedPart(number: 1, etag: "\"0\"", byteCount: 1)
            return try await store.completeMultipartUpload(upload, parts: [part])
        }
    }

    private static let parts: [ConformanceCase] =
        [
            ("zero", 0), ("negative", -1), ("largest", Int.max), ("smallest", Int.min),
        ].map { name, number in
            ConformanceCase("multipart.part.number.\(name)", .multipart()) { scope in
                try await expectRefused(number, scope)
            }
        } + [
            ConformanceCase("multipart.part.number.overLimit", .multipart()) { scope in
                let highest = try scope.multipart.multipartLimits.maximumPartCount
                try await expectRefused(highest + 1, scope)
            },
            ConformanceCase("multipart.part.tooLarge", .multipart()) { scope in
                try await expectPartKept(scope) { store, upload in
                    let byteCount = store.multipartLimits.maximumPartByteCount + 1
                    let body = BlobBody(CountedChunks([[1]]), byteCount: byteCount)
                    try await expectError(.tooLarge, from: "a part over the limit") {
                        try await store.uploadPart(1, of: upload, body, checksum: nil)
                    }
                }
            },
            ConformanceCase("multipart.part.wrongLength", .multipart()) { scope in
                for byteCount: Int64 in [99, 101] {
                    try await expectPartKept(scope) { store, upload in
                        try await expectError(.invalidArgument, from: "a part of wrong length") {
                            let bytes = [UInt8](repeating: 1, count: 100)
                            let body = BlobBody.stream(bytes, byteCount: byteCount)
                            return try await store.uploadPart(1, of: upload, body, checksum: nil)
                        }
                    }
                }
            },
            ConformanceCase("multipart.part.bodyThrows", .multipart()) { scope in
                try await expectPartKept(scope) { store, upload in
                    let failure = BodyFailure(number: 1)
                    let body = BlobBody(FailingChunks(chunks: [[1]], failure: failure))
                    do {
                        _ = try await store.uploadPart(1, of: upload, body, checksum: nil)
                    } catch let error as BodyFailure where error == failure {
                        return
                    }
                    throw Mismatch(expected: "the body's own error", found: "no error")
                }
            },
        ]

    private static func expectRefused(_ number: Int, _ scope: CaseScope) async throws {
        let upload = try await scope.multipart.createMultipartUpload(scope.key("a"))
        try await expectError(.invalidArgument, from: "uploadPart(\(number))") {
            try await scope.multipart.uploadPart(number, of: upload, [1])
        }
        let parts = try await scope.multipart.parts(of: upload)
        try expect(parts.isEmpty, "no part", found: readable(parts))
    }

    /// Throws unless a part that fails leaves the one with its number that was there before.
    private static func expectPartKept(
        _ scope: CaseScope,
        _ fail: (any MultipartBlobStore, MultipartUpload) async throws -> Void
    ) async throws {
        let (upload, parts) = try await scope.upload("a", parts: [1])
        let store = try scope.multipart
        try await fail(store, upload)
        try await expectEqual(store.parts(of: upload), parts, "the parts")
        try await store.completeMultipartUpload(upload, parts: parts)
        try await scope.expectBlob(scope.key("a"), try scope.partBytes(of: [1]))
    }

    private typealias Choice = @Sendable ([UploadedPart], CaseScope) throws -> [UploadedPart]

    private static let wrongChoices: [(String, Choice)] = [
        ("noPart", { _, _ in [] }),
        ("unordered", { parts, _ in [parts[1], parts[0]] }),
        ("duplicate", { parts, _ in [parts[0], parts[0], parts[1]] }),
        (
            "wrongETag",
            { parts, _ in
                let etag = ETag("\"\(String(repeating: "0", count: 32))\"")
                let wrong = UploadedPart(number: 1, etag: etag, byteCount: parts[0].byteCount)
                return [wrong, parts[1]]
            }
        ),
        (
            "neverUploaded",
            { parts, _ in
                parts + [UploadedPart(number: 9, etag: parts[1].etag, byteCount: 1)]
            }
        ),
    ]

    private static let completions: [ConformanceCase] =
        wrongChoices.map { name, choose in
            ConformanceCase("multipart.complete.\(name)", .multipart()) { scope in
                let old = try await scope.seed("a")
                let (upload, parts) = try await scope.upload("a", parts: [1, 2])
                let store = try scope.multipart
                try await expectError(.invalidArgument, from: "complete") {
                    try await store.completeMultipartUpload(upload, parts: choose(parts, scope))
                }
                try await scope.expectUnchanged(old)
                try await store.completeMultipartUpload(upload, parts: parts)
                try await scope.expectBlob(scope.key("a"), try scope.partBytes(of: [1, 2]))
            }
        } + [
            ConformanceCase("multipart.complete.replacedPart", .multipart()) { scope in
                let (upload, parts) = try await scope.upload("a", parts: [1])
                let store = try scope.multipart
                _ = try await store.uploadPart(1, of: upload, Array("other".utf8))
                try await expectError(.invalidArgument, from: "complete with a former part") {
                    try await store.completeMultipartUpload(upload, parts: parts)
                }
                try await scope.expectMissing(scope.key("a"))
            },
            ConformanceCase("multipart.complete.tooSmallPart", .multipart()) { scope in
                let store = try scope.multipart
                guard store.multipartLimits.minimumPartByteCount > 1 else { return }
                let upload = try await store.createMultipartUpload(scope.key("a"))
                let first = try await store.uploadPart(1, of: upload, [1])
                let second = try await store.uploadPart(2, of: upload, [2])
                try await expectError(.invalidArgument, from: "complete with a small part") {
                    try await store.completeMultipartUpload(upload, parts: [first, second])
                }
                try await scope.expectMissing(scope.key("a"))
            },
        ]

    private static let races: [ConformanceCase] = [
        ConformanceCase("multipart.race.completesOfOneUpload", .multipart()) { scope in
            let (upload, parts) = try await scope.upload("a", parts: [1, 2])
            let winnerCount = try await race(4) { _ in
                _ = try await scope.multipart.completeMultipartUpload(upload, parts: parts)
            }
            try expect(winnerCount >= 1, "a completion that succeeds", found: "none")
            try await scope.expectBlob(scope.key("a"), try scope.partBytes(of: [1, 2]))
            try await scope.expectListing(["a"])
        },
        ConformanceCase("multipart.race.completesIfAbsent", .multipart(.putIfAbsent)) { scope in
            var uploads: [(MultipartUpload, [UploadedPart])] = []
            for number in 1...4 { uploads.append(try await scope.upload("a", parts: [number])) }
            let all = uploads
            let winnerCount = try await race(4) { index in
                let (upload, parts) = all[index]
                _ = try await scope.multipart
                    .completeMultipartUpload(upload, parts: parts, condition: .ifAbsent)
            }
            try expectEqual(winnerCount, 1, "the count of completions that succeeded")
            let bytes = try await scope.bytes(scope.key("a"))
            let isWhole = try (1...4).contains { sameBytes(bytes, try scope.partBytes(of: [$0])) }
            try expect(isWhole, "the bytes of one upload", found: readable(bytes))
        },
        ConformanceCase("multipart.race.completeAndAbort", .multipart()) { scope in
            let old = try await scope.seed("a")
            let (upload, parts) = try await scope.upload("a", parts: [1, 2])
            let winnerCount = try await race(2) { index in
                if index == 1 { return try await scope.multipart.abortMultipartUpload(upload) }
                _ = try await scope.multipart.completeMultipartUpload(upload, parts: parts)
            }
            try expect(winnerCount >= 1, "one to succeed", found: "none")
            let bytes = try await scope.bytes(old.key)
            let isWhole =
                try sameBytes(bytes, Array("old".utf8))
                || sameBytes(bytes, scope.partBytes(of: [1, 2]))
            try expect(isWhole, "the old blob or the new", found: readable(bytes))
        },
    ]

    /// Runs calls at the same time and counts those that succeed; the others must have found the
    /// upload gone, or the blob there.
    private static func race(
        _ count: Int,
        _ call: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> Int {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<count {
                group.addTask {
                    do {
                        try await call(index)
                        return true
                    } catch let error as BlobError
                        where [.notFound, .alreadyExists, .conflict].contains(error.kind)
                    {
                        return false
                    }
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
    }
}
