import BlobStorage

/// Writing whole blobs, with and without conditions.
enum PutCases {
    static let all = basics + etags + ifAbsent + ifMatches

    private static let basics: [ConformanceCase] = [
        ConformanceCase("put.new", .writing()) { scope in
            let key = scope.key("a")
            try await scope.store.put(key, "new")
            try await scope.expectBlob(key, "new")
        },
        ConformanceCase("put.replaces", .writing()) { scope in
            let key = scope.key("a")
            try await scope.store.put(key, "a longer text")
            try await scope.store.put(key, "short")
            try await scope.expectBlob(key, "short")
        },
        ConformanceCase("put.replaces.dropsAttributes", .writing()) { scope in
            let options = PutOptions(
                headers: ContentHeaders(contentType: "text/css", contentLanguage: "de"),
                metadata: ["a": "1"]
            )
            try await scope.seed("a", options: options)
            try await scope.store.put(scope.key("a"), "new")
            let found = try await scope.store.head(scope.key("a"))
            try expectEqual(found.metadata, [:], "the metadata of a blob that was replaced")
            try expectEqual(
                found.headers,
                ContentHeaders(contentType: ContentType.unknown),
                "the headers of a blob that was replaced"
            )
        },
        ConformanceCase("put.returnsAttributes", .writing()) { scope in
            let options = PutOptions(
                headers: ContentHeaders(contentType: "text/css", cacheControl: "no-cache"),
                metadata: ["a": "1"]
            )
            let written = try await scope.store.put(scope.key("a"), "12345", options: options)
            try expectEqual(written.key, scope.key("a"), "the key")
            try expectEqual(written.byteCount, 5, "the byte count")
            try expectEqual(written.headers, options.headers, "the headers")
            try expectEqual(written.metadata, options.metadata, "the metadata")
        },
        ConformanceCase("put.empty", .writing()) { scope in
            let written = try await scope.store.put(scope.key("a"), "")
            try expectEqual(written.byteCount, 0, "the byte count")
            try await scope.expectBlob(scope.key("a"), "")
            let page = try await scope.store.list(ListOptions(prefix: scope.prefix))
            try expectEqual(page.blobs.map(\.byteCount), [0], "the sizes listed")
        },
        ConformanceCase("put.empty.replacesFull", .writing()) { scope in
            try await scope.seed("a", "full")
            try await scope.store.put(scope.key("a"), "")
            try await scope.expectBlob(scope.key("a"), "")
        },
        ConformanceCase("put.allByteValues", .writing()) { scope in
            let bytes = (0..<512).map { UInt8(truncatingIfNeeded: $0) }
            try await scope.store.put(scope.key("a"), bytes)
            try await scope.expectBlob(scope.key("a"), bytes)
        },
        ConformanceCase("put.largerThanOneChunk", .writing()) { scope in
            let bytes = CaseScope.pattern(3 << 20 | 1)
            try await scope.store.put(scope.key("a"), bytes)
            try await scope.expectBlob(scope.key("a"), bytes)
        },
        ConformanceCase("put.tooLarge", .writing()) { scope in
            guard let limit = scope.store.capabilities.maximumBlobByteCount else { return }
            let old = try await scope.seed("a")
            let body = CountedChunks([[1]])
            try await expectError(.tooLarge, from: "put of a body over the limit") {
                try await scope.store.put(old.key, BlobBody(body, byteCount: limit + 1))
            }
            try expectEqual(body.chunksTaken, 0, "the count of chunks that were read")
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("prepare.again", .reading) { scope in
            let old = try await scope.seed("a")
            try await scope.store.prepare()
            try await scope.store.prepare()
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("put.visibleAtOnce", .writing()) { scope in
            for round in 0..<10 {
                let key = scope.key("\(round)")
                try await scope.store.put(key, "round \(round)")
                let page = try await scope.store.list(ListOptions(prefix: key.text))
                try expectEqual(page.blobs.map(\.key), [key], "the keys listed after a put")
                try await scope.expectBlob(key, "round \(round)")
            }
        },
    ]

    private static let etags: [ConformanceCase] = [
        ConformanceCase("put.etag.sameFromHeadGetList", .writing()) { scope in
            let etag = try await scope.store.put(scope.key("a"), "text").etag
            try await expectEqual(scope.store.head(scope.key("a")).etag, etag, "head's etag")
            let blob = try await scope.store.get(scope.key("a"))
            try expectEqual(blob.attributes.etag, etag, "get's etag")
            let page = try await scope.store.list(ListOptions(prefix: scope.prefix))
            try expectEqual(page.blobs.map(\.etag), [etag], "the etags listed")
        },
        ConformanceCase("put.etag.sameAfterReplace", .writing()) { scope in
            try await scope.store.put(scope.key("a"), "first")
            let etag = try await scope.store.put(scope.key("a"), "second").etag
            try await expectEqual(scope.store.head(scope.key("a")).etag, etag, "head's etag")
            let page = try await scope.store.list(ListOptions(prefix: scope.prefix))
            try expectEqual(page.blobs.map(\.etag), [etag], "the etags listed")
        },
        ConformanceCase("put.etag.differsByContent", .writing()) { scope in
            var etags: Set<ETag> = []
            for round in 0..<10 {
                etags.insert(try await scope.store.put(scope.key("a"), "version \(round)").etag)
            }
            try expectEqual(etags.count, 10, "the count of etags of ten contents of one size")
        },
        ConformanceCase("put.etag.notEmpty", .writing()) { scope in
            let etag = try await scope.store.put(scope.key("a"), "").etag
            try expect(!etag.text.isEmpty, "an etag with text", found: "an empty one")
        },
    ]

    private static let ifAbsent: [ConformanceCase] = [
        ConformanceCase("put.ifAbsent.missing", .writing(.putIfAbsent)) { scope in
            let options = PutOptions(condition: .ifAbsent)
            try await scope.store.put(scope.key("a"), "new", options: options)
            try await scope.expectBlob(scope.key("a"), "new")
        },
        ConformanceCase("put.ifAbsent.existing", .writing(.putIfAbsent)) { scope in
            let old = try await scope.seed("a", options: PutOptions(metadata: ["old": "1"]))
            try await expectError(.alreadyExists, from: "put if absent over a blob") {
                let options = PutOptions(metadata: ["new": "1"], condition: .ifAbsent)
                return try await scope.store.put(scope.key("a"), "new", options: options)
            }
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("put.ifAbsent.existingEmpty", .writing(.putIfAbsent)) { scope in
            let old = try await scope.seed("a", "")
            try await expectError(.alreadyExists, from: "put if absent over an empty blob") {
                let options = PutOptions(condition: .ifAbsent)
                return try await scope.store.put(scope.key("a"), "new", options: options)
            }
            try await scope.expectUnchanged(old, "")
        },
        ConformanceCase("put.ifAbsent.sameContent", .writing(.putIfAbsent)) { scope in
            let old = try await scope.seed("a")
            try await expectError(.alreadyExists, from: "put if absent of the same bytes") {
                let options = PutOptions(condition: .ifAbsent)
                return try await scope.store.put(scope.key("a"), "old", options: options)
            }
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("put.ifAbsent.afterDelete", .writing(.putIfAbsent)) { scope in
            try await scope.seed("a")
            try await scope.store.delete(scope.key("a"))
            let options = PutOptions(condition: .ifAbsent)
            try await scope.store.put(scope.key("a"), "new", options: options)
            try await scope.expectBlob(scope.key("a"), "new")
        },
        ConformanceCase("put.ifAbsent.besideFolder", .writing(.putIfAbsent)) { scope in
            try await scope.seedAll(["a/b", "a/"])
            let options = PutOptions(condition: .ifAbsent)
            try await scope.store.put(scope.key("a"), "new", options: options)
            try await scope.expectBlob(scope.key("a"), "new")
        },
    ]

    private static let ifMatches: [ConformanceCase] = [
        ConformanceCase("put.ifMatches.hit", .writing(.putIfMatches)) { scope in
            let old = try await scope.seed("a")
            let options = PutOptions(condition: .ifMatches(old.etag))
            let new = try await scope.store.put(scope.key("a"), "new", options: options)
            try await scope.expectBlob(scope.key("a"), "new")
            try expect(new.etag != old.etag, "another etag", found: "\(new.etag) again")
        },
        ConformanceCase("put.ifMatches.miss", .writing(.putIfMatches)) { scope in
            let old = try await scope.seed("a", options: PutOptions(metadata: ["old": "1"]))
            let other = try await scope.seed("b", "other")
            try await expectError(.preconditionFailed, from: "put if another etag matches") {
                let options = PutOptions(condition: .ifMatches(other.etag))
                return try await scope.store.put(scope.key("a"), "new", options: options)
            }
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("put.ifMatches.replacedVersion", .writing(.putIfMatches)) { scope in
            let first = try await scope.seed("a", "first")
            let second = try await scope.seed("a", "second")
            try await expectError(.preconditionFailed, from: "put if a former etag matches") {
                let options = PutOptions(condition: .ifMatches(first.etag))
                return try await scope.store.put(scope.key("a"), "new", options: options)
            }
            try await scope.expectUnchanged(second, "second")
        },
        ConformanceCase("put.ifMatches.missing", .writing(.putIfMatches)) { scope in
            let other = try await scope.seed("b", "other")
            try await expectError(.preconditionFailed, from: "put if matches, without a blob") {
                let options = PutOptions(condition: .ifMatches(other.etag))
                return try await scope.store.put(scope.key("a"), "new", options: options)
            }
            try await scope.expectMissing(scope.key("a"))
        },
        ConformanceCase("put.ifMatches.deletedVersion", .writing(.putIfMatches)) { scope in
            let old = try await scope.seed("a")
            try await scope.fixture.delete(scope.key("a"))
            try await expectError(.preconditionFailed, from: "put if a deleted etag matches") {
                let options = PutOptions(condition: .ifMatches(old.etag))
                return try await scope.store.put(scope.key("a"), "new", options: options)
            }
            try await scope.expectMissing(scope.key("a"))
        },
    ]
}
