import BlobStorage
import Testing

@Suite struct BlobSyncProgressTests {
    let source = InMemoryStore()
    let destination = InMemoryStore()

    func fill(_ count: Int) async throws {
        for number in 0..<count {
            try await source.put(BlobKey("many/\(number)"), [UInt8](repeating: 7, count: 100))
        }
    }

    @Test func reportsGrowAndTheLastOneHasTheTotals() async throws {
        try await fill(3_000)
        let options = SyncOptions(reportInterval: .zero)
        let clock = ManualClock(step: .milliseconds(1))
        let sync = BlobSync(from: source, into: destination, options: options, clock: clock)
        var last = SyncReport?.none
        for try await report in sync {
            if let last {
                #expect(!last.isFinished)
                #expect(report.done.blobCount >= last.done.blobCount)
                #expect(report.done.byteCount >= last.done.byteCount)
                #expect(report.transferredByteCount >= last.transferredByteCount)
                #expect(report.elapsed >= last.elapsed)
                #expect(report.total.blobCount >= last.total.blobCount)
            }
            #expect(report.done.blobCount <= report.total.blobCount)
            #expect(report.done.byteCount <= report.total.byteCount)
            last = report
        }
        let end = try #require(last)
        #expect(end.isFinished && end.isTotalKnown)
        #expect(end.done == end.total)
        #expect(end.total == SyncReport.Tally(blobCount: 3_000, byteCount: 300_000))
        #expect(end.copied == end.total)
        #expect(end.transferredByteCount == 300_000)
        #expect(end.timeLeft == .zero)
    }

    @Test func slowReaderGetsTheNewestReport() async throws {
        try await fill(500)
        let (reached, isOver) = (Gate(), Gate())
        var watched = InterceptedStore(destination)
        watched.onPut = { base, key, body, options in
            if key == "many/99" { reached.open() }
            return try await base.put(key, body, options: options)
        }
        let options = SyncOptions(concurrency: 1, reportInterval: .zero)
        let sync = BlobSync(from: source, into: watched, options: options) { _ in }
        var count = 0
        for try await report in sync {
            count += 1
            // The work goes on while the first report is looked at.
            if count == 1 { await reached.wait() }
            if report.isFinished { isOver.open() }
        }
        await isOver.wait()
        #expect(count < 500)
        #expect(try await destination.list().keys().count == 500)
    }

    @Test func rateAndTimeLeftComeFromTheClock() async throws {
        for number in 0..<10 {
            try await source.put(BlobKey("\(number)"), [UInt8](repeating: 0, count: 1_000))
        }
        let clock = ManualClock()
        let isCounted = Gate()
        var timed = InterceptedStore(source)
        timed.onGet = { base, key, options in
            await isCounted.wait()
            clock.advance(by: .seconds(2))
            return try await base.get(key, range: nil, options: options)
        }
        let options = SyncOptions(concurrency: 1, reportInterval: .zero)
        let sync = BlobSync(from: timed, into: destination, options: options, clock: clock)
        for try await report in sync {
            if report.isTotalKnown { isCounted.open() }
            guard report.done.blobCount > 0, !report.isFinished else { continue }
            // Two seconds for a thousand bytes; the next get may have advanced the clock already.
            #expect((250...500).contains(report.bytesPerSecond), "\(report)")
            let left = try #require(report.timeLeft) / .seconds(2)
            let expected = Double(10 - report.done.blobCount)
            #expect((expected...expected * 2 + 1).contains(left), "\(report) \(left)")
        }
        #expect(clock.now.offset == .seconds(20))
    }

