import BlobStorage

/// Calls at the same time.
enum ConcurrencyCases {
    static let all = readers + winners + independent

    /// Tasks that do the same at the same time.
    private static let taskCount = 8
    private static let roundCount = 5

    /// Runs something several times at once and gives the outcomes.
    private static func together<Value: Sendable>(
        _ count: Int = taskCount,
        _ work: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: Value.self) { group in
            for index in 0..<count { group.addTask { try await work(index) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// Content that tells on each of its bytes, and in its size and metadata, which version it is.
    private static func version(_ number: Int) -> (bytes: [UInt8], options: PutOptions) {
        let bytes = [UInt8](repeating: UInt8(65 + number % 26), count: 150_000 + number % 26)
        return (bytes, PutOptions(metadata: ["version": "\(number % 26)"]))
    }

    private static func expectWhole(_ blob: Blob) async throws {
        let bytes = try await blob.body.collect(upTo: CaseScope.readLimit)
        let number = Int(bytes.first ?? 0) - 65
        try expect((0..<26).contains(number), "a version", found: readable(bytes))
        let expected = version(number)
        try expectBytes(bytes, expected.bytes, "the bytes, all of one version")
        let attributes = blob.attributes
        try expectEqual(attributes.byteCount, Int64(bytes.count), "the byte count of that version")
        try expectEqual(attributes.metadata, expected.options.metadata, "the metadata with it")
    }

    /// Runs writers over and over for as long as readers read.
    private static func whileReading(
        write: @escaping @Sendable (_ round: Int) async throws -> Void,
        read: @escaping @Sendable () async throws -> Void
    ) async throws {
        let readersLeft = Locked(taskCount)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<2 {
                group.addTask {
                    var round = writer
                    while readersLeft.withLock({ $0 > 0 }) {
                        try await write(round)
                        round += 2
                        await Task.yield()
                    }
                }
            }
            for _ in 0..<taskCount {
                group.addTask {
                    defer { readersLeft.withLock { $0 -= 1 } }
                    for _ in 0..<20 { try await read() }
                }
            }
            try await group.waitForAll()
        }
    }

    private static let readers: [ConformanceCase] = [
        ConformanceCase("concurrent.readersDuringReplace", .writing()) { scope in
            let key = scope.key("a")
            let first = version(0)
            try await scope.fixture.put(key, first.bytes, options: first.options)
            try await whileReading { round in
                let (bytes, options) = version(round)
                try await scope.store.put(key, bytes, options: options)
            } read: {
                try await expectWhole(scope.store.get(key))
            }
        },
        ConformanceCase("concurrent.headDuringReplace", .writing()) { scope in
            let key = scope.key("a")
            let first = version(0)
            try await scope.fixture.put(key, first.bytes, options: first.options)
            try await whileReading { round in
                let (bytes, options) = version(round)
                try await scope.store.put(key, bytes, options: options)
            } read: {
                let found = try await scope.store.head(key)
                let expected = version(Int(found.byteCount) - 150_000).options.metadata
                try expectEqual(found.metadata, expected, "the metadata of that size")
            }
        },
        ConformanceCase("concurrent.listDuringWrites", .writing()) { scope in
            let stable = (10..<30).map { "b/\($0)" }
            try await scope.seedAll(stable)
            try await whileReading { round in
                try await scope.store.put(scope.key("a/\(round % 7)"), "x")
                try await scope.store.put(scope.key("c/\(round % 40)"), "x")
                try await scope.store.delete(scope.key("a/\((round + 3) % 7)"))
            } read: {
                let names = try await scope.walk(scope.options(limit: 7)).names
                let seen = names.filter { UTF8Order.hasPrefix($0, "b/") }
                try expectSameText(seen, stable, "the keys that don't change")
            }
        },
    ]

    private static let winners: [ConformanceCase] = [
        ConformanceCase("concurrent.putIfAbsent.oneWinner", .writing(.putIfAbsent)) { scope in
            for round in 0..<roundCount {
                let key = scope.key("\(round)")
                let winners = try await together { task in
                    try await succeeds(unless: [.alreadyExists, .conflict]) {
                        let options = PutOptions(condition: .ifAbsent)
                        try await scope.store.put(key, "task \(task)", options: options)
                    } ? task : nil
                }.compactMap(\.self)
                try expectEqual(winners.count, 1, "the count of puts that created the blob")
                try await scope.expectBlob(key, "task \(winners.first ?? -1)")
            }
        },
        ConformanceCase("concurrent.putIfMatches.oneWinner", .writing(.putIfMatches)) { scope in
            for round in 0..<roundCount {
                let old = try await scope.seed("\(round)")
                let winners = try await together { task in
                    try await succeeds(unless: [.preconditionFailed, .conflict]) {
                        let options = PutOptions(condition: .ifMatches(old.etag))
                        try await scope.store.put(old.key, "task \(task)", options: options)
                    } ? task : nil
                }.compactMap(\.self)
                try expectEqual(winners.count, 1, "the count of puts that replaced the version")
                try await scope.expectBlob(old.key, "task \(winners.first ?? -1)")
            }
        },
        ConformanceCase("concurrent.compareAndSwap", .writing(.putIfMatches)) { scope in
            let key = scope.key("counter")
            try await scope.seed("counter", "0")
            _ = try await together { _ in
                for _ in 0..<roundCount { try await increment(key, scope) }
            }
            try await scope.expectBlob(key, "\(taskCount * roundCount)")
        },
        ConformanceCase("concurrent.deleteIfMatches.oneWinner", .writing(.deleteIfMatches)) {
            scope in
            for round in 0..<roundCount {
                let old = try await scope.seed("\(round)")
                let outcomes = try await together { _ in
                    try await succeeds(unless: [.preconditionFailed, .conflict]) {
                        let options = DeleteOptions(ifMatches: old.etag)
                        try await scope.store.delete(old.key, options: options)
                    }
                }
                let winnerCount = outcomes.count(where: \.self)
                try expectEqual(winnerCount, 1, "the count of deletes that succeeded")
            }
        },
        ConformanceCase("concurrent.copyIfAbsent.oneWinner", .writing(.conditionalCopy)) { scope in
            try await scope.seedAll((0..<taskCount).map { "source-\($0)" })
            for round in 0..<roundCount {
                let key = scope.key("\(round)")
                let winners = try await together { task in
                    try await succeeds(unless: [.alreadyExists, .conflict]) {
                        let options = CopyOptions(condition: .ifAbsent)
                        let source = scope.key("source-\(task)")
                        _ = try await scope.store.copy(source, to: key, options: options)
                    } ? task : nil
                }.compactMap(\.self)
                try expectEqual(winners.count, 1, "the count of copies that created the blob")
                try await scope.expectBlob(key, "source-\(winners.first ?? -1)")
            }
        },
    ]

    /// Whether a call succeeds, where some kinds of failure are fair.
    private static func succeeds(
        unless kinds: Set<BlobError.Kind>,
        _ call: () async throws -> Void
    ) async throws -> Bool {
        do {
            try await call()
            return true
        } catch let error as BlobError where kinds.contains(error.kind) {
            return false
        }
    }

    /// Adds one to a number in a blob, whatever the others do.
    private static func increment(_ key: BlobKey, _ scope: CaseScope) async throws {
        // Each attempt that fails lets another task's succeed, unless a store answers `conflict`.
        for _ in 0..<(10 * taskCount * roundCount) {
            let blob = try await scope.store.get(key)
            let text = try await String(decoding: blob.body.collect(upTo: 100), as: UTF8.self)
            guard let number = Int(text) else {
                throw Mismatch(expected: "a number", found: readable(text))
            }
            let isDone = try await succeeds(unless: [.preconditionFailed, .conflict]) {
                let options = PutOptions(condition: .ifMatches(blob.attributes.etag))
                try await scope.store.put(key, "\(number + 1)", options: options)
            }
            if isDone { return }
        }
        throw Mismatch(expected: "to replace the blob at last", found: "only failures")
    }

    private static let independent: [ConformanceCase] = [
        ConformanceCase("concurrent.putsOfDistinctKeys", .writing()) { scope in
            _ = try await together(64) { task in
                try await scope.store.put(scope.key("\(task % 8)/\(100 + task)"), "task \(task)")
            }
            for task in 0..<64 {
                try await scope.expectBlob(scope.key("\(task % 8)/\(100 + task)"), "task \(task)")
            }
            let walked = try await scope.walk(scope.options())
            try expectEqual(walked.names.count, 64, "the count of keys listed")
        },
        ConformanceCase("concurrent.putsOfOneKey", .writing()) { scope in
            let key = scope.key("a")
            _ = try await together { task in
                let (bytes, options) = version(task)
                try await scope.store.put(key, bytes, options: options)
            }
            try await expectWhole(scope.store.get(key))
        },
        ConformanceCase("concurrent.fileAndFolder", .writing()) { scope in
            // On a disk each makes and removes what the others stand on.
            let names = ["a", "a/b", "a/b/c", "a/d"]
            _ = try await together(names.count) { task in
                for round in 0..<30 {
                    let key = scope.key(names[task])
                    try await scope.store.put(key, "round \(round)")
                    try await scope.expectBlob(key, "round \(round)")
                    try await scope.store.delete(key)
                }
                try await scope.store.put(scope.key(names[task]), names[task])
            }
            try await scope.expectListing(names)
            for name in names { try await scope.expectBlob(scope.key(name), name) }
        },
        ConformanceCase("concurrent.deletesOfOneKey", .writing()) { scope in
            for _ in 0..<roundCount {
                try await scope.seed("a/b")
                _ = try await together { _ in try await scope.store.delete(scope.key("a/b")) }
                try await scope.expectMissing(scope.key("a/b"))
            }
        },
        ConformanceCase("concurrent.readsOfOneBlob", .reading) { scope in
            let bytes = CaseScope.pattern(1 << 20)
            try await scope.fixture.put(scope.key("a"), bytes)
            _ = try await together(24) { _ in
                try await expectBytes(scope.bytes(scope.key("a")), bytes, "the bytes")
            }
        },
    ]
}
