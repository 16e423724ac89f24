import BlobStorage

/// Changes that are based on a version.
enum RecordUpdateCases {
    static let all = versions + effects

    private static let versions = [
        MetadataConformanceCase("update.version.current") { scope in
            var record = try await scope.seed("a")
            for version in 2...5 {
                record.fileName = "name \(version)"
                let updated = try await scope.store.update(record)
                record.version = Int64(version)
                try expectEqual(updated, record, "what update returns")
                try await scope.expectRecord(record)
            }
        },
        MetadataConformanceCase("update.version.stale") { scope in
            let first = try await scope.seed("a")
            var other = first
            other.fileName = "other"
            let second = try await scope.store.update(other)
            var late = first
            late.fileName = "late"
            let error = try await expectError(.preconditionFailed, from: "update") {
                try await scope.store.update(late)
            }
            let tellsBoth = error.message.contains("2") && error.message.contains("1")
            try expect(tellsBoth, "found and expected version told", found: error.message)
            try await scope.expectRecord(second)
        },
        unknown("zero", 0),
        unknown("future", 2),
        unknown("negative", -1),
        unknown("least", .min),
        unknown("greatest", .max),
        MetadataConformanceCase("update.missing") { scope in
            var record = scope.new("a")
            for version in [0, 1] as [Int64] {
                record.version = version
                try await expectError(.notFound, from: "update of a missing record") {
                    try await scope.store.update(record)
                }
            }
            try await scope.expectMissing(record.id)
        },
        MetadataConformanceCase("update.afterDelete") { scope in
            let record = try await scope.seed("a")
            try await scope.store.delete(record.id)
            try await expectError(.notFound, from: "update of a deleted record") {
                try await scope.store.update(record)
            }
            try await scope.expectMissing(record.id)
        },
        MetadataConformanceCase("update.created.other") { scope in
            let record = try await scope.seed("a", at: 1)
            var other = scope.new("a", at: 2)
            other.version = 1
            try await expectError(.invalidArgument, from: "update of the time of creation") {
                try await scope.store.update(other)
            }
            try await scope.expectRecord(record)
        },
    ]

    private static func unknown(_ name: String, _ version: Int64) -> MetadataConformanceCase {
        MetadataConformanceCase("update.version.unknown.\(name)") { scope in
            let record = try await scope.seed("a")
            var other = record
            other.version = version
            other.state = .deleting
            try await expectError(.preconditionFailed, from: "update from version \(version)") {
                try await scope.store.update(other)
            }
            try await scope.expectRecord(record)
        }
    }

    private static let effects = [
        MetadataConformanceCase("update.everyField") { scope in
            let first = try await scope.seed("full", at: 123)
            var record = try RecordCases.full(scope)
            record.owner = scope.owner("new")
            record.key = scope.key("new")
            record.version = first.version
            record.state = .deleting
            try await scope.store.update(record)
            record.version += 1
            try await scope.expectRecord(record)
            try await scope.expectNames(DocumentQuery(owner: first.owner), [])
        },
        MetadataConformanceCase("update.toNothing") { scope in
            let full = try await scope.store.insert(RecordCases.full(scope))
            var bare = DocumentRecord(
                id: full.id,
                owner: full.owner,
                key: full.key,
                created: full.created,
                version: full.version
            )
            try await scope.store.update(bare)
            bare.version += 1
            try await scope.expectRecord(bare)
        },
        MetadataConformanceCase("update.movesBetweenStates") { scope in
            var record = try await scope.seed("a")
            for state in [DocumentState.confirmed, .deleting, .pending] {
                record.state = state
                record = try await scope.store.update(record)
                for other in DocumentState.allCases {
                    let query = DocumentQuery(owner: scope.owner(), state: other)
                    try await scope.expectNames(query, other == state ? ["a"] : [])
                }
            }
        },
        MetadataConformanceCase("update.leavesNeighbours") { scope in
            let neighbour = try await scope.seed("ab", at: 1)
            let record = try await scope.seed("a", at: 1)
            try await scope.store.update(record)
            try await scope.expectRecord(neighbour)
        },
        MetadataConformanceCase("update.byChange") { scope in
            try await scope.seed("a")
            let updated = try await scope.store.update(scope.id("a")) { $0.byteCount = 5 }
            try expectEqual(updated.version, 2, "the version")
            try expectEqual(updated.byteCount, 5, "the byte count")
            try await scope.expectRecord(updated)
        },
    ]
}
