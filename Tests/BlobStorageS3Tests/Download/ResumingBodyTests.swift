import BlobStorage
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Testing

@testable import BlobStorageS3

/// A download that breaks goes on where it ended, or says why not.
@Suite struct ResumingBodyTests {
    private static func lost(_ kind: HTTPError.Kind = .connectionLost) -> HTTPError {
        HTTPError(kind, "broken", mayHaveArrived: true)
    }

    /// Reads a body whose transfers bring so many bytes each before they break; the last one ends it.
    private func read(
        _ counts: [Int],
        total: Int,
        kind: HTTPError.Kind = .connectionLost,
        from start: Int64 = 0
    ) async throws -> (bytes: [UInt8], offsets: [Int64], breaks: [Int]) {
        let rest = Locked(counts[...])
        let offsets = Locked<[Int64]>([])
        let breaks = Locked<[Int]>([])
        let next: @Sendable (Int64) -> BlobBody = { offset in
            let (count, isLast) = rest.withLock { ($0.popFirst() ?? 0, $0.isEmpty) }
            let first = UInt8(truncatingIfNeeded: offset)
            let bytes = (0..<count).map { first &+ UInt8(truncatingIfNeeded: $0) }
            let failure = isLast ? nil : Self.lost(kind)
            return BlobBody(TransferChunks(bytes: bytes, failure: failure), byteCount: nil)
        }
        let body = ResumingBody(
            first: next(start),
            range: start..<(start + Int64(total)),
            resume: { offset, count in
                offsets.withLock { $0.append(offset) }
                breaks.withLock { $0.append(count) }
                return next(offset)
            },
            failure: { $0 }
        )
        let bytes = try await BlobBody(body, byteCount: nil).collect(upTo: 16 << 20)
        return (bytes, offsets.withLock { $0 }, breaks.withLock { $0 })
    }

    @Test("goes on at the next byte", arguments: [HTTPError.Kind.connectionLost, .timedOut])
    func resumes(_ kind: HTTPError.Kind) async throws {
        let found = try await read([3, 0, 4, 3], total: 10, kind: kind, from: 5)
        #expect(found.bytes == Array(5..<15))
        #expect(found.offsets == [8, 8, 12])
        #expect(found.breaks == [1, 2, 3])
    }

    @Test("ends after its last byte", arguments: [HTTPError.Kind.connectionLost, .timedOut])
    func asksForNoMoreThanAll(_ kind: HTTPError.Kind) async throws {
        let found = try await read([4, 6, 0], total: 10, kind: kind)
        #expect(found.bytes == Array(0..<10))
        #expect(found.offsets == [4])
    }

    @Test func givesUpAfterBreaksInARow() async throws {
        // Four breaks are borne; the fifth is told.
        #expect(try await read([1, 1, 1, 1, 6], total: 10).bytes.count == 10)
        let error = try await #require(throws: HTTPError.self) {
            _ = try await read([1, 1, 1, 1, 1, 5], total: 10)
        }
        #expect(error.kind == .connectionLost)
    }

    @Test func aTransferThatGetsOnStartsTheCountAnew() async throws {
        let mebibyte = Int(ResumingBody.progressByteCount)
        let counts = [0, 0, 0, mebibyte, 0, 0, 0, mebibyte, 0, 0, 0, 1]
        let found = try await read(counts, total: 2 * mebibyte + 1)
        #expect(found.bytes.count == 2 * mebibyte + 1)
        // The transfer that brought a MiB breaks too.
        #expect(found.breaks == [1, 2, 3, 1, 2, 3, 4, 1, 2, 3, 4])
    }

    @Test(
        "tells what another transfer would not mend",
        arguments: [
            HTTPError.Kind.badAnswer, .closed, .tlsFailed,
        ]
    )
    func passesOn(_ kind: HTTPError.Kind) async throws {
        let error = try await #require(throws: HTTPError.self) {
            _ = try await read([1, 9], total: 10, kind: kind)
        }
        #expect(error.kind == kind)
    }

    @Test func moreBytesThanDeclaredAreAnError() async throws {
        let error = try await #require(throws: HTTPError.self) {
            _ = try await read([11], total: 10)
        }
        #expect(error.kind == .badAnswer)
    }

    // MARK: Through the store

    private static let bytes = (0..<4_000).map { UInt8(truncatingIfNeeded: $0 / 16) }

    @Test func theStoreAsksForTheRestOfTheSameVersion() async throws {
        let requests = Locked<[FakeRequest]>([])
        let fixture = try FaultFixture(
            { _ in },
            faults: { attempt in
                let number = requests.withLock { requests in
                    requests.append(attempt.request)
                    return requests.count
                }
                return number < 3 ? .truncate : nil
            }
        )
        fixture.server.put("a", Self.bytes)
        let blob = try await fixture.store.get("a")
        #expect(try await blob.body.collect(upTo: 4_000) == Self.bytes)
        let sent = requests.withLock { $0 }
        #expect(sent.map { $0.headers["range"] } == [nil, "bytes=2000-3999", "bytes=3000-3999"])
        let etag = blob.attributes.etag.text
        #expect(sent.map { $0.headers["if-match"] } == [nil, etag, etag])
    }

    @Test("says that the blob was changed", arguments: [false, true])
    func conflict(isDeleted: Bool) async throws {
        let fixture = try FaultFixture(
            { _ in },
            faults: { $0.request.headers["range"] == nil ? .truncate : nil }
        )
        fixture.server.put("a", Self.bytes)
        let blob = try await fixture.store.get("a")
        if isDeleted {
            fixture.server.state.withLock { $0.objects = [:] }
        } else {
            fixture.server.put("a", [UInt8](repeating: 1, count: 4_000))
        }
        let error = try await #require(throws: BlobError.self) {
            _ = try await blob.body.collect(upTo: 4_000)
        }
        #expect(error.kind == .conflict)
        #expect(error.operation == "get")
    }

    @Test func aServerThatAlwaysBreaksIsAskedSoOften() async throws {
        let fixture = try FaultFixture({ _ in }, faults: { _ in .truncate })
        fixture.server.put("a", Self.bytes)
        let blob = try await fixture.store.get("a")
        let error = try await #require(throws: BlobError.self) {
            _ = try await blob.body.collect(upTo: 4_000)
        }
        #expect(error.kind == .unavailable)
        #expect(fixture.transport.events.count == 1 + ResumingBody.maximumBreaks)
        // All but the first are waited for.
        #expect(fixture.time.sleepCount == ResumingBody.maximumBreaks - 1)
    }
}

/// Some bytes in pieces, and then an error or the end.
private struct TransferChunks: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let bytes: [UInt8]
    let failure: HTTPError?

    func makeAsyncIterator() -> Iterator { Iterator(rest: bytes[...], failure: failure) }

    struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<UInt8>
        let failure: HTTPError?

        mutating func next() async throws -> [UInt8]? {
            guard !rest.isEmpty else {
                if let failure { throw failure }
                return nil
            }
            defer { rest = rest.dropFirst(200_000) }
            return Array(rest.prefix(200_000))
        }
    }
}
