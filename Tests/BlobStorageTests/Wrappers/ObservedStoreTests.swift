import BlobStorage
import Foundation
import Testing

@Suite struct ObservedStoreTests {
    let base = InMemoryStore()
    let clock = ManualClock()
    let log = Locked<[String]>([])

    /// Writes a line for each call of the observer's.
    func observer(followsBodies: Bool = true) -> BlobObserver {
        let log = log
        return BlobObserver(followsBodies: followsBodies) { operation in
            let name = "\(operation.name) \(operation.key?.text ?? "-")"
            log.withLock { $0.append("> \(name)") }
            return { end in
                let outcome =
                    switch end.outcome {
                    case .succeeded: "succeeded"
                    case .failed(let error as BlobError): "\(error.kind)"
                    case .failed(let error): "\(error)"
                    case .left: "left"
                    }
                let bytes = end.byteCount.map { "\($0)" } ?? "nil"
                log.withLock { $0.append("< \(name) \(outcome) \(bytes) \(end.duration)") }
            }
        }
    }

    var lines: [String] { log.withLock { $0 } }

    /// A store whose bodies are streams of three chunks of two bytes, a second each.
    func streaming(failingAt failure: Int? = nil) -> InterceptedStore {
        var store = InterceptedStore(base)
        let clock = clock
        store.onGet = { base, key, options in
            let blob = try await base.get(key, range: nil, options: options)
            clock.advance(by: .seconds(1))
            let chunks = MadeChunks { number in
                clock.advance(by: .seconds(1))
                if number == failure { throw CancellationError() }
                return number < 3 ? [1, 2] : nil
            }
            let body = BlobBody(chunks, byteCount: 6, isReplayable: true)
            return Blob(attributes: blob.attributes, range: blob.range, body: body)
        }
        return store
    }

