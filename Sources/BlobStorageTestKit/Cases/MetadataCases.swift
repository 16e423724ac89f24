import BlobStorage

/// The user's own pairs: kept exactly, or refused before anything is kept.
enum MetadataCases {
    static let all = exact + invalid + limits

    private static let valid: [(String, BlobMetadata)] = [
        ("none", [:]),
        ("onePair", ["a": "1"]),
        ("name.punctuation", ["a-b_c.d": "x", "!#$%&'*+-.^_`|~": "y", "0": "z"]),
        ("value.empty", ["empty": ""]),
        ("value.innerSpaces", ["spaces": "a  b   c"]),
        ("value.leadingSpace", ["a": "  lead"]),
        ("value.trailingSpace", ["a": "trail  "]),
        ("value.onlySpaces", ["a": "   "]),
        ("value.punctuation", ["a": "\"a\", b; c=d/e?f#g\\h<i>&'%20%"]),
        ("value.commas", ["a": "1,2, 3,,4"]),
        ("value.latin", ["a": "ü"]),
        ("value.spellings", ["composed": "\u{E9}", "decomposed": "e\u{301}"]),
        ("value.astral", ["a": "日本語 😀 \u{10FFFD}"]),
        ("value.mixed", ["a": " ü ", "b": "plain", "c": "=ü="]),
        ("value.encodedWord", ["a": "=?UTF-8?B?w7w=?=", "b": "=?utf-8?q?=C3=BC?="]),
        ("value.percentEncoded", ["a": "%C3%BC", "b": "%", "c": "%%41"]),
        ("value.long", ["long": String(repeating: "x", count: 2_000)]),
        (
            "manyPairs",
            BlobMetadata(
                Dictionary(uniqueKeysWithValues: (0..<50).map { ("name-\($0)", "value \($0)") })
            )
        ),
    ]

    private static let exact = valid.map { name, metadata in
        ConformanceCase("metadata.\(name).exact", .writing()) { scope in
            let key = scope.key("a")
            let options = PutOptions(metadata: metadata)
            let written = try await scope.store.put(key, "text", options: options)
            try expectEqual(written.metadata, metadata, "put's metadata")
            try await expectEqual(scope.store.head(key).metadata, metadata, "head's metadata")
            let blob = try await scope.store.get(key)
            try expectEqual(blob.attributes.metadata, metadata, "get's metadata")
        }
    }

    private static let refused: [(String, name: String, value: String)] = [
        ("name.lineBreak", "a\r\nX: 1", "v"),
        ("name.empty", "", "v"),
        ("name.space", "a b", "v"),
        ("name.colon", "a:b", "v"),
        ("name.nonASCII", "\u{FC}", "v"),
        ("name.upperCase", "Name", "v"),
        ("name.control", "a\u{7F}", "v"),
        ("value.headerInjection", "a", "v\r\nX-Injected: 1"),
        ("value.lineFeed", "a", "v\nb"),
        ("value.carriageReturn", "a", "v\rb"),
        ("value.nul", "a", "v\u{0}"),
        ("value.control", "a", "\u{1}"),
        ("value.tab", "a", "a\tb"),
        ("value.delete", "a", "a\u{7F}"),
    ]

    private static let invalid = refused.map { name, pairName, value in
        ConformanceCase("metadata.invalid.\(name)", .writing()) { scope in
            let metadata = BlobMetadata([pairName: value, "good": "1"])
            try await HeaderCases.expectRefused(PutOptions(metadata: metadata), scope)
        }
    }

    private static let limits: [ConformanceCase] = [
        ConformanceCase("metadata.largest", .writing()) { scope in
            let metadata: BlobMetadata = [
                "a": String(repeating: "x", count: 1_000),
                "bc": String(repeating: "y", count: BlobMetadata.maximumByteCount - 1_003),
            ]
            let options = PutOptions(metadata: metadata)
            try await scope.store.put(scope.key("a"), "text", options: options)
            let found = try await scope.store.head(scope.key("a"))
            try expectEqual(found.metadata, metadata, "the metadata of 2,048 bytes")
        },
        ConformanceCase("metadata.invalid.tooLarge", .writing()) { scope in
            let metadata: BlobMetadata = [
                "a": String(repeating: "x", count: 1_000),
                "bc": String(repeating: "y", count: BlobMetadata.maximumByteCount - 1_002),
            ]
            try await HeaderCases.expectRefused(PutOptions(metadata: metadata), scope)
        },
        ConformanceCase("metadata.invalid.inCopy", .writing()) { scope in
            let source = try await scope.seed("source")
            let old = try await scope.seed("old")
            try await expectError(.invalidArgument, from: "copy with an illegal name") {
                let options = CopyOptions(attributes: .replace(ContentHeaders(), ["A b": "1"]))
                return try await scope.store.copy(source.key, to: old.key, options: options)
            }
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("metadata.invalid.inMultipart", .multipart()) { scope in
            try await expectError(.invalidArgument, from: "an upload with an illegal name") {
                let options = MultipartOptions(metadata: ["A b": "1"])
                return try await scope.multipart.createMultipartUpload(
                    scope.key("a"),
                    options: options
                )
            }
        },
    ]
}
