import BlobStorage

/// Reading ranges.
enum RangeCases {
    static let all = satisfied + unsatisfiable + invalid + others

    private static let text = "0123456789"

    private static let good: [(String, ByteRange, String)] = [
        ("bounded.middle", .bounded(2..<5), "234"),
        ("bounded.firstByte", .bounded(0..<1), "0"),
        ("bounded.lastByte", .bounded(9..<10), "9"),
        ("bounded.whole", .bounded(0..<10), text),
        ("bounded.cutAtEnd", .bounded(7..<100), "789"),
        ("bounded.cutAtEnd.byOne", .bounded(9..<11), "9"),
        ("bounded.hugeEnd", .bounded(5..<Int64.max), "56789"),
        ("first", .first(3), "012"),
        ("first.longerThanBlob", .first(1_000), text),
        ("from.start", .from(0), text),
        ("from.middle", .from(4), "456789"),
        ("from.lastByte", .from(9), "9"),
        ("suffix.one", .suffix(1), "9"),
        ("suffix.some", .suffix(4), "6789"),
        ("suffix.whole", .suffix(10), text),
        ("suffix.longerThanBlob", .suffix(11), text),
        ("suffix.huge", .suffix(Int64.max), text),
    ]

    private static let satisfied = good.map { name, range, expected in
        ConformanceCase("range.\(name)", .reading) { scope in
            try await scope.seed("a", text)
            let blob = try await scope.store.get(scope.key("a"), range: range)
            let bytes = try await blob.body.collect(upTo: 100)
            try expectBytes(bytes, Array(expected.utf8), "the bytes of \(range)")
            try expectEqual(
                blob.range,
                try range.resolved(inByteCount: 10),
                "the range that was delivered"
            )
            try expectEqual(blob.attributes.byteCount, 10, "the byte count of the whole blob")
            let byteCount = blob.body.byteCount ?? Int64(bytes.count)
            try expectEqual(byteCount, Int64(bytes.count), "the body's byte count")
        }
    }

    private static let beyond: [(String, String, ByteRange)] = [
        ("bounded.atEnd", text, .bounded(10..<12)),
        ("bounded.beyond", text, .bounded(20..<30)),
        ("bounded.huge", text, .bounded((Int64.max - 1)..<Int64.max)),
        ("from.atEnd", text, .from(10)),
        ("from.beyond", text, .from(11)),
        ("from.huge", text, .from(Int64.max)),
        ("empty.from", "", .from(0)),
        ("empty.first", "", .first(1)),
    ]

    private static let unsatisfiable = beyond.map { name, text, range in
        ConformanceCase("range.unsatisfiable.\(name)", .reading) { scope in
            try await scope.seed("a", text)
            try await expectError(.rangeNotSatisfiable, from: "get of \(range)") {
                try await scope.store.get(scope.key("a"), range: range)
            }
        }
    }

    private static let senseless: [(String, ByteRange)] = [
        ("bounded.empty", .bounded(3..<3)),
        ("bounded.emptyAtStart", .bounded(0..<0)),
        ("bounded.negativeStart", .bounded(-1..<2)),
        ("bounded.negative", .bounded(-5 ..< -2)),
        ("bounded.mostNegative", .bounded(Int64.min..<Int64.max)),
        ("from.negative", .from(-1)),
        ("from.mostNegative", .from(Int64.min)),
        ("suffix.zero", .suffix(0)),
        ("suffix.negative", .suffix(-1)),
        ("suffix.mostNegative", .suffix(Int64.min)),
    ]

    private static let invalid = senseless.map { name, range in
        ConformanceCase("range.invalid.\(name)", .reading) { scope in
            try await scope.seed("a", text)
            try await expectError(.invalidArgument, from: "get of \(range)") {
                try await scope.store.get(scope.key("a"), range: range)
            }
        }
    }

    private static let others: [ConformanceCase] = [
        ConformanceCase("range.suffix.ofEmpty", .reading) { scope in
            // RFC 9110, section 14.1.2: a suffix longer than the representation selects all of it.
            try await scope.seed("a", "")
            let blob = try await scope.store.get(scope.key("a"), range: .suffix(5))
            try expectEqual(blob.range, 0..<0, "the range that was delivered")
            try await expectBytes(blob.body.collect(upTo: 100), [], "the bytes")
        },
        ConformanceCase("range.missingBlob", .reading) { scope in
            try await expectError(.notFound, from: "get of a range of no blob") {
                try await scope.store.get(scope.key("a"), range: .from(2))
            }
        },
        ConformanceCase("range.condition.miss", .reading) { scope in
            try await scope.seed("a", text)
            let other = try await scope.seed("b", "other")
            try await expectError(.preconditionFailed, from: "get of a range of another version") {
                let conditions = ReadConditions(ifMatches: other.etag)
                return try await scope.store.get(
                    scope.key("a"),
                    range: .from(2),
                    options: GetOptions(conditions: conditions)
                )
            }
        },
        ConformanceCase("range.condition.hit", .reading) { scope in
            let written = try await scope.seed("a", text)
            let options = GetOptions(conditions: ReadConditions(ifMatches: written.etag))
            let blob = try await scope.store.get(
                scope.key("a"),
                range: .suffix(2),
                options: options
            )
            try await expectBytes(blob.body.collect(upTo: 100), Array("89".utf8), "the bytes")
        },
        ConformanceCase("range.ofLargeBlob", .reading) { scope in
            let bytes = CaseScope.pattern(3 << 20 | 1)
            try await scope.fixture.put(scope.key("a"), bytes)
            var random = SplitMix64(7)
            for _ in 0..<20 {
                let lower = Int64.random(in: 0..<Int64(bytes.count), using: &random)
                let upper = Int64.random(in: lower...Int64(bytes.count), using: &random) + 1
                let found = try await scope.bytes(scope.key("a"), range: .bounded(lower..<upper))
                let end = min(Int(upper), bytes.count)
                try expectBytes(found, Array(bytes[Int(lower)..<end]), "bytes \(lower)..<\(upper)")
            }
        },
        ConformanceCase("range.leftEarly", .reading) { scope in
            let bytes = CaseScope.pattern(3 << 20 | 1)
            try await scope.fixture.put(scope.key("a"), bytes)
            for offset in 0..<10 {
                let blob = try await scope.store.get(scope.key("a"), range: .from(Int64(offset)))
                for try await chunk in blob.body where !chunk.isEmpty { break }
            }
            try await scope.expectBlob(scope.key("a"), bytes)
        },
    ]
}