    @Test func tellsOfEveryOperationBeforeAndAfter() async throws {
        let store = base.observed(by: observer(), clock: clock)
        try await store.prepare()
        try await store.put("a", "123")
        _ = try await store.head("a")
        try await store.copy("a", to: "b")
        _ = try await store.list(ListOptions())
        try await store.delete("a")
        _ = try await store.delete(["b"])
        #expect(try await !store.exists("a"))
        #expect(
            lines == [
                "> prepare -", "< prepare - succeeded nil 0.0 seconds",
                "> put a", "< put a succeeded 3 0.0 seconds",
                "> head a", "< head a succeeded nil 0.0 seconds",
                "> copy a", "< copy a succeeded 3 0.0 seconds",
                "> list -", "< list - succeeded nil 0.0 seconds",
                "> delete a", "< delete a succeeded nil 0.0 seconds",
                "> delete -", "< delete - succeeded nil 0.0 seconds",
                "> head a", "< head a notFound nil 0.0 seconds",
            ]
        )
    }

    @Test func getEndsWithItsBody() async throws {
        try await base.put("a", "123456")
        let store = streaming().observed(by: observer(), clock: clock)
        let blob = try await store.get("a")
        #expect(lines == ["> get a"])
        #expect(blob.body.byteCount == 6)
        #expect(blob.body.isReplayable)
        #expect(try await blob.body.collect(upTo: 9).count == 6)
        #expect(lines.last == "< get a succeeded 6 5.0 seconds")
        // A second reading is allowed, and told to nobody.
        #expect(try await blob.body.collect(upTo: 9).count == 6)
        #expect(lines.count == 2)
    }

    @Test func getWhoseBodyFailsHasFailed() async throws {
        try await base.put("a", "123456")
        let store = streaming(failingAt: 1).observed(by: observer(), clock: clock)
        let body = try await store.get("a").body
        await #expect(throws: CancellationError.self) { try await body.collect(upTo: 9) }
        #expect(lines.last == "< get a CancellationError() 2 3.0 seconds")
    }

    @Test func getWhoseBodyIsLeftIsLeft() async throws {
        try await base.put("a", "123456")
        let store = streaming().observed(by: observer(), clock: clock)
        let blob = try await store.get("a")
        for try await _ in blob.body { break }
        #expect(lines.last == "< get a left 2 2.0 seconds")
        _ = blob.attributes
        #expect(lines.count == 2)
    }

    @Test func getWhoseBodyIsNeverReadIsLeft() async throws {
        try await base.put("a", "123456")
        let store = streaming().observed(by: observer(), clock: clock)
        _ = try await store.get("a")
        #expect(lines.last == "< get a left 0 1.0 seconds")
    }

    @Test func getThatFindsNothingHasFailed() async throws {
        let store = base.observed(by: observer(), clock: clock)
        await #expect(throws: BlobError.self) { try await store.get("a") }
        #expect(lines.last == "< get a notFound nil 0.0 seconds")
    }

    @Test func bodyInMemoryStaysInMemory() async throws {
        try await base.put("a", "123")
        let store = base.observed(by: observer(), clock: clock)
        #expect(try await store.get("a").body.bytesInMemory == Array("123".utf8))
        #expect(lines.last == "< get a succeeded 3 0.0 seconds")
    }

    @Test func fileStaysAFileWhereBodiesAreNotFollowed() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        try Data("12345".utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try await BlobBody.file(path)
        try await base.put("a", "12345")
        var files = InterceptedStore(base)
        files.onGet = { base, key, _ in
            Blob(attributes: try await base.head(key), range: 0..<5, body: file)
        }
        let plain = files.observed(by: observer(followsBodies: false), clock: clock)
        #expect(try await plain.get("a").body.fileRange != nil)
        #expect(lines.last == "< get a succeeded nil 0.0 seconds")
        let followed = files.observed(by: observer(), clock: clock)
        let body = try await followed.get("a").body
        #expect(body.isReplayable)
        #expect(try await body.collect(upTo: 9) == Array("12345".utf8))
        #expect(lines.last == "< get a succeeded 5 0.0 seconds")
    }

    @Test func chunksAreAskedForOneAtATime() async throws {
        try await base.put("a", "x")
        let made = Locked(0)
        var endless = InterceptedStore(base)
        endless.onGet = { base, key, _ in
            let chunks = MadeChunks { _ in
                made.withLock { $0 += 1 }
                return [0]
            }
            let attributes = try await base.head(key)
            return Blob(attributes: attributes, range: 0..<1, body: BlobBody(chunks))
        }
        let store = endless.observed(by: observer(), clock: clock).prefixed("")
        var iterator = try await store.get("a").body.makeAsyncIterator()
        for count in 1...5 {
            _ = try await iterator.next()
            #expect(made.withLock { $0 } == count)
        }
    }

    @Test func timeToAnswerIsToldApartFromTheBodys() async throws {
        try await base.put("a", "123456")
        let times = Locked<[Duration]>([])
        let observer = BlobObserver { _ in
            { end in times.withLock { $0 += [end.timeToAnswer, end.duration] } }
        }
        let store = streaming().observed(by: observer, clock: clock)
        _ = try await store.get("a").body.collect(upTo: 9)
        #expect(times.withLock { $0 } == [.seconds(1), .seconds(5)])
    }

    @Test func failureOfABulkDeleteIsTold() async throws {
        var broken = InterceptedStore(base)
        broken.onDelete = { _, keys in
            let error = BlobError(.conflict, operation: "delete", message: "busy")
            return [DeleteFailure(key: keys[0], error: error)]
        }
        let store = broken.observed(by: observer(), clock: clock)
        #expect(try await store.delete(["a", "b"]).count == 1)
        #expect(lines.last == "< delete - conflict nil 0.0 seconds")
    }

    @Test func multipartIsObservedToo() async throws {
        let plain: any BlobStore = base
        let observed = plain.observed(by: observer(), clock: clock)
        let store = try #require(observed as? any MultipartBlobStore)
        let upload = try await store.createMultipartUpload("a")
        let part = try await store.uploadPart(1, of: upload, [1, 2, 3])
        _ = try await store.parts(of: upload)
        try await store.completeMultipartUpload(upload, parts: [part])
        try await store.abortMultipartUpload(upload)
        _ = try await store.listMultipartUploads(prefix: "", continuationToken: nil, limit: 1)
        #expect(lines.filter { $0.hasPrefix(">") }.count == 6)
        #expect(lines[3] == "< uploadPart a succeeded 3 0.0 seconds")
        #expect(lines[7] == "< completeMultipartUpload a succeeded 3 0.0 seconds")
    }
}
