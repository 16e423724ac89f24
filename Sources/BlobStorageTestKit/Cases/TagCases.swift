import BlobStorage

/// Tags: they come with a write, change without it, and are copied with their blob.
enum TagCases {
    static let all = direct + writes + copies + multipart

    private static func some() throws -> BlobTags {
        try BlobTags(["team": "a b", "kind": "ü+/=@", "empty": "", "a b": "c"])
    }

    private static func seed(_ name: String, _ scope: CaseScope) async throws -> BlobAttributes {
        let options = PutOptions(metadata: ["a": "1"], tags: try some())
        return try await scope.store.put(scope.key(name), BlobBody([1, 2, 3]), options: options)
    }

    private static let direct: [ConformanceCase] = [
        ConformanceCase("tags.none", .writing(.tags)) { scope in
            try await scope.seed("a")
            try await expectTags(BlobTags(), "a", scope)
        },
        ConformanceCase("tags.set", .writing(.tags)) { scope in
            let old = try await scope.seed("a")
            try await scope.tagged.setTags(some(), of: old.key)
            try await expectTags(some(), "a", scope)
        },
        ConformanceCase("tags.set.leavesBlob", .writing(.tags)) { scope in
            let before = try await seed("a", scope)
            let found = try await scope.store.head(before.key)
            try await scope.tagged.setTags(BlobTags(["x": "y"]), of: before.key)
            let after = try await scope.store.head(before.key)
            try expectEqual(after.etag, before.etag, "the etag")
            try expectEqual(after.metadata, before.metadata, "the metadata")
            try expectEqual(after.headers, found.headers, "the headers")
            try expectEqual(after.checksum, found.checksum, "the checksum")
            try expectEqual(after.lastModified, found.lastModified, "the time")
            try await expectTags(BlobTags(["x": "y"]), "a", scope)
        },
        ConformanceCase("tags.set.removes", .writing(.tags)) { scope in
            let old = try await seed("a", scope)
            try await scope.tagged.deleteTags(of: old.key)
            try await expectTags(BlobTags(), "a", scope)
            let found = try await scope.store.head(old.key)
            try expectEqual(found.metadata, old.metadata, "the metadata")
        },
        ConformanceCase("tags.longest", .writing(.tags)) { scope in
            let old = try await scope.seed("a")
            var values: [String: String] = [:]
            for number in 0..<BlobTags.maximumCount {
                // Of more than ASCII some servers take less, since they count bytes.
                let name = String(repeating: "n", count: BlobTags.maximumNameLength - 1)
                values["\(number)\(name)"] = String(
                    repeating: "v",
                    count: BlobTags.maximumValueLength
                )
            }
            try await scope.tagged.setTags(BlobTags(values), of: old.key)
            try await expectTags(BlobTags(values), "a", scope)
        },
        ConformanceCase("tags.missing", .writing(.tags)) { scope in
            let key = scope.key("a")
            try await expectError(.notFound, from: "tags of a blob that is not there") {
                try await scope.tagged.tags(of: key)
            }
            try await expectError(.notFound, from: "setTags of a blob that is not there") {
                try await scope.tagged.setTags(some(), of: key)
            }
            try await scope.expectMissing(key)
        },
    ]

    private static let writes: [ConformanceCase] = [
        ConformanceCase("tags.put", .writing(.tags)) { scope in
            _ = try await seed("a", scope)
            try await expectTags(some(), "a", scope)
        },
        ConformanceCase("tags.put.ofStream", .writing(.tags)) { scope in
            let body = BlobBody.stream(CaseScope.pattern(100_000), chunkByteCount: 7_001)
            let options = PutOptions(tags: try some())
            _ = try await scope.store.put(scope.key("a"), body, options: options)
            try await expectTags(some(), "a", scope)
        },
        ConformanceCase("tags.put.replaces", .writing(.tags)) { scope in
            let old = try await seed("a", scope)
            try await scope.store.put(old.key, "new")
            try await expectTags(BlobTags(), "a", scope)
        },
        ConformanceCase("tags.delete", .writing(.tags)) { scope in
            let old = try await seed("a", scope)
            try await scope.store.delete(old.key)
            try await scope.store.put(old.key, "new")
            try await expectTags(BlobTags(), "a", scope)
        },
    ]

    private static let copies: [ConformanceCase] = [
        ConformanceCase("tags.copy.keeps", .writing(.tags)) { scope in
            let source = try await seed("source", scope)
            try await scope.store.copy(source.key, to: scope.key("a"))
            try await expectTags(some(), "a", scope)
        },
        ConformanceCase("tags.copy.keepsWithNewAttributes", .writing(.tags)) { scope in
            let source = try await seed("source", scope)
            let options = CopyOptions(attributes: .replace(ContentHeaders(), ["b": "2"]))
            _ = try await scope.store.copy(source.key, to: scope.key("a"), options: options)
            try await expectTags(some(), "a", scope)
        },
        ConformanceCase("tags.copy.replaces", .writing(.tags)) { scope in
            let source = try await seed("source", scope)
            let new = try BlobTags(["new": "1"])
            let options = CopyOptions(tags: new)
            let copy = try await scope.store.copy(source.key, to: scope.key("a"), options: options)
            try expectEqual(copy.metadata, source.metadata, "the metadata of the copy")
            try await expectTags(new, "a", scope)
            try await expectTags(some(), "source", scope)
        },
        ConformanceCase("tags.copy.removes", .writing(.tags)) { scope in
            let source = try await seed("source", scope)
            let options = CopyOptions(tags: BlobTags())
            _ = try await scope.store.copy(source.key, to: scope.key("a"), options: options)
            try await expectTags(BlobTags(), "a", scope)
        },
    ]

    private static let multipart: [ConformanceCase] = [
        ConformanceCase("tags.multipart", .multipart(.tags)) { scope in
            let options = MultipartOptions(tags: try some())
            let (upload, parts) = try await scope.upload("a", parts: [1], options: options)
            _ = try await scope.multipart.completeMultipartUpload(
                upload,
                parts: parts,
                condition: .none
            )
            try await expectTags(some(), "a", scope)
        }
    ]

    private static func expectTags(
        _ expected: BlobTags,
        _ name: String,
        _ scope: CaseScope
    ) async throws {
        try await expectEqual(scope.tagged.tags(of: scope.key(name)), expected, "the tags")
    }
}

extension CaseScope {
    /// The store, as one that keeps tags.
    fileprivate var tagged: any TaggedBlobStore {
        get throws {
            guard let tagged = store as? any TaggedBlobStore else {
                throw Mismatch(expected: "a TaggedBlobStore", found: "\(type(of: store))")
            }
            return tagged
        }
    }
}
