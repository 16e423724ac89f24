import BlobStorage

/// Stores that can't do everything must say so, and change nothing.
enum RefusalCases {
    static let all = readOnly + readOnlyMultipart + unsupported

    private static let readOnly: [ConformanceCase] = [
        ConformanceCase("readOnly.put", .readOnly) { scope in
            let old = try await scope.seed("old")
            for key in [old.key, scope.key("new")] {
                try await expectError(.permissionDenied, from: "put") {
                    try await scope.store.put(key, "new")
                }
            }
            try await scope.expectUnchanged(old)
            try await scope.expectMissing(scope.key("new"))
        },
        ConformanceCase("readOnly.put.readsNoBody", .readOnly) { scope in
            let body = CountedChunks([[1], [2]])
            try await expectError(.permissionDenied, from: "put") {
                try await scope.store.put(scope.key("new"), BlobBody(body))
            }
            try expectEqual(body.chunksTaken, 0, "the count of chunks that were read")
        },
        ConformanceCase("readOnly.delete", .readOnly) { scope in
            let old = try await scope.seed("old")
            try await expectError(.permissionDenied, from: "delete") {
                try await scope.store.delete(old.key)
            }
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("readOnly.deleteMany", .readOnly) { scope in
            let old = try await scope.seed("old")
            do {
                let failures = try await scope.store.delete([old.key])
                let kinds = failures.map(\.error.kind)
                try expectEqual(kinds, [.permissionDenied], "the kinds of the failures")
            } catch let error as BlobError {
                try expectEqual(error.kind, .permissionDenied, "the kind of the error")
            }
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("readOnly.deleteAll", .readOnly) { scope in
            let old = try await scope.seed("old")
            try await expectError(.permissionDenied, from: "deleteAll") {
                try await scope.store.deleteAll(prefix: scope.prefix)
            }
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("readOnly.copy", .readOnly) { scope in
            let old = try await scope.seed("old")
            try await expectError(.permissionDenied, from: "copy") {
                try await scope.store.copy(old.key, to: scope.key("new"))
            }
            try await scope.expectMissing(scope.key("new"))
        },
        ConformanceCase("readOnly.move", .readOnly) { scope in
            let old = try await scope.seed("old")
            try await expectError(.permissionDenied, from: "move") {
                try await scope.store.move(old.key, to: scope.key("new"))
            }
            try await scope.expectUnchanged(old)
            try await scope.expectMissing(scope.key("new"))
        },
        ConformanceCase("readOnly.seesChanges", .readOnly) { scope in
            try await scope.seed("a", "first")
            try await scope.expectBlob(scope.key("a"), "first")
            try await scope.seed("a", "second")
            try await scope.expectBlob(scope.key("a"), "second")
            try await scope.fixture.delete(scope.key("a"))
            try await scope.expectMissing(scope.key("a"))
        },
    ]

    private static let readOnlyMultipart: [ConformanceCase] = [
        ConformanceCase(
            "readOnly.multipart",
            ConformanceRequirements(absentFeatures: [.write], isMultipart: true)
        ) { scope in
            try await expectError(.permissionDenied, from: "createMultipartUpload") {
                try await scope.multipart.createMultipartUpload(scope.key("new"))
            }
        }
    ]

    private static func without(_ feature: Capabilities.Feature) -> ConformanceRequirements {
        ConformanceRequirements(features: [.write], absentFeatures: [feature])
    }

    /// What a store can't decide or keep must not be passed over in silence.
    private static let unsupported: [ConformanceCase] = [
        ConformanceCase("unsupported.putIfAbsent", without(.putIfAbsent)) { scope in
            let old = try await scope.seed("a")
            try await expectError(.unsupported, .alreadyExists, from: "put if absent") {
                let options = PutOptions(condition: .ifAbsent)
                return try await scope.store.put(old.key, "new", options: options)
            }
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("unsupported.putIfMatches", without(.putIfMatches)) { scope in
            let old = try await scope.seed("a")
            let other = try await scope.seed("b", "other")
            try await expectError(.unsupported, .preconditionFailed, from: "put if matches") {
                let options = PutOptions(condition: .ifMatches(other.etag))
                return try await scope.store.put(old.key, "new", options: options)
            }
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("unsupported.deleteIfMatches", without(.deleteIfMatches)) { scope in
            let old = try await scope.seed("a")
            let other = try await scope.seed("b", "other")
            try await expectError(.unsupported, .preconditionFailed, from: "delete if matches") {
                let options = DeleteOptions(ifMatches: other.etag)
                try await scope.store.delete(old.key, options: options)
            }
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("unsupported.conditionalCopy", without(.conditionalCopy)) { scope in
            let source = try await scope.seed("source", "new")
            let old = try await scope.seed("a")
            try await expectError(.unsupported, .alreadyExists, from: "copy if absent") {
                let options = CopyOptions(condition: .ifAbsent)
                return try await scope.store.copy(source.key, to: old.key, options: options)
            }
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("unsupported.tags", without(.tags)) { scope in
            let old = try await scope.seed("a")
            try await expectError(.unsupported, from: "put with tags") {
                let options = PutOptions(tags: try BlobTags(["a": "b"]))
                return try await scope.store.put(old.key, "new", options: options)
            }
            try await scope.expectUnchanged(old)
        },
    ]
}
