import BlobStorage

/// Checksums that a store computes, checks and keeps; each case once per algorithm.
enum ChecksumCases {
    static let all = ChecksumAlgorithm.allCases.flatMap(cases) + others

    private static func cases(_ algorithm: ChecksumAlgorithm) -> [ConformanceCase] {
        writes(algorithm) + failures(algorithm)
    }

    private static let bytes = CaseScope.pattern(200_000)

    private static func writes(_ algorithm: ChecksumAlgorithm) -> [ConformanceCase] {
        let name = "checksum.\(algorithm.rawValue)"
        let right = Checksum.of(bytes, algorithm)
        return [
            ConformanceCase("\(name).computed", .writing(checksum: algorithm)) { scope in
                let options = PutOptions(checksum: .compute(algorithm))
                try await scope.store.put(scope.key("a"), bytes, options: options)
                try await expectKept(right, scope)
            },
            ConformanceCase("\(name).computedOfStream", .writing(checksum: algorithm)) { scope in
                let options = PutOptions(checksum: .compute(algorithm))
                let body = BlobBody.stream(bytes, chunkByteCount: 7_001)
                _ = try await scope.store.put(scope.key("a"), body, options: options)
                try await expectKept(right, scope)
            },
            ConformanceCase("\(name).computedOfEmpty", .writing(checksum: algorithm)) { scope in
                let options = PutOptions(checksum: .compute(algorithm))
                try await scope.store.put(scope.key("a"), "", options: options)
                try await expectKept(Checksum.of([], algorithm), scope)
            },
            ConformanceCase("\(name).expected", .writing(checksum: algorithm)) { scope in
                let options = PutOptions(checksum: .expect(right))
                try await scope.store.put(scope.key("a"), bytes, options: options)
                try await expectKept(right, scope)
                try await scope.expectBlob(scope.key("a"), bytes)
            },
            ConformanceCase("\(name).keptByCopy", .writing(checksum: algorithm)) { scope in
                let options = PutOptions(checksum: .compute(algorithm))
                try await scope.fixture.put(scope.key("source"), bytes, options: options)
                try await scope.store.copy(scope.key("source"), to: scope.key("a"))
                try await expectKept(right, scope)
            },
            ConformanceCase("\(name).ofRange", .writing(checksum: algorithm)) { scope in
                let options = PutOptions(checksum: .compute(algorithm))
                try await scope.fixture.put(scope.key("a"), bytes, options: options)
                let found = try await scope.bytes(scope.key("a"), range: .bounded(10..<150_000))
                try expectBytes(found, Array(bytes[10..<150_000]), "the bytes of a range")
            },
        ]
    }

    private static func failures(_ algorithm: ChecksumAlgorithm) -> [ConformanceCase] {
        let name = "checksum.\(algorithm.rawValue).wrong"
        let wrong = PutOptions(checksum: .expect(Checksum.of([1, 2, 3], algorithm)))
        return [
            ConformanceCase(name, .writing(checksum: algorithm)) { scope in
                try await expectError(.integrityFailure, from: "put with a wrong checksum") {
                    try await scope.store.put(scope.key("a"), bytes, options: wrong)
                }
                try await scope.expectMissing(scope.key("a"))
            },
            ConformanceCase("\(name).keepsOld", .writing(checksum: algorithm)) { scope in
                let old = try await scope.seed("a")
                try await expectError(.integrityFailure, from: "put with a wrong checksum") {
                    try await scope.store.put(scope.key("a"), bytes, options: wrong)
                }
                try await scope.expectUnchanged(old)
            },
            ConformanceCase("\(name).ofStream", .writing(checksum: algorithm)) { scope in
                try await expectError(.integrityFailure, from: "put with a wrong checksum") {
                    let body = BlobBody.stream(bytes)
                    return try await scope.store.put(scope.key("a"), body, options: wrong)
                }
                try await scope.expectMissing(scope.key("a"))
            },
        ]
    }

    private static let others: [ConformanceCase] = [
        ConformanceCase("checksum.notLeftFromReplaced", .writing()) { scope in
            let algorithm = scope.store.capabilities.checksums.first
            let options = PutOptions(checksum: algorithm.map { .compute($0) })
            try await scope.fixture.put(scope.key("a"), bytes, options: options)
            try await scope.store.put(scope.key("a"), "new")
            let found = try await scope.store.head(scope.key("a")).checksum
            guard let found else { return }
            let right = Checksum.of(Array("new".utf8), found.algorithm)
            try expectEqual(found, right, "the checksum of a blob that was replaced")
        },
        ConformanceCase("checksum.unasked.right", .reading) { scope in
            try await scope.fixture.put(scope.key("a"), bytes)
            let found = try await scope.store.head(scope.key("a")).checksum
            guard let found else { return }
            let right = Checksum.of(bytes, found.algorithm)
            try expectEqual(found, right, "the checksum that the store chose to keep")
        },
        ConformanceCase("checksum.unkept.refusedIfWrong", .writing()) { scope in
            let unkept = Set(ChecksumAlgorithm.allCases)
                .subtracting(scope.store.capabilities.checksums)
            for algorithm in unkept.sorted(by: { $0.rawValue < $1.rawValue }) {
                let wrong = PutOptions(checksum: .expect(Checksum.of([1], algorithm)))
                try await expectError(
                    .unsupported,
                    .integrityFailure,
                    from: "put with a wrong checksum that the store doesn't keep"
                ) {
                    try await scope.store.put(scope.key("a"), bytes, options: wrong)
                }
                try await scope.expectMissing(scope.key("a"))
            }
        },
    ]

    private static func expectKept(_ right: Checksum, _ scope: CaseScope) async throws {
        let key = scope.key("a")
        try await expectEqual(scope.store.head(key).checksum, right, "head's checksum")
        let blob = try await scope.store.get(key)
        try expectEqual(blob.attributes.checksum, right, "get's checksum")
    }
}