    @Test func noMoreBlobsAreWorkedOnAtATimeThanAllowed() async throws {
        try await fill(400)
        for limit in [1, 3, 8] {
            let load = Load()
            var counting = InterceptedStore(destination)
            counting.onPut = { base, key, body, options in
                try await load.during {
                    for _ in 0..<10 { await Task.yield() }
                    return try await base.put(key, body, options: options)
                }
            }
            let options = SyncOptions(skips: .nothing, concurrency: limit)
            try await source.sync(into: counting, options: options)
            #expect(load.most <= limit)
            if limit > 1 { #expect(load.most > 1) }
        }
    }

    @Test func streamsAreNeverHeldInMemory() async throws {
        // 64 blobs of 64 chunks of 64 KiB: 256 MiB, of which 4 blobs' chunks may be alive at once.
        for number in 0..<64 { try await source.put(BlobKey("\(number)"), "") }
        let alive = ChunksAlive()
        var streaming = alive.source(source)
        streaming.onList = { base, options in
            var page = try await base.list(options)
            for index in page.blobs.indices {
                page.blobs[index].byteCount = ChunksAlive.blobByteCount
            }
            return page
        }
        let sink = alive.sink(destination, originals: source)
        let report = try await streaming.sync(into: sink, options: .init(concurrency: 4))
        #expect(report.copied.byteCount == 256 << 20)
        #expect(report.failures.isEmpty)
        #expect(alive.most <= 4)
    }

    @Test func leavingTheLoopEndsTheWork() async throws {
        try await fill(2_000)
        let load = Load()
        var counting = InterceptedStore(destination)
        counting.onPut = { base, key, body, options in
            try await load.during {
                try await Self.waitIfLate(load)
                return try await base.put(key, body, options: options)
            }
        }
        let options = SyncOptions(reportInterval: .zero)
        for try await report in BlobSync(from: source, into: counting, options: options)
        where report.done.blobCount > 100 {
            break
        }
        await load.settle()
        let count = load.total
        for _ in 0..<100 { await Task.yield() }
        #expect(load.total == count)
        #expect(load.total < 2_000)
        try await expectResumes()
    }

    @Test func cancelledTaskEndsTheWorkBeforeItThrows() async throws {
        try await fill(2_000)
        let load = Load()
        let started = Gate()
        var counting = InterceptedStore(destination)
        counting.onPut = { base, key, body, options in
            try await load.during {
                if load.total > 100 { started.open() }
                try await Self.waitIfLate(load)
                return try await base.put(key, body, options: options)
            }
        }
        let (from, into) = (source, counting)
        let runs: [@Sendable () async throws -> Void] = [
            { try await from.sync(into: into, options: .init(skips: .nothing)) },
            {
                let options = SyncOptions(skips: .nothing, reportInterval: .zero)
                for try await _ in BlobSync(from: from, into: into, options: options) {}
            },
        ]
        for run in runs {
            let task = Task { try await run() }
            await started.wait()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            let (running, count) = (load.now, load.total)
            #expect(running == 0)
            for _ in 0..<100 { await Task.yield() }
            #expect(load.total == count)
        }
        try await expectResumes()
    }

    /// All but the first puts take their time, however late the reader of the reports, or whoever
    /// cancels, gets its turn.
    private static func waitIfLate(_ load: Load) async throws {
        if load.total > 150 { try await Task.sleep(for: .seconds(2)) }
    }

    /// Every blob that is there is whole, and another run copies the others only.
    private func expectResumes() async throws {
        let there = try await destination.list().keys().count
        for try await blob in destination.list() { #expect(blob.byteCount == 100) }
        let report = try await source.sync(into: destination)
        #expect(report.skipped.blobCount == there)
        #expect(report.copied.blobCount == 2_000 - there)
        #expect(try await destination.list().keys() == source.list().keys())
    }

    @Test func reportsEndWithTheErrorOfTheRun() async throws {
        var broken = InterceptedStore(source)
        broken.onList = { _, _ in
            throw BlobError(.unavailable, operation: "list", message: "broken")
        }
        let sync = BlobSync(from: broken, into: destination)
        var iterator = sync.makeAsyncIterator()
        await #expect(throws: BlobError.self) {
            while try await iterator.next() != nil {}
        }
        #expect(try await iterator.next() == nil)
    }

    @Test func bytesThatAreSentAgainCountOnce() async throws {
        try await fill(10)
        var retrying = InterceptedStore(destination)
        retrying.onPut = { base, key, body, options in
            for try await _ in body { break }
            return try await base.put(key, body, options: options)
        }
        let report = try await source.sync(into: retrying)
        #expect(report.transferredByteCount == 1_000)
        #expect(report.done == report.total)
    }

    @Test func sizesThatAddUpToMoreThanThereAreBytesDoNotTrap() async throws {
        try await fill(3)
        var huge = InterceptedStore(source)
        huge.onList = { base, options in
            var page = try await base.list(options)
            for index in page.blobs.indices { page.blobs[index].byteCount = .max }
            return page
        }
        let options = SyncOptions(isDryRun: true)
        let report = try await huge.sync(into: destination, options: options)
        #expect(report.copied == SyncReport.Tally(blobCount: 3, byteCount: .max))
    }

    @Test func nothingToDoIsOneReport() async throws {
        var reports: [SyncReport] = []
        for try await report in BlobSync(from: source, into: destination) { reports.append(report) }
        #expect(reports.last?.isFinished == true)
        #expect(reports.last?.total == SyncReport.Tally())
    }
}
