import BlobStorage
import BlobStorageS3
import BlobStorageTestKit

/// One client with keys of its own, which knows what must be under each.
struct SoakClient {
    /// Thrown by bodies and cancelled tasks of this client on purpose.
    private struct Injected: Error {}

    private static let slotCount = 40
    /// Writes of unknown outcome rest this long, counted in such writes, before they are looked at:
    /// a server may still be at work for a client that has gone.
    private static let restingCount = 50

    private let prefix: String
    private let store: S3Store
    /// Whether it writes blobs of many parts: behind a store in memory they would be most of it.
    private let putsParts: Bool
    private var random: SplitMix64
    private var serial: UInt64 = 0
    /// What is known to be there.
    private var known: [BlobKey: SoakContent] = [:]
    /// Keys whose last write may have happened or not, and what they may hold.
    private var uncertain: [(key: BlobKey, contents: [SoakContent?])] = []
    private var tally = SoakTally()

    init(_ number: Int, _ store: S3Store, putsParts: Bool, seed: UInt64) {
        prefix = "client-\(number)/"
        self.store = store
        self.putsParts = putsParts
        random = SplitMix64(seed)
    }

    /// Works for a time, and then looks at everything.
    mutating func work(for time: Duration) async -> SoakTally {
        let end = ContinuousClock.now + time
        while ContinuousClock.now < end {
            tally.operationCount += 1
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<35: await put()
            case 35..<65: await get()
            case 65..<72: await getRange()
            case 72..<78: await list()
            case 78..<86: await copy()
            case 86..<96: await delete()
            case 96..<98: await leaveInTheMiddle()
            default: if putsParts { await putParts() } else { await put() }
            }
        }
        for key in known.keys { await check(key, [known[key]]) }
        for entry in uncertain { await check(entry.key, entry.contents) }
        return tally
    }

    // MARK: Writes

    private mutating func put() async {
        let content = newContent(0..<40_000)
        let key = freeKey()
        let isFaulty = Double.random(in: 0..<1, using: &random) < SoakWorker.faultProbability
        guard isFaulty else {
            await write(key, content) { [store] in
                try await store.put(key, BlobBody(content.bytes), options: PutOptions())
            }
            return
        }
        tally.clientFaultCount += 1
        let bytes = content.bytes
        if Bool.random(using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            await write(key, content) { [store] in
                let body = BlobBody(
                    Breaking(bytes: bytes, place: place),
                    byteCount: Int64(bytes.count)
                )
                return try await store.put(key, body, options: PutOptions())
            }
        } else {
            let wait = Duration.microseconds(Int.random(in: 0..<5_000, using: &random))
            await write(key, content) { [store] in
                try await Self.cancelled(after: wait) {
                    try await store.put(key, BlobBody(bytes), options: PutOptions())
                }
            }
        }
    }

    private mutating func putParts() async {
        let content = newContent((5 << 20) + 1..<7 << 20)
        let key = freeKey()
        await write(key, content) { [store] in
            try await store.put(key, BlobBody(content.bytes), options: PutOptions())
        }
    }

    private mutating func copy() async {
        guard let source = known.keys.randomElement(using: &random), let content = known[source]
        else { return }
        let key = freeKey(besides: source)
        await write(key, content) { [store] in
            try await store.copy(source, to: key, options: CopyOptions())
        }
    }

    private mutating func delete() async {
        guard let key = known.keys.randomElement(using: &random) else { return }
        await write(key, nil) { [store] in try await store.delete(key, options: DeleteOptions()) }
    }

    /// Makes a write and remembers what came of it.
    private mutating func write<Value: Sendable>(
        _ key: BlobKey,
        _ content: SoakContent?,
        _ work: @Sendable () async throws -> Value
    ) async {
        let before = known[key]
        do {
            _ = try await work()
            tally.acknowledgedCount += 1
            known[key] = content
        } catch {
            note(error, key)
            tally.uncertainCount += 1
            known[key] = nil
            uncertain.append((key, [before, content]))
            if uncertain.count > Self.restingCount {
                let oldest = uncertain.removeFirst()
                await check(oldest.key, oldest.contents)
                // What fails here stays, and takes little.
                try? await store.delete(oldest.key, options: DeleteOptions())
            }
        }
    }

    /// A key that is free or known: a write of unknown outcome could still come after another.
    private mutating func freeKey(besides other: BlobKey? = nil) -> BlobKey {
        if known.count >= Self.slotCount,
            let key = known.keys.filter({ $0 != other }).randomElement(using: &random)
        {
            return key
        }
        serial += 1
        return BlobKey(unchecked: "\(prefix)\(serial)")
    }

    private mutating func newContent(_ byteCounts: Range<Int>) -> SoakContent {
        SoakContent(
            seed: random.next(),
            byteCount: Int.random(in: byteCounts, using: &random)
        )
    }

    // MARK: Reads

    private mutating func get() async {
        guard let key = known.keys.randomElement(using: &random) else { return }
        await check(key, [known[key]], attempts: 1)
    }

    /// Looks whether a key holds one of the contents.
    private mutating func check(
        _ key: BlobKey,
        _ contents: [SoakContent?],
        attempts: Int = 5
    ) async {
        for attempt in 1...attempts {
            do {
                let found = try await store.bytes(key, upTo: 8 << 20)
                tally.readBackCount += 1
                if !contents.contains(where: { $0?.bytes == found }) {
                    tally.problems.append("\(key) has \(found.count) bytes that nobody wrote last")
                }
                return
            } catch let error as BlobError where error.kind == .notFound {
                if !contents.contains(nil) { tally.problems.append("\(key) is lost") }
                return
            } catch {
                note(error, key)
                if attempt == attempts, attempts > 1 {
                    tally.problems.append("\(key) can't be read: \(error)")
                }
            }
        }
    }

    private mutating func getRange() async {
        guard let key = known.keys.randomElement(using: &random), let content = known[key],
            content.byteCount > 1
        else { return }
        let start = Int.random(in: 0..<content.byteCount - 1, using: &random)
        let end = Int.random(in: start + 1..<content.byteCount, using: &random)
        do {
            let blob = try await store.get(
                key,
                range: .bounded(Int64(start)..<Int64(end)),
                options: GetOptions()
            )
            let found = try await blob.body.collect(upTo: 8 << 20)
            if found != Array(content.bytes[start..<end]) {
                tally.problems.append("\(key): other bytes in \(start)..<\(end)")
            }
        } catch {
            note(error, key)
        }
    }

    /// Reads a chunk of a blob, and leaves.
    private mutating func leaveInTheMiddle() async {
        guard let key = known.keys.randomElement(using: &random) else { return }
        tally.clientFaultCount += 1
        do {
            let blob = try await store.get(key)
            for try await _ in blob.body { break }
        } catch {
            note(error, key)
        }
    }

    private mutating func list() async {
        do {
            var found: Set<BlobKey> = []
            var token: String?
            repeat {
                let page = try await store.list(
                    ListOptions(prefix: prefix, continuationToken: token)
                )
                found.formUnion(page.blobs.map(\.key))
                token = page.continuationToken
            } while token != nil
            for key in known.keys where !found.contains(key) {
                tally.problems.append("\(key) is not listed")
            }
        } catch {
            note(error, nil)
        }
    }

    // MARK: Errors

    /// Counts an error, which must be one that was injected or follows from one.
    private mutating func note(_ error: any Error, _ key: BlobKey?) {
        tally.failedCount += 1
        if error is Injected || error is CancellationError { return }
        if let error = error as? BlobError {
            switch error.kind {
            case .unavailable, .throttled, .timedOut, .outcomeUnknown: return
            default: break
            }
        }
        tally.problems.append("\(key?.text ?? prefix): \(error)")
    }

    private static func cancelled<Value: Sendable>(
        after wait: Duration,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: wait)
                return nil
            }
            guard let first = try await group.next(), let value = first else {
                group.cancelAll()
                throw CancellationError()
            }
            group.cancelAll()
            return value
        }
    }

    /// A body that throws at a place.
    private struct Breaking: AsyncSequence, Sendable {
        typealias Element = [UInt8]

        let bytes: [UInt8]
        let place: Int

        struct Iterator: AsyncIteratorProtocol {
            var rest: [UInt8]?

            mutating func next() async throws -> [UInt8]? {
                guard let chunk = rest, !chunk.isEmpty else { throw Injected() }
                rest = nil
                return chunk
            }
        }

        func makeAsyncIterator() -> Iterator { Iterator(rest: Array(bytes[..<place])) }
    }
}

/// The bytes of a blob, told by two numbers.
struct SoakContent: Sendable, Equatable {
    let seed: UInt64
    let byteCount: Int

    var bytes: [UInt8] {
        var random = SplitMix64(seed)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount + 8)
        while bytes.count < byteCount {
            withUnsafeBytes(of: random.next().littleEndian) { bytes.append(contentsOf: $0) }
        }
        bytes.removeLast(bytes.count - byteCount)
        return bytes
    }
}
