import BlobStorage

/// Records that go.
enum RecordDeleteCases {
    static let all = [
        MetadataConformanceCase("delete.existing") { scope in
            let record = try await scope.seed("a")
            try await scope.store.delete(record.id)
            try await scope.expectMissing(record.id)
        },
        MetadataConformanceCase("delete.missing") { scope in
            try await scope.store.delete(scope.id("a"))
            try await scope.store.delete(scope.id("a"))
        },
        MetadataConformanceCase("delete.version.current") { scope in
            let record = try await scope.seed("a")
            let second = try await scope.store.update(record)
            try await scope.store.delete(second)
            try await scope.expectMissing(record.id)
        },
        MetadataConformanceCase("delete.version.stale") { scope in
            let record = try await scope.seed("a")
            let second = try await scope.store.update(record)
            try await expectError(.preconditionFailed, from: "delete of version 1") {
                try await scope.store.delete(record)
            }
            try await scope.expectRecord(second)
        },
        MetadataConformanceCase("delete.version.unknown") { scope in
            let record = try await scope.seed("a")
            for version in [0, 2, -1, .max] as [Int64] {
                try await expectError(.preconditionFailed, from: "delete of version \(version)") {
                    try await scope.store.delete(record.id, version: version)
                }
            }
            try await scope.expectRecord(record)
        },
        MetadataConformanceCase("delete.version.missing") { scope in
            try await expectError(.notFound, from: "delete of a version that is not there") {
                try await scope.store.delete(scope.id("a"), version: 1)
            }
        },
        MetadataConformanceCase("delete.leavesNeighbours") { scope in
            let before = try await scope.seed("a", at: 1)
            let after = try await scope.seed("aaa", at: 1)
            try await scope.seed("aa", at: 1)
            try await scope.store.delete(scope.id("aa"))
            try await scope.expectRecord(before)
            try await scope.expectRecord(after)
        },
    ]
}
