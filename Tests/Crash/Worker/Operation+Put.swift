import BlobStorage
import BlobStorageDisk

extension Operation {
    /// A put of one version under one key.
    static func put(
        _ name: String,
        _ key: BlobKey,
        _ version: Version,
        beside before: [String: Version],
        condition: WriteCondition = .none,
        errorsOnceMore: [BlobError.Kind] = []
    ) -> Operation {
        var after = before
        after[key.text] = version
        return Operation(
            name: name,
            before: StoreState(before),
            after: StoreState(after),
            errorsOnceMore: errorsOnceMore
        ) { context in
            var options = version.putOptions
            options.condition = condition
            try await context.store.put(key, version.bytes, options: options)
        }
    }

    static let puts: [Operation] = [
        Operation(
            name: "put-first",
            before: StoreState(),
            after: StoreState(["first": .new]),
            isPrepared: false
        ) { context in
            try await context.store.prepare()
            try await context.store.put("first", Version.new.bytes, options: Version.new.putOptions)
        },
        .put("put-new", "new", .new, beside: ["other": .old]),
        .put("put-new-in-folder", "x/y/z/new", .new, beside: ["x/other": .old]),
        .put("put-plain", "new", .plainNew, beside: ["other": .plainOld]),
        .put("put-empty", "empty", .empty, beside: ["other": .plainOld]),
        .put("put-large-attributes", "key", .large, beside: ["other": .old]),
        .put(
            "put-long-name",
            BlobKey(unchecked: "x/" + String(repeating: "é", count: 400)),
            .new,
            beside: ["x/other": .old]
        ),
        .put("replace", "x/key", .new, beside: ["x/key": .old, "x/other": .plainOld]),
        .put("replace-by-plain", "key", .plainNew, beside: ["key": .old]),
        .put("replace-plain", "key", .new, beside: ["key": .plainOld]),
        .put("replace-large-attributes", "key", .new, beside: ["key": .large]),
        .put("replace-by-large-attributes", "key", .large, beside: ["key": .old]),
        .put(
            "put-if-absent",
            "x/key",
            .new,
            beside: ["other": .old],
            condition: .ifAbsent,
            errorsOnceMore: [.alreadyExists]
        ),
        Operation(
            name: "replace-if-matches",
            before: StoreState(["key": .old]),
            after: StoreState(["key": .new])
        ) { context in
            var options = Version.new.putOptions
            options.condition = .ifMatches(try await context.store.head("key").etag)
            try await context.store.put("key", Version.new.bytes, options: options)
        },
        Operation(
            name: "put-stream",
            before: StoreState(["x/key": .old]),
            after: StoreState(["x/key": .long])
        ) { context in
            let version = Version.long
            let body = BlobBody(Chunks(bytes: version.bytes), byteCount: nil, isReplayable: true)
            _ = try await context.store.put("x/key", body, options: version.putOptions)
        },
        Operation(
            name: "put-file",
            before: StoreState(["other": .old]),
            after: StoreState(["other": .old, "x/key": .new])
        ) { context in
            let options = Version.new.putOptions
            try await context.store.put("x/key", file: context.inputPath, options: options)
        },
        Operation(
            name: "copy",
            before: StoreState(["source": .old]),
            after: StoreState(["source": .old, "x/copy": .old])
        ) { context in
            _ = try await context.store.copy("source", to: "x/copy", options: CopyOptions())
        },
        Operation(
            name: "copy-over",
            before: StoreState(["source": .new, "copy": .old]),
            after: StoreState(["source": .new, "copy": .new])
        ) { context in
            _ = try await context.store.copy("source", to: "copy", options: CopyOptions())
        },
    ]

    // `a` is a file, until there is `a/b`.
    static let swaps: [Operation] = [
        .put("swap", "a/b", .new, beside: ["a": .old]),
        .put("swap-plain", "a/b", .plainNew, beside: ["a": .plainOld]),
        .put("swap-deep", "a/b/c", .new, beside: ["a": .old, "other": .plainOld]),
        .put("swap-in-folder", "x/a/b", .new, beside: ["x/a": .old, "x/b": .plainOld]),
        .put("swap-twice", "a/b/c", .new, beside: ["a": .old, "a/b": .plainOld]),
        .put("put-where-folder-is", "a", .new, beside: ["a/b": .old]),
        .put("replace-where-folder-is", "a", .new, beside: ["a": .old, "a/b": .plainOld]),
    ]
}

/// Bytes that arrive in chunks.
private struct Chunks: AsyncSequence, Sendable {
    let bytes: [UInt8]

    struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<UInt8>

        mutating func next() async -> [UInt8]? {
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(40_000) }
            return Array(rest.prefix(40_000))
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(rest: bytes[...]) }
}
