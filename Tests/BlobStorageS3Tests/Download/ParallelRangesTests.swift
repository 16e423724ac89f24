import BlobStorage
import BlobStorageTransportTestSupport
import Testing

@testable import BlobStorageS3

/// Several ranges are fetched at once and read in order, no more of them than fit the bound.
@Suite(.timeLimit(.minutes(10))) struct ParallelRangesTests {
    private struct Counts {
        var running = 0
        var most = 0
        var begun: [Range<Int64>] = []
        var cancelled = 0
    }

    /// Ranges whose fetches take the longer the earlier they stand.
    private func ranges(
        _ range: Range<Int64>,
        _ counts: Locked<Counts>,
        _ time: VirtualTime = VirtualTime(),
        failingAt failing: Int64? = nil
    ) -> ParallelRanges {
        ParallelRanges(range: range, partByteCount: 10, concurrency: 4) { part in
            counts.withLock { counts in
                counts.running += 1
                counts.most = max(counts.most, counts.running)
                counts.begun.append(part)
            }
            defer { counts.withLock { $0.running -= 1 } }
            do {
                try await time.sleep(.seconds(1_000 - part.lowerBound))
            } catch {
                counts.withLock { $0.cancelled += 1 }
                throw error
            }
            if part.lowerBound == failing { throw PartFailure() }
            return [part.map { UInt8(truncatingIfNeeded: $0) }]
        }
    }

    private struct PartFailure: Error {}

    @Test("reads in order", arguments: [0..<1, 0..<10, 3..<98, 0..<100, 7..<8] as [Range<Int64>])
    func order(_ range: Range<Int64>) async throws {
        let counts = Locked(Counts())
        let body = BlobBody(ranges(range, counts), byteCount: nil)
        let bytes = try await body.collect(upTo: 1_000)
        #expect(bytes == range.map { UInt8(truncatingIfNeeded: $0) })
        let begun = counts.withLock { $0.begun }.sorted { $0.lowerBound < $1.lowerBound }
        #expect(begun.first?.lowerBound == range.lowerBound)
        #expect(begun.last?.upperBound == range.upperBound)
        #expect(zip(begun, begun.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    }

    @Test func anEmptyRangeAsksForNothing() async throws {
        let counts = Locked(Counts())
        #expect(try await BlobBody(ranges(5..<5, counts), byteCount: nil).collect(upTo: 1) == [])
        #expect(counts.withLock { $0.begun.isEmpty })
    }

    @Test func aSlowReaderIsNotRunAheadOf() async throws {
        let counts = Locked(Counts())
        var iterator = ranges(0..<1_000, counts).makeAsyncIterator()
        for index in 1...20 {
            _ = try await iterator.next()
            // What was read, and a window more.
            #expect(counts.withLock { $0.begun.count } <= index + 4)
        }
        #expect(counts.withLock { $0.most } <= 4)
        #expect(counts.withLock { $0.most } > 1)
    }

    @Test func whoStopsReadingEndsTheFetches() async throws {
        let running = Locked(0)
        let time = VirtualTime(isAutomatic: false)
        let ranges = ParallelRanges(range: 0..<1_000, partByteCount: 10, concurrency: 4) { part in
            if part.lowerBound == 0 { return [[0]] }
            running.withLock { $0 += 1 }
            defer { running.withLock { $0 -= 1 } }
            try await time.sleep(.seconds(1))
            return [[1]]
        }
        for try await chunk in ranges {
            #expect(chunk == [0])
            // The range that is read counts as one of the four.
            await time.waitForSleepers(3)
            break
        }
        while running.withLock({ $0 }) > 0 { await Task.yield() }
        #expect(time.uptime == .zero)
    }

    @Test func whoIsCancelledEndsTheFetches() async throws {
        let counts = Locked(Counts())
        let time = VirtualTime(isAutomatic: false)
        let ranges = ranges(0..<1_000, counts, time)
        let task = Task { try await BlobBody(ranges, byteCount: nil).collect(upTo: 1_000) }
        await time.waitForSleepers(4)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        while counts.withLock({ $0.running }) > 0 { await Task.yield() }
        #expect(counts.withLock { $0.cancelled } == 4)
        #expect(time.uptime == .zero)
    }

    @Test func aFailureIsToldInItsPlace() async throws {
        let counts = Locked(Counts())
        var iterator = ranges(0..<100, counts, failingAt: 20).makeAsyncIterator()
        #expect(try await iterator.next()?.first == 0)
        #expect(try await iterator.next()?.first == 10)
        await #expect(throws: PartFailure.self) { try await iterator.next() }
    }

    @Test func aReadInParallelIsOfOneVersion() async throws {
        let fixture = try FaultFixture { $0.readsInParallel = true }
        fixture.server.put("a", [UInt8](repeating: 1, count: 9_000))
        let blob = try await fixture.store.get("a")
        var iterator = blob.body.makeAsyncIterator()
        _ = try await iterator.next()
        fixture.server.put("a", [UInt8](repeating: 2, count: 9_000))
        let error = await #expect(throws: BlobError.self) {
            while try await iterator.next() != nil {}
        }
        #expect(error?.kind == .conflict)
    }
}
