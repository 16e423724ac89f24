import BlobStorage

/// Calls at the same time.
enum RecordRaceCases {
    private static let taskCount = 8

    /// Runs something several times at once and gives how many succeeded; those that fail must fail
    /// with one of the kinds.
    private static func winners(
        _ kinds: Set<BlobError.Kind>,
        count: Int = taskCount,
        _ work: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> Int {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<count {
                group.addTask {
                    do {
                        try await work(index)
                        return true
                    } catch let error as BlobError where kinds.contains(error.kind) {
                        return false
                    }
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
    }

    static let all = [
        MetadataConformanceCase("race.insert.oneWinner") { scope in
            for round in 0..<5 {
                let count = try await winners([.alreadyExists]) { index in
                    try await scope.seed("\(round)", at: Int64(index), state: .confirmed)
                }
                try expectEqual(count, 1, "the inserts that succeed")
            }
            try await expectEqual(scope.names(scope.everything).count, 5, "the records")
        },
        MetadataConformanceCase("race.update.oneWinner") { scope in
            var record = try await scope.seed("a")
            for _ in 0..<5 {
                let count = try await winners([.preconditionFailed]) { [record] index in
                    var mine = record
                    mine.byteCount = Int64(index)
                    try await scope.store.update(mine)
                }
                try expectEqual(count, 1, "the updates that succeed")
                let next = try await scope.store.record(record.id)
                try expectEqual(next.version, record.version + 1, "the version")
                record = next
            }
        },
        MetadataConformanceCase("race.update.noLostUpdate") { scope in
            let id = try await scope.seed("a").id
            let perTask = 5
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<taskCount {
                    group.addTask {
                        var done = 0
                        while done < perTask {
                            var record = try await scope.store.record(id)
                            record.byteCount = (record.byteCount ?? 0) + 1
                            do {
                                try await scope.store.update(record)
                                done += 1
                            } catch let error as BlobError where error.kind == .preconditionFailed {
                                await Task.yield()
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let record = try await scope.store.record(id)
            try expectEqual(record.byteCount, Int64(taskCount * perTask), "the sum")
            try expectEqual(record.version, Int64(taskCount * perTask + 1), "the version")
        },
        MetadataConformanceCase("race.delete.oneWinner") { scope in
            for round in 0..<5 {
                let record = try await scope.seed("\(round)")
                let count = try await winners([.notFound]) { _ in
                    try await scope.store.delete(record)
                }
                try expectEqual(count, 1, "the deletes of one version that succeed")
            }
        },
        MetadataConformanceCase("race.deleteAgainstUpdate") { scope in
            for round in 0..<10 {
                let record = try await scope.seed("\(round)")
                // A sweep that deletes, and a confirmation: one of them wins.
                let count = try await winners([.notFound, .preconditionFailed], count: 2) { index in
                    if index == 0 {
                        try await scope.store.delete(record)
                    } else {
                        try await scope.store.update(record)
                    }
                }
                try expectEqual(count, 1, "the changes that succeed")
            }
        },
        MetadataConformanceCase("race.readersSeeWholeRecords") { scope in
            let id = try await scope.seed("a").id
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 1...40 {
                        try await scope.store.update(id) { record in
                            record.byteCount = Int64(number)
                            record.fileName = "\(number)"
                            record.attributes = ["n": "\(number)"]
                        }
                    }
                }
                for _ in 0..<3 {
                    group.addTask {
                        for _ in 0..<20 { try await expectWhole(scope, id) }
                    }
                }
                try await group.waitForAll()
            }
        },
        MetadataConformanceCase("race.independentInserts") { scope in
            let count = try await winners([], count: 40) { index in
                try await scope.seed("\(index)", at: Int64(index))
            }
            try expectEqual(count, 40, "the inserts that succeed")
            let query = DocumentQuery(owner: scope.owner(), limit: 7)
            try await scope.expectNames(query, (0..<40).reversed().map { "\($0)" })
        },
    ]

    private static func expectWhole(_ scope: MetadataScope, _ id: DocumentID) async throws {
        let listed = try await scope.page(DocumentQuery(owner: scope.owner())).records
        try expectEqual(listed.count, 1, "the count of records")
        let read = try await scope.store.record(id)
        for record in listed + [read] {
            let numbers = [
                record.byteCount.map { "\($0)" }, record.fileName, record.attributes["n"],
                record.version == 1 ? nil : "\(record.version - 1)",
            ]
            let isWhole = numbers.allSatisfy { $0 == numbers[0] }
            try expect(isWhole, "all fields of one version", found: "\(numbers)")
        }
    }
}
