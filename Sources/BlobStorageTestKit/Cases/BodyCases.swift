import BlobStorage

/// Bodies that are written: streams, wrong counts, failures, cancellation.
enum BodyCases {
    static let all = streams + wrongCounts + failures + cancellation

    private static let bytes = CaseScope.pattern(300_000)

    /// More than one part of an upload on S3, so that a store that uploads in parts does.
    private static let large = CaseScope.pattern(11 << 20 | 1)

    private static let streams: [ConformanceCase] = [
        ConformanceCase("body.stream.unknownLength", .writing()) { scope in
            let written = try await scope.store.put(scope.key("a"), .stream(bytes))
            try expectEqual(written.byteCount, Int64(bytes.count), "the byte count")
            try await scope.expectBlob(scope.key("a"), bytes)
        },
        ConformanceCase("body.stream.knownLength", .writing()) { scope in
            let body = BlobBody.stream(bytes, byteCount: Int64(bytes.count))
            try await scope.store.put(scope.key("a"), body)
            try await scope.expectBlob(scope.key("a"), bytes)
        },
        ConformanceCase("body.stream.large", .writing()) { scope in
            try await scope.store.put(scope.key("a"), .stream(large, chunkByteCount: 1 << 20))
            try await scope.expectBlob(scope.key("a"), large)
        },
        ConformanceCase("body.stream.tinyChunks", .writing()) { scope in
            let bytes = CaseScope.pattern(5_000)
            try await scope.store.put(scope.key("a"), .stream(bytes, chunkByteCount: 1))
            try await scope.expectBlob(scope.key("a"), bytes)
        },
        ConformanceCase("body.stream.unevenChunks", .writing()) { scope in
            var chunks: [[UInt8]] = []
            var rest = bytes[...]
            for step in 1... where !rest.isEmpty {
                chunks.append(Array(rest.prefix(step * step)))
                rest = rest.dropFirst(step * step)
                if rest.isEmpty { break }
            }
            try await scope.store.put(scope.key("a"), BlobBody(CountedChunks(chunks)))
            try await scope.expectBlob(scope.key("a"), bytes)
        },
        ConformanceCase("body.stream.emptyChunks", .writing()) { scope in
            let chunks: [[UInt8]] = [[], [1, 2], [], [], [3], []]
            try await scope.store.put(scope.key("a"), BlobBody(CountedChunks(chunks)))
            try await scope.expectBlob(scope.key("a"), [1, 2, 3])
        },
        ConformanceCase("body.stream.onlyEmptyChunks", .writing()) { scope in
            try await scope.store.put(scope.key("a"), BlobBody(CountedChunks([[], [], []])))
            try await scope.expectBlob(scope.key("a"), "")
        },
        ConformanceCase("body.stream.empty", .writing()) { scope in
            try await scope.store.put(scope.key("a"), BlobBody(CountedChunks([])))
            try await scope.expectBlob(scope.key("a"), "")
        },
        ConformanceCase("body.stream.empty.knownLength", .writing()) { scope in
            let body = BlobBody(CountedChunks([]), byteCount: 0)
            try await scope.store.put(scope.key("a"), body)
            try await scope.expectBlob(scope.key("a"), "")
        },
        ConformanceCase("body.oneLargeChunk", .writing()) { scope in
            try await scope.store.put(scope.key("a"), large)
            try await scope.expectBlob(scope.key("a"), large)
        },
        ConformanceCase("body.fromAnotherBlob", .writing()) { scope in
            try await scope.fixture.put(scope.key("source"), bytes)
            let blob = try await scope.store.get(scope.key("source"))
            try await scope.store.put(scope.key("a"), blob.body)
            try await scope.expectBlob(scope.key("a"), bytes)
        },
        ConformanceCase("body.fromTheSameBlob", .writing()) { scope in
            try await scope.fixture.put(scope.key("a"), bytes)
            let blob = try await scope.store.get(scope.key("a"), range: .from(1_000))
            try await scope.store.put(scope.key("a"), blob.body)
            try await scope.expectBlob(scope.key("a"), Array(bytes[1_000...]))
        },
        ConformanceCase("body.twicePut", .writing()) { scope in
            let body = BlobBody(bytes)
            try await scope.store.put(scope.key("a"), body)
            try await scope.store.put(scope.key("b"), body)
            try await scope.expectBlob(scope.key("a"), bytes)
            try await scope.expectBlob(scope.key("b"), bytes)
        },
    ]

    private static let counts: [(String, [UInt8], Int64)] = [
        ("tooFew", bytes, Int64(bytes.count) + 1),
        ("tooMany", bytes, Int64(bytes.count) - 1),
        ("noneOfSome", [], 1),
        ("someOfNone", [1], 0),
        ("tooFew.large", large, Int64(large.count) + 1),
        ("tooMany.large", large, Int64(large.count) - 1),
    ]

