import BlobStorage
import BlobStorageTestKit
import BlobStorageTransportTestSupport
import Testing

@testable import BlobStorageS3

/// Bodies are cut into parts, whatever their chunks are, and their lengths are taken at their word.
@Suite struct PartReaderTests {
    private struct BodyFailure: Error, Equatable {}

    private func parts(
        _ body: BlobBody,
        partByteCount: Int64 = 10,
        limit: Int64 = 1_000
    ) async throws -> [PartReader.Part] {
        let plan = PartPlan(byteCount: limit, partByteCount: partByteCount, partCount: 100)
        var reader = PartReader(body, .plan(plan), limit: limit, key: "a")
        var parts: [PartReader.Part] = []
        while let part = try await reader.next() { parts.append(part) }
        return parts
    }

    private func stream(_ chunks: [[UInt8]], failure: BodyFailure? = nil, byteCount: Int64? = nil)
        -> BlobBody
    {
        BlobBody(ListedChunks(chunks: chunks, failure: failure), byteCount: byteCount)
    }

    @Test("cuts chunks of any size", arguments: [1, 3, 9, 10, 11, 20, 35, 100])
    func cuts(_ chunkByteCount: Int) async throws {
        let bytes = [UInt8](0..<35)
        let chunks = stride(from: 0, to: 35, by: chunkByteCount).map { start in
            Array(bytes[start..<min(start + chunkByteCount, 35)])
        }
        let found = try await parts(stream(chunks))
        #expect(found.map(\.bytes.count) == [10, 10, 10, 5])
        #expect(found.flatMap(\.bytes) == bytes)
        #expect(found.map(\.isLast) == [false, false, false, true])
    }

    @Test("knows the last part", arguments: [0, 1, 9, 10, 11, 20, 21])
    func ends(_ byteCount: Int) async throws {
        // Empty chunks, at the end too, are no bytes.
        let chunk = [UInt8](repeating: 1, count: byteCount)
        let found = try await parts(stream([[], chunk, [], []]))
        #expect(found.map(\.bytes.count).reduce(0, +) == byteCount)
        #expect(found.count == (byteCount + 9) / 10)
        #expect(found.map(\.isLast) == found.indices.map { $0 == found.count - 1 })
    }

    @Test("takes a declared length at its word", arguments: [(20, 25), (30, 25)])
    func lengths(declared: Int64, found: Int) async throws {
        let body = stream([[UInt8](repeating: 1, count: found)], byteCount: declared)
        let error = try await #require(throws: BlobError.self) { _ = try await parts(body) }
        #expect(error.kind == .invalidArgument)
        #expect(error.key == "a")
    }

    @Test func passesOnWhatTheBodyThrows() async throws {
        let body = stream([[1, 2, 3]], failure: BodyFailure())
        await #expect(throws: BodyFailure.self) { _ = try await parts(body) }
    }

    @Test func refusesMoreThanTheStoreTakes() async throws {
        let body = stream([[UInt8](repeating: 1, count: 31)])
        let error = try await #require(throws: BlobError.self) {
            _ = try await parts(body, limit: 30)
        }
        #expect(error.kind == .tooLarge)
    }

    @Test("CountedChunks pass on as many bytes as were declared", arguments: [0, 1, 25])
    func counted(_ byteCount: Int) async throws {
        let bytes = [UInt8](repeating: 1, count: byteCount)
        let chunks = CountedChunks(
            body: stream([bytes], byteCount: Int64(byteCount)),
            key: "a"
        )
        #expect(try await BlobBody(chunks, byteCount: nil).collect(upTo: 100) == bytes)
    }

    @Test("CountedChunks end in an error with more or fewer", arguments: [24, 26] as [Int64])
    func miscounted(_ declared: Int64) async throws {
        let body = stream([[UInt8](repeating: 1, count: 25)], byteCount: declared)
        let chunks = BlobBody(CountedChunks(body: body, key: "a"), byteCount: nil)
        let error = try await #require(throws: BlobError.self) {
            _ = try await chunks.collect(upTo: 100)
        }
        #expect(error.kind == .invalidArgument)
        #expect(error.operation == "put")
    }

    @Test func aFailingBodyLeavesNoUpload() async throws {
        let fixture = try FaultFixture()
        let chunk = [UInt8](repeating: 1, count: 5_000)
        let body = stream([chunk], failure: BodyFailure())
        await #expect(throws: BodyFailure.self) {
            _ = try await fixture.store.put("a", body, options: PutOptions())
        }
        #expect(fixture.server.uploadCount == 0)
        #expect(fixture.server.text("a") == nil)
        #expect(fixture.transport.events.contains { $0.operation == "CreateMultipartUpload" })
    }
}

/// Chunks, and then the end or an error.
private struct ListedChunks<Failure: Error>: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let chunks: [[UInt8]]
    let failure: Failure?

    func makeAsyncIterator() -> Iterator { Iterator(rest: chunks[...], failure: failure) }

    struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<[UInt8]>
        let failure: Failure?

        mutating func next() async throws -> [UInt8]? {
            if let chunk = rest.popFirst() { return chunk }
            if let failure { throw failure }
            return nil
        }
    }
}
