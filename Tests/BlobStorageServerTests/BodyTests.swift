import BlobStorage
import BlobStorageServer
import Foundation
import Glibc
import Testing

@Suite struct BodyTests {
    private static let host = "HTTP/1.1\r\nHost: h\r\n"

    @Test("bodies come back as they were sent", arguments: [0, 1, 1_000, 100_000, 5_000_000])
    func echo(_ count: Int) async throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await serving(TestHandler.echo) { address in
            let answers = try await RawClient.run(address) { client in
                try client.send("PUT /a \(Self.host)Content-Length: \(count)\r\n\r\n")
                try client.send(bytes)
                let first = try client.readAnswer()
                try client.send("PUT /b \(Self.host)Transfer-Encoding: chunked\r\n\r\n")
                for start in stride(from: 0, to: count, by: 70_000) {
                    let piece = Array(bytes[start..<min(count, start + 70_000)])
                    try client.send("\(String(piece.count, radix: 16));x=y\r\n")
                    try client.send(piece + [13, 10])
                }
                try client.send("0\r\nTrailer: x\r\n\r\n")
                return [first, try client.readAnswer()]
            }
            #expect(answers.map(\.status) == [200, 200])
            #expect(answers.map { $0.body == bytes } == [true, true])
        }
    }

    @Test(
        "a body that is cut or malformed is an error to the handler",
        arguments: [
            "Content-Length: 10\r\n\r\n12345", "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n",
            "Transfer-Encoding: chunked\r\n\r\n5\r\n12345",
            "Transfer-Encoding: chunked\r\n\r\nx\r\n",
            "Transfer-Encoding: chunked\r\n\r\n5\r\n1234567\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n-5\r\n12345\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n+5\r\n12345\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n 5\r\n12345\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n0x5\r\n12345\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n10000000000000005\r\n12345\r\n0\r\n\r\n",
        ]
    )
    func brokenRequestBody(_ rest: String) async throws {
        let outcomes = Locked<[String]>([])
        let server = HTTPServer(
            handler: TestHandler { request in
                do {
                    let bytes = try await request.body.collect(upTo: 1_000)
                    outcomes.withLock { $0.append("got \(bytes.count)") }
                } catch {
                    outcomes.withLock { $0.append("error") }
                }
                return .text(200, "")
            }
        )
        let address = try await server.start()
        try await RawClient.run(address) { client in
            try client.send("PUT / \(Self.host)\(rest)")
        }
        await server.stop(within: .seconds(5))
        #expect(outcomes.withLock { $0 } == ["error"] || outcomes.withLock { $0 } == [])
    }

    @Test func aStreamOfUnknownLengthGoesInChunks() async throws {
        try await serving(
            TestHandler { _ in
                HTTPServerResponse(
                    status: 200,
                    body: BlobBody(Pieces(count: 50, byteCount: 10_000))
                )
            }
        ) { address in
            let answers = try await RawClient.run(address) { client in
                try client.send("GET / \(Self.host)\r\nGET / \(Self.host)\r\n")
                return [try client.readAnswer(), try client.readAnswer()]
            }
            for answer in answers {
                #expect(answer.fields("transfer-encoding") == ["chunked"])
                #expect(answer.fields("content-length") == [])
                #expect(answer.body == Pieces(count: 50, byteCount: 10_000).all)
            }
            let old = try await RawClient.run(address) { client in
                try client.send("GET / HTTP/1.0\r\n\r\n")
                return try client.readToEnd()
            }
            #expect(old.suffix(500_000) == Pieces(count: 50, byteCount: 10_000).all[...])
        }
    }

    @Test func aBodyThatFailsBreaksTheConnection() async throws {
        for byteCount in [nil, Int64(500_000)] {
            try await serving(
                TestHandler { _ in
                    let pieces = Pieces(count: 50, byteCount: 10_000, failsAt: 20)
                    return HTTPServerResponse(
                        status: 200,
                        body: BlobBody(pieces, byteCount: byteCount)
                    )
                }
            ) { address in
                await #expect(throws: SystemError.self) {
                    try await RawClient.run(address) { client in
                        try client.send("GET / \(Self.host)\r\n")
                        _ = try client.readAnswer()
                    }
                }
            }
        }
    }

    @Test func filesAndBytesAreSentWhole() async throws {
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 >> 3) }
        let path = FileManager.default.temporaryDirectory
            .appending(path: "server-\(UUID().uuidString)").path
        try Data(bytes).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await serving(
            TestHandler { request in
                let range = ByteRange.bounded(1_000..<2_500_000)
                let body: BlobBody? =
                    switch request.target {
                    case "/file": try? await .file(path)
                    case "/range": try? await .file(path, range: range)
                    default: BlobBody(bytes)
                    }
                return HTTPServerResponse(status: 200, body: body ?? BlobBody([]))
            }
        ) { address in
            let answers = try await RawClient.run(address) { client in
                try ["/file", "/range", "/bytes"].map { target in
                    try client.send("GET \(target) \(Self.host)\r\n")
                    return try client.readAnswer().body
                }
            }
            #expect(answers[0] == bytes)
            #expect(answers[1] == Array(bytes[1_000..<2_500_000]))
            #expect(answers[2] == bytes)
        }
    }

    @Test func answersWithoutABodyHaveNone() async throws {
        try await serving(
            TestHandler { request in
                switch request.target {
                case "/204": HTTPServerResponse(status: 204, body: BlobBody([1, 2]))
                case "/304": HTTPServerResponse(status: 304, headers: ["ETag": "\"1\""])
                case "/own": HTTPServerResponse(status: 200, headers: ["Content-Length": "12345"])
                case "/large":
                    HTTPServerResponse(status: 200, headers: ["content-length": "9000000000"])
                default: .text(200, "four")
                }
            }
        ) { address in
            let cases: [(String, String, [String])] = [
                ("GET", "/204", []), ("GET", "/304", []), ("HEAD", "/304", []),
                ("HEAD", "/own", ["12345"]), ("HEAD", "/large", ["9000000000"]),
                ("HEAD", "/", ["4"]),
            ]
            for (method, target, lengths) in cases {
                let (head, rest) = try await RawClient.run(address) { client in
                    try client.send("\(method) \(target) \(Self.host)Connection: close\r\n\r\n")
                    return (try client.readHead(), try client.readToEnd())
                }
                #expect(rest == [], "\(method) \(target)")
                #expect(head.fields("transfer-encoding") == [])
                #expect(head.fields("content-length") == lengths, "\(method) \(target)")
            }
        }
    }

    @Test func fieldsOfAnswersKeepTheirOrder() async throws {
        try await serving(
            TestHandler { request in
                request.target == "/bad"
                    ? HTTPServerResponse(status: 200, headers: ["X": "a\r\nSet-Cookie: b"])
                    : HTTPServerResponse(
                        status: 299,
                        headers: ["b": "1", "A": "é", "b": "2", "E": ""]
                    )
            }
        ) { address in
            let answers = try await RawClient.run(address) { client in
                try ["/", "/bad"].map { target in
                    try client.send("GET \(target) \(Self.host)\r\n")
                    return try client.readAnswer()
                }
            }
            #expect(answers[0].status == 299)
            #expect(answers[0].fields("b") == ["1", "2"])
            #expect(answers[0].fields("a") == ["é"])
            #expect(answers[0].head.contains("b: 1\r\nA: é\r\nb: 2\r\nE: "))
            #expect(answers[1].status == 500)
            #expect(answers[1].fields("set-cookie") == [])
        }
    }

    @Test func theRestOfTheTaskGoesOnWhileTheClientIsSilent() async throws {
        let count = Locked(0)
        try await serving(
            TestHandler { request in
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try? await request.body.collect(upTo: 100) }
                    group.addTask {
                        for _ in 0..<20 {
                            try? await Task.sleep(for: .milliseconds(2))
                            count.withLock { $0 += 1 }
                        }
                    }
                }
                return .text(200, "done")
            }
        ) { address in
            let (counted, text) = try await RawClient.run(address) { client in
                try client.send("PUT / \(Self.host)Content-Length: 2\r\n\r\n1")
                for _ in 0..<12_000 where count.withLock({ $0 }) < 20 { usleep(5_000) }
                let counted = count.withLock { $0 }
                try client.send("2")
                return (counted, try client.readAnswer().text)
            }
            #expect(counted == 20)
            #expect(text == "done")
        }
    }

    @Test func aReaderThatIsCancelledHoldsNobodyElseBack() async throws {
        let pieces = Pieces(count: 50, byteCount: 10_000)
        try await serving(
            TestHandler { request in
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try? await request.body.collect(upTo: 1_000_000) }
                    try? await Task.sleep(for: .milliseconds(20))
                    group.cancelAll()
                }
                return HTTPServerResponse(status: 200, body: BlobBody(pieces))
            }
        ) { address in
            let body = try await RawClient.run(address) { client in
                try client.send("PUT / \(Self.host)Content-Length: 1000\r\n\r\n")
                try client.send([UInt8](repeating: 1, count: 10))
                usleep(200_000)
                try client.send([UInt8](repeating: 1, count: 990))
                return try client.readAnswer().body
            }
            #expect(body == pieces.all)
        }
    }

    @Test func aReaderThatDoesNotReadHoldsTheWriterBack() async throws {
        let made = Locked(0)
        try await serving(
            TestHandler { _ in
                let pieces = Pieces(count: 2_000, byteCount: 100_000, made: made)
                return HTTPServerResponse(
                    status: 200,
                    body: BlobBody(pieces, byteCount: 200_000_000)
                )
            }
        ) { address in
            let bytes = try await RawClient.run(address) { client in
                try client.send("GET / \(Self.host)\r\n")
                _ = try client.read(1_000)
                usleep(300_000)
                return made.withLock { $0 } * 100_000
            }
            // What the system's buffers take, and a chunk or two.
            #expect(bytes < 20_000_000)
        }
        #expect(made.withLock { $0 } < 2_000)
    }

    @Test func aHandlerThatDoesNotReadHoldsTheClientBack() async throws {
        let isReleased = Locked(false)
        try await serving(
            TestHandler { request in
                var iterator = request.body.makeAsyncIterator()
                var count = Int64((try? await iterator.next())?.count ?? 0)
                while !isReleased.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(5)) }
                while let chunk = try? await iterator.next() { count += Int64(chunk.count) }
                return .text(200, "\(count)")
            }
        ) { address in
            let (sent, answer) = try await RawClient.run(address) { client in
                let total = 200_000_000
                try client.send("PUT / \(Self.host)Content-Length: \(total)\r\n\r\n")
                var sent = 0
                let piece = [UInt8](repeating: 7, count: 1 << 20)
                while true {
                    let count = try client.sendSome(piece, within: 300)
                    if count == 0 { break }
                    sent += count
                }
                isReleased.withLock { $0 = true }
                var rest = total - sent
                while rest > 0 {
                    try client.send(Array(piece.prefix(rest)))
                    rest -= min(rest, piece.count)
                }
                return (sent, try client.readAnswer())
            }
            #expect(sent < 30_000_000)
            #expect(answer.text == "200000000")
        }
    }
}

/// Pieces of a body, which may fail on the way.
struct Pieces: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    struct Broken: Error {}

    let count: Int
    let byteCount: Int
    var failsAt: Int?
    var made: Locked<Int>?

    var all: [UInt8] {
        (0..<count).flatMap { [UInt8](repeating: UInt8($0 & 0xFF), count: byteCount) }
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        let pieces: Pieces
        var number = 0

        mutating func next() async throws -> [UInt8]? {
            guard number < pieces.count else { return nil }
            if number == pieces.failsAt { throw Broken() }
            // Sometimes from another thread.
            if number % 16 == 5 { await Task.detached {}.value }
            pieces.made?.withLock { $0 += 1 }
            defer { number += 1 }
            return [UInt8](repeating: UInt8(number & 0xFF), count: pieces.byteCount)
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pieces: self) }
}
