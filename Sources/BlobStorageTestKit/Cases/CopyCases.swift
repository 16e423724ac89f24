import BlobStorage

/// Copying and moving inside a store.
enum CopyCases {
    static let all = basics + attributes + conditions + moves

    private static let options = PutOptions(
        headers: ContentHeaders(
            contentType: "text/css",
            contentEncoding: "gzip",
            contentLanguage: "de",
            contentDisposition: "inline",
            cacheControl: "no-cache"
        ),
        metadata: ["a": "1", "b": " ü "]
    )

    private static let basics: [ConformanceCase] = [
        ConformanceCase("copy.new", .writing()) { scope in
            let source = try await scope.seed("source")
            let copy = try await scope.store.copy(source.key, to: scope.key("copy"))
            try expectEqual(copy.key, scope.key("copy"), "the key of the copy")
            try expectEqual(copy.byteCount, 3, "the byte count of the copy")
            try await scope.expectBlob(scope.key("copy"), "old")
        },
        ConformanceCase("copy.replaces", .writing()) { scope in
            let source = try await scope.seed("source", "the source")
            try await scope.seed("copy", "a former blob, which is longer", options: options)
            try await scope.store.copy(source.key, to: scope.key("copy"))
            try await scope.expectBlob(scope.key("copy"), "the source")
            let found = try await scope.store.head(scope.key("copy"))
            try expectEqual(found.metadata, [:], "the metadata of the copy")
        },
        ConformanceCase("copy.leavesSource", .writing()) { scope in
            let source = try await scope.seed("source", options: options)
            try await scope.store.copy(source.key, to: scope.key("copy"))
            try await scope.expectUnchanged(source)
        },
        ConformanceCase("copy.empty", .writing()) { scope in
            let source = try await scope.seed("source", "")
            try await scope.store.copy(source.key, to: scope.key("copy"))
            try await scope.expectBlob(scope.key("copy"), "")
        },
        ConformanceCase("copy.large", .writing()) { scope in
            let bytes = CaseScope.pattern(3 << 20 | 1)
            try await scope.fixture.put(scope.key("source"), bytes)
            try await scope.store.copy(scope.key("source"), to: scope.key("copy"))
            try await scope.expectBlob(scope.key("copy"), bytes)
        },
        ConformanceCase("copy.standsAlone", .writing()) { scope in
            let source = try await scope.seed("source")
            let copy = try await scope.store.copy(source.key, to: scope.key("copy"))
            try await scope.seed("source", "changed")
            try await scope.expectBlob(copy.key, "old")
            try await scope.fixture.delete(source.key)
            try await scope.expectBlob(copy.key, "old")
        },
        ConformanceCase("copy.etag.sameFromHead", .writing()) { scope in
            let source = try await scope.seed("source")
            let copy = try await scope.store.copy(source.key, to: scope.key("copy"))
            try await expectEqual(scope.store.head(copy.key).etag, copy.etag, "head's etag")
        },
        ConformanceCase("copy.missing", .writing()) { scope in
            try await expectError(.notFound, from: "copy of a blob that is not there") {
                try await scope.store.copy(scope.key("source"), to: scope.key("copy"))
            }
            try await scope.expectMissing(scope.key("copy"))
        },
        ConformanceCase("copy.missing.keepsDestination", .writing()) { scope in
            let old = try await scope.seed("copy")
            try await expectError(.notFound, from: "copy of a blob that is not there") {
                try await scope.store.copy(scope.key("source"), to: old.key)
            }
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("copy.intoItsFolder", .writing()) { scope in
            let source = try await scope.seed("a")
            try await scope.store.copy(source.key, to: scope.key("a/b"))
            try await scope.expectBlob(scope.key("a/b"), "old")
            try await scope.expectUnchanged(source)
        },
        ConformanceCase("copy.outOfFolder", .writing()) { scope in
            let source = try await scope.seed("a/b")
            try await scope.store.copy(source.key, to: scope.key("a"))
            try await scope.expectBlob(scope.key("a"), "old")
            try await scope.expectUnchanged(source)
        },
    ]

    private static let attributes: [ConformanceCase] = [
        ConformanceCase("copy.attributes.kept", .writing()) { scope in
            try await scope.seed("source", options: options)
            let copy = try await scope.store.copy(scope.key("source"), to: scope.key("copy.jpg"))
            try expectEqual(copy.headers, options.headers, "the headers that copy gives")
            try expectEqual(copy.metadata, options.metadata, "the metadata that copy gives")
            let found = try await scope.store.head(copy.key)
            try expectEqual(found.headers, options.headers, "the headers of the copy")
            try expectEqual(found.metadata, options.metadata, "the metadata of the copy")
        },
        ConformanceCase("copy.attributes.guessedTypeKept", .writing()) { scope in
            try await scope.seed("source.txt")
            try await scope.store.copy(scope.key("source.txt"), to: scope.key("copy.jpg"))
            let found = try await scope.store.head(scope.key("copy.jpg"))
            try expectEqual(found.headers.contentType, "text/plain", "the media type of the copy")
        },
        ConformanceCase("copy.attributes.replaced", .writing()) { scope in
            try await scope.seed("source", options: options)
            let headers = ContentHeaders(contentType: "image/png", cacheControl: "no-store")
            let copyOptions = CopyOptions(attributes: .replace(headers, ["c": "3"]))
            let key = scope.key("copy")
            _ = try await scope.store.copy(scope.key("source"), to: key, options: copyOptions)
            let found = try await scope.store.head(key)
            try expectEqual(found.headers, headers, "the headers of the copy")
            try expectEqual(found.metadata, ["c": "3"], "the metadata of the copy")
            try await scope.expectBlob(key, "old")
        },
        ConformanceCase("copy.attributes.replacedByNone", .writing()) { scope in
            try await scope.seed("source", options: options)
            let copyOptions = CopyOptions(attributes: .replace(ContentHeaders(), [:]))
            let key = scope.key("copy.jpg")
            _ = try await scope.store.copy(scope.key("source"), to: key, options: copyOptions)
            let found = try await scope.store.head(key)
            let expected = ContentHeaders(contentType: "image/jpeg")
            try expectEqual(found.headers, expected, "the headers of the copy")
            try expectEqual(found.metadata, [:], "the metadata of the copy")
        },
        ConformanceCase("copy.attributes.replacedInPlace", .writing()) { scope in
            let key = scope.key("a")
            try await scope.seed("a", options: options)
            let headers = ContentHeaders(contentType: "image/png")
            let copyOptions = CopyOptions(attributes: .replace(headers, ["c": "3"]))
            let copy = try await scope.store.copy(key, to: key, options: copyOptions)
            try await scope.expectBlob(key, "old")
            let found = try await scope.store.head(key)
            try expectEqual(found.headers, headers, "the new headers")
            try expectEqual(found.metadata, ["c": "3"], "the new metadata")
            try expectEqual(found.etag, copy.etag, "the etag")
        },
    ]

    private static let conditions: [ConformanceCase] = [
        ConformanceCase("copy.ifAbsent.missing", .writing(.conditionalCopy)) { scope in
            let source = try await scope.seed("source")
            let options = CopyOptions(condition: .ifAbsent)
            _ = try await scope.store.copy(source.key, to: scope.key("copy"), options: options)
            try await scope.expectBlob(scope.key("copy"), "old")
        },
        ConformanceCase("copy.ifAbsent.existing", .writing(.conditionalCopy)) { scope in
            let source = try await scope.seed("source", "new")
            let old = try await scope.seed("copy")
            try await expectError(.alreadyExists, from: "copy if absent over a blob") {
                let options = CopyOptions(condition: .ifAbsent)
                return try await scope.store.copy(source.key, to: old.key, options: options)
            }
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("copy.destination.ifMatches.hit", .writing(.conditionalCopy)) { scope in
            let source = try await scope.seed("source", "new")
            let old = try await scope.seed("copy")
            let options = CopyOptions(condition: .ifMatches(old.etag))
            _ = try await scope.store.copy(source.key, to: old.key, options: options)
            try await scope.expectBlob(old.key, "new")
        },
        ConformanceCase("copy.destination.ifMatches.miss", .writing(.conditionalCopy)) { scope in
            let source = try await scope.seed("source", "new")
            let old = try await scope.seed("copy")
            try await expectError(.preconditionFailed, from: "copy if another etag matches") {
                let options = CopyOptions(condition: .ifMatches(source.etag))
                return try await scope.store.copy(source.key, to: old.key, options: options)
            }
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("copy.destination.ifMatches.missing", .writing(.conditionalCopy)) { scope in
            let source = try await scope.seed("source", "new")
            try await expectError(.preconditionFailed, from: "copy if matches, without a blob") {
                let options = CopyOptions(condition: .ifMatches(source.etag))
                let key = scope.key("copy")
                return try await scope.store.copy(source.key, to: key, options: options)
            }
            try await scope.expectMissing(scope.key("copy"))
        },
    ]

    private static let moves: [ConformanceCase] = [
        ConformanceCase("move.new", .writing()) { scope in
            try await scope.seed("source", options: options)
            try await scope.store.move(scope.key("source"), to: scope.key("moved"))
            try await scope.expectBlob(scope.key("moved"), "old")
            try await scope.expectMissing(scope.key("source"))
            let found = try await scope.store.head(scope.key("moved"))
            try expectEqual(found.metadata, options.metadata, "the metadata of the moved blob")
        },
        ConformanceCase("move.replaces", .writing()) { scope in
            try await scope.seed("source", "new")
            try await scope.seed("moved")
            try await scope.store.move(scope.key("source"), to: scope.key("moved"))
            try await scope.expectBlob(scope.key("moved"), "new")
            try await scope.expectMissing(scope.key("source"))
        },
        ConformanceCase("move.missing", .writing()) { scope in
            let old = try await scope.seed("moved")
            try await expectError(.notFound, from: "move of a blob that is not there") {
                try await scope.store.move(scope.key("source"), to: old.key)
            }
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("move.ontoItself", .writing()) { scope in
            let old = try await scope.seed("a", options: options)
            try await scope.store.move(old.key, to: old.key)
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("move.ifAbsent.existing", .writing(.conditionalCopy)) { scope in
            let source = try await scope.seed("source", "new")
            let old = try await scope.seed("moved")
            try await expectError(.alreadyExists, from: "move if absent onto a blob") {
                try await scope.store.move(source.key, to: old.key, condition: .ifAbsent)
            }
            try await scope.expectUnchanged(old)
            try await scope.expectUnchanged(source, "new")
        },
        ConformanceCase("move.intoItsFolder", .writing()) { scope in
            try await scope.seed("a")
            try await scope.store.move(scope.key("a"), to: scope.key("a/b"))
            try await scope.expectBlob(scope.key("a/b"), "old")
            try await scope.expectMissing(scope.key("a"))
        },
    ]
}
