internal import BlobStorage

extension S3Doctor {
    /// Which conditions on changes hold, also when requests race.
    mutating func conditions() async throws {
        vendor.canPutIfAbsent = try await putIfAbsent()
        vendor.canPutIfMatches = try await putIfMatches()
        vendor.canCompleteConditionally = try await completeConditionally()
        vendor.canDeleteIfMatches = try await deleteIfMatches()
        vendor.copyCondition = try await copyConditionally() ? store.vendor.copyCondition : .none
    }

    private static let absent = PutOptions(condition: .ifAbsent)
    private static let other: ETag = "\"00000000000000000000000000000000\""

    private mutating func putIfAbsent() async throws -> Bool {
        let key = try key("if absent")
        let works = try await find("put if absent") { [store] in
            try await store.put(key, "first", options: Self.absent)
            return try await Self.refused("a second put") {
                try await store.put(key, "second", options: Self.absent)
            }
        }
        guard works else { return false }
        return try await find("put if absent, atomic", .doubtful) { [store, prefix] in
            try await Self.races { race in
                let key = try BlobKey("\(prefix)race \(race)")
                return try await Self.winners { number in
                    try await store.put(key, "\(number)", options: Self.absent)
                }
            }
        }
    }

    private mutating func putIfMatches() async throws -> Bool {
        let key = try key("if matches")
        let works = try await find("put if matches") { [store] in
            let first = try await store.put(key, "first").etag
            let right = PutOptions(condition: .ifMatches(first))
            try await store.put(key, "second", options: right)
            return try await Self.refused("a put with an old etag") {
                try await store.put(key, "third", options: right)
            }
        }
        guard works else { return false }
        return try await find("put if matches, atomic", .doubtful) { [store] in
            try await Self.races { race in
                let options = PutOptions(condition: .ifMatches(try await store.head(key).etag))
                return try await Self.winners { number in
                    try await store.put(key, "race \(race), writer \(number)", options: options)
                }
            }
        }
    }

    private mutating func completeConditionally() async throws -> Bool {
        let key = try key("complete")
        return try await find("complete if absent and if matches") { [store] in
            try await store.put(key, "there")
            let upload = try await store.createMultipartUpload(key)
            let part = try await store.uploadPart(1, of: upload, Array("part".utf8))
            for condition in [WriteCondition.ifAbsent, .ifMatches(Self.other)] {
                let problem = try await Self.refused("completing an upload") {
                    try await store.completeMultipartUpload(
                        upload,
                        parts: [part],
                        condition: condition
                    )
                }
                if let problem { return problem }
            }
            try await store.abortMultipartUpload(upload)
            return nil
        }
    }

    private mutating func deleteIfMatches() async throws -> Bool {
        let key = try key("delete")
        let works = try await find("delete if matches") { [store] in
            let etag = try await store.put(key, "there").etag
            let problem = try await Self.refused("deleting with another etag") {
                try await store.delete(key, options: DeleteOptions(ifMatches: Self.other))
            }
            if let problem { return problem }
            let right = DeleteOptions(ifMatches: etag)
            try await store.delete(key, options: right)
            if try await store.exists(key) { return "the blob is still there" }
            return try await Self.refused("deleting a blob that is not there") {
                try await store.delete(key, options: right)
            }
        }
        guard works else { return false }
        return try await find("delete if matches, atomic", .doubtful) { [store] in
            try await Self.races { race in
                let etag = try await store.put(key, "race \(race)").etag
                return try await Self.winners { _ in
                    try await store.delete(key, options: DeleteOptions(ifMatches: etag))
                }
            }
        }
    }

    private mutating func copyConditionally() async throws -> Bool {
        let source = try key("source")
        let destination = try key("destination")
        return try await find("copy if absent and if matches") { [store] in
            try await store.put(source, "source")
            let etag = try await store.put(destination, "there").etag
            for condition in [WriteCondition.ifAbsent, .ifMatches(Self.other)] {
                let problem = try await Self.refused("copying") {
                    try await store.copy(
                        source,
                        to: destination,
                        options: CopyOptions(condition: condition)
                    )
                }
                if let problem { return problem }
            }
            let right = CopyOptions(condition: .ifMatches(etag))
            _ = try await store.copy(source, to: destination, options: right)
            return nil
        }
    }

    /// `nil` if a call is refused since its condition doesn't hold; else what is wrong.
    private static func refused<Value>(
        _ what: String,
        _ call: () async throws -> Value
    ) async throws -> String? {
        do {
            _ = try await call()
            return "\(what) was let through"
        } catch let error as BlobError
            where [.alreadyExists, .preconditionFailed].contains(error.kind)
        {
            return nil
        }
    }

    /// `nil` if each of some races has one winner; else how many the first one had that has not.
    private static func races(_ winners: (Int) async throws -> Int) async throws -> String? {
        for race in 0..<raceCount {
            let count = try await winners(race)
            guard count == 1 else { return "\(count) of \(racerCount) at once won" }
        }
        return nil
    }

    /// How many of some calls at once succeed; the others must be refused.
    private static func winners<Value>(
        _ call: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> Int {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<racerCount {
                group.addTask {
                    do {
                        _ = try await call(number)
                        return true
                    } catch let error as BlobError
                        where [.alreadyExists, .preconditionFailed, .conflict].contains(error.kind)
                    {
                        return false
                    }
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
    }
}