    private static let wrongCounts = counts.map { name, bytes, byteCount in
        ConformanceCase("body.wrongLength.\(name)", .writing()) { scope in
            let old = try await scope.seed("old")
            for key in [old.key, scope.key("new")] {
                try await expectError(.invalidArgument, from: "put with a wrong byte count") {
                    let body = BlobBody.stream(
                        bytes,
                        chunkByteCount: 100_000,
                        byteCount: byteCount
                    )
                    return try await scope.store.put(key, body)
                }
            }
            try await expectNothingNew(scope, old)
        }
    }

    private static let failing: [(String, [[UInt8]], Int64?)] = [
        ("atBeginning", [], nil),
        ("midway", bytes.cut(into: 100_000), nil),
        ("midway.knownLength", bytes.cut(into: 100_000), 1 << 20),
        ("atEnd.knownLength", bytes.cut(into: 100_000), Int64(bytes.count)),
        ("midway.large", large.cut(into: 1 << 20), nil),
        ("afterEmptyChunks", [[], []], nil),
    ]

    private static let failures = failing.map { name, chunks, byteCount in
        ConformanceCase("body.throws.\(name)", .writing()) { scope in
            let old = try await scope.seed("old")
            for (number, key) in [old.key, scope.key("new")].enumerated() {
                let failure = BodyFailure(number: number)
                let body = BlobBody(
                    FailingChunks(chunks: chunks, failure: failure),
                    byteCount: byteCount
                )
                do {
                    _ = try await scope.store.put(key, body)
                } catch let error as BodyFailure where error == failure {
                    continue
                } catch {
                    let expected = "the body's own error, \(failure)"
                    throw Mismatch(expected: expected, found: readable(error))
                }
                throw Mismatch(expected: "the body's own error", found: "no error")
            }
            try await expectNothingNew(scope, old)
        }
    }

    private static let cancellation: [ConformanceCase] = [
        ConformanceCase("body.cancelled.midway", .writing()) { scope in
            try await expectCancelled(scope, after: bytes.cut(into: 100_000), byteCount: nil)
        },
        ConformanceCase("body.cancelled.midway.knownLength", .writing()) { scope in
            try await expectCancelled(scope, after: bytes.cut(into: 100_000), byteCount: 1 << 20)
        },
        ConformanceCase("body.cancelled.midway.large", .writing()) { scope in
            try await expectCancelled(scope, after: large.cut(into: 1 << 20), byteCount: nil)
        },
        ConformanceCase("body.cancelled.atBeginning", .writing()) { scope in
            try await expectCancelled(scope, after: [], byteCount: nil)
        },
        ConformanceCase("body.cancelled.beforeCall", .writing()) { scope in
            let old = try await scope.seed("old")
            let writing = Task {
                while !Task.isCancelled { await Task.yield() }
                _ = try await scope.store.put(old.key, .stream(bytes))
            }
            writing.cancel()
            try await expectCancellation(of: writing)
            try await expectNothingNew(scope, old)
        },
    ]

    /// Cancels a put while it waits for its body.
    private static func expectCancelled(
        _ scope: CaseScope,
        after chunks: [[UInt8]],
        byteCount: Int64?
    ) async throws {
        let old = try await scope.seed("old")
        for key in [old.key, scope.key("new")] {
            let (stuck, continuation) = AsyncStream.makeStream(of: Void.self)
            let source = StuckChunks(chunks: chunks) { continuation.finish() }
            let writing = Task {
                defer { continuation.finish() }
                _ = try await scope.store.put(key, BlobBody(source, byteCount: byteCount))
            }
            for await _ in stuck {}
            writing.cancel()
            try await expectCancellation(of: writing)
        }
        try await expectNothingNew(scope, old)
        try await scope.store.put(scope.key("next"), "next")
        try await scope.expectBlob(scope.key("next"), "next")
    }

    private static func expectCancellation(of task: Task<Void, any Error>) async throws {
        do {
            try await task.value
        } catch is CancellationError {
            return
        } catch {
            throw Mismatch(expected: "a CancellationError", found: readable(error))
        }
        throw Mismatch(expected: "a CancellationError", found: "no error")
    }

    /// Throws unless the old blob is all there is: no new one, no litter, no upload left behind.
    private static func expectNothingNew(_ scope: CaseScope, _ old: BlobAttributes) async throws {
        try await scope.expectUnchanged(old)
        try await scope.expectMissing(scope.key("new"))
        try await scope.expectListing(["old"])
        guard let store = scope.store as? any MultipartBlobStore else { return }
        let page = try await store.listMultipartUploads(
            prefix: scope.prefix,
            continuationToken: nil,
            limit: 10
        )
        try expect(page.uploads.isEmpty, "no upload left behind", found: readable(page.uploads))
    }
}
