import BlobStorage
import Testing

@Suite struct BlobTransferTests {
    let source = InMemoryStore()
    let destination = InMemoryStore()

    @Test("carries bytes, headers and metadata over", arguments: nastyKeys)
    func copies(_ key: BlobKey) async throws {
        let options = PutOptions(
            headers: ContentHeaders(contentType: "text/x", contentEncoding: "gzip"),
            metadata: ["a": "1", "b": "é"]
        )
        try await source.put(key, "text", options: options)
        let copy = try await source.copy(key, into: destination)
        #expect(copy.headers == options.headers)
        #expect(copy.metadata == options.metadata)
        #expect(copy.checksum == Checksum.of(Array("text".utf8), .crc64NVME))
        #expect(try await destination.head(key) == copy)
        #expect(try await destination.bytes(key, upTo: 9) == Array("text".utf8))
    }

    @Test func copiesUnderAnotherKeyAndCondition() async throws {
        try await source.put("a", "")
        let copy = try await source.copy("a", into: destination, as: "b", condition: .ifAbsent)
        #expect(copy.key == "b")
        #expect(copy.byteCount == 0)
        let error = await #expect(throws: BlobError.self) {
            try await source.copy("a", into: destination, as: "b", condition: .ifAbsent)
        }
        #expect(error?.kind == .alreadyExists)
    }

    @Test func keepsTheChecksumThatTheSourceKeeps() async throws {
        try await source.put("a", "1", options: PutOptions(checksum: .compute(.sha256)))
        let copy = try await source.copy("a", into: destination)
        #expect(copy.checksum == Checksum.of(Array("1".utf8), .sha256))
    }

    @Test func sourceThatChangedItsBytesIsNotCopied() async throws {
        try await source.put("a", "good", options: PutOptions(checksum: .compute(.crc32C)))
        try await destination.put("a", "old")
        for checksums in [Set(ChecksumAlgorithm.allCases), [.sha256], []] {
            var other = InterceptedStore(destination)
            other.capabilities.checksums = checksums
            let error = await #expect(throws: BlobError.self) {
                try await source.replacingBodies(with: [Array("evil".utf8)])
                    .copy("a", into: other)
            }
            #expect(error?.kind == .integrityFailure)
            #expect(try await destination.bytes("a", upTo: 9) == Array("old".utf8))
        }
    }

    @Test func cancellationIsNotTakenForAFaultOfTheSource() async throws {
        // An AsyncStream ends, without an error, when its reader is cancelled.
        let (stream, _) = AsyncStream<[UInt8]>.makeStream()
        let attributes = try await source.put("a", "1234")
        var slow = InterceptedStore(source)
        slow.onGet = { _, _, _ in
            Blob(attributes: attributes, range: 0..<4, body: BlobBody(stream))
        }
        let task = Task { [slow] in
            withUnsafeCurrentTask { $0?.cancel() }
            try await slow.copy("a", into: destination)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func sourceThatEndsEarlyIsNotCopied() async throws {
        try await source.put("a", "1234")
        let error = await #expect(throws: BlobError.self) {
            try await source.replacingBodies(with: [[1], [2]]).copy("a", into: destination)
        }
        #expect(error?.kind == .integrityFailure)
        #expect(try await !destination.exists("a"))
    }

    @Test("does not keep a copy that the destination spoilt", arguments: ["spoilt", "sho"])
    func spoiltCopy(_ text: String) async throws {
        var broken = InterceptedStore(destination)
        broken.onPut = { base, key, body, options in
            _ = try await body.collect(upTo: 100)
            let options = PutOptions(checksum: .compute(.crc64NVME))
            return try await base.put(key, Array(text.utf8), options: options)
        }
        let other = broken
        try await source.put("a", "intact")
        let error = await #expect(throws: BlobError.self) {
            try await source.copy("a", into: other)
        }
        #expect(error?.kind == .integrityFailure)
        #expect(error?.key == "a")
        #expect(try await !destination.exists("a"))
    }

    @Test("leaves what others wrote over a copy that was spoilt", arguments: [true, false])
    func spoiltCopyThatWasReplaced(deletesOnCondition: Bool) async throws {
        var broken = InterceptedStore(destination)
        if !deletesOnCondition { broken.capabilities.features.remove(.deleteIfMatches) }
        broken.onPut = { base, key, body, options in
            _ = try await body.collect(upTo: 100)
            let options = PutOptions(checksum: .compute(.crc64NVME))
            let copy = try await base.put(key, Array("spoilt".utf8), options: options)
            try await base.put(key, "theirs")
            return copy
        }
        let other = broken
        try await source.put("a", "intact")
        let error = await #expect(throws: BlobError.self) {
            try await source.copy("a", into: other)
        }
        #expect(error?.kind == .integrityFailure)
        #expect(try await destination.text("a", upTo: 9) == "theirs")
    }

    @Test func destinationThatReadsTwiceGetsTheSameTwice() async throws {
        var retrying = InterceptedStore(destination)
        retrying.onPut = { base, key, body, options in
            #expect(body.isReplayable)
            for try await _ in body { break }
            return try await base.put(key, body, options: options)
        }
        try await source.put("a", "text")
        try await source.copy("a", into: retrying)
        #expect(try await destination.bytes("a", upTo: 9) == Array("text".utf8))
    }

    @Test func storeCopiesInsideItself() async throws {
        var seen = InterceptedStore(source)
        seen.onGet = { _, _, _ in throw CancellationError() }
        try await source.prefixed("a/").put("x", "1")
        let copy = try await source.prefixed("a/").copy(
            "x",
            into: source.prefixed("b/").prefixed("c/")
        )
        #expect(copy.key == "x")
        #expect(try await source.exists("b/c/x"))
        let error = await #expect(throws: BlobError.self) {
            try await source.prefixed("a/").copy("y", into: source.prefixed("b/"))
        }
        #expect(error?.key == "y")
        #expect(try await source.copy("a/x", into: source).key == "a/x")
        // Another wrapper may be there to see the calls, so it is never gone round.
        let other = seen
        await #expect(throws: CancellationError.self) {
            try await other.copy("a/x", into: source, as: "c")
        }
    }
}

extension BlobStore {
    /// This store, whose bodies are these chunks whatever it holds.
    func replacingBodies(with chunks: [[UInt8]]) -> InterceptedStore {
        var store = InterceptedStore(self)
        store.onGet = { base, key, options in
            let blob = try await base.get(key, range: nil, options: options)
            let stream = MadeChunks { $0 < chunks.count ? chunks[$0] : nil }
            return Blob(
                attributes: blob.attributes,
                range: blob.range,
                body: BlobBody(stream, byteCount: blob.attributes.byteCount)
            )
        }
        return store
    }
}
