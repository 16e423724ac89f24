import BlobStorage
import BlobStorageServer
import Foundation
import Glibc
import Testing

@Suite struct LimitTests {
    @Test(
        "a body over the limit is refused",
        arguments: [
            "Content-Length: 1001", "Content-Length: 10000000000", "Transfer-Encoding: chunked",
        ]
    )
    func bodyLimit(_ field: String) async throws {
        var options = HTTPServerOptions()
        options.bodyByteLimit = 1_000
        try await serving(TestHandler.echo, options: options) { address in
            let (fits, over) = try await RawClient.run(address) { client in
                try client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n")
                try client.send([UInt8](repeating: 1, count: 1_000))
                let fits = try client.readAnswer().body.count
                try client.send("PUT / HTTP/1.1\r\nHost: h\r\n\(field)\r\n\r\n800\r\n")
                try client.send([UInt8](repeating: 1, count: 1_500))
                return (fits, try client.readAnswer().status)
            }
            #expect(fits == 1_000)
            #expect(over == 413)
        }
    }

    @Test func aConnectionThatIsSilentIsClosed() async throws {
        var options = HTTPServerOptions()
        options.idleTime = .seconds(1)
        let bodies = Locked<[String]>([])
        let answer: @Sendable (HTTPServerRequest) async -> HTTPServerResponse = { request in
            do {
                _ = try await request.body.collect(upTo: 100)
            } catch {
                bodies.withLock { $0.append("failed") }
            }
            return .text(200, "")
        }
        try await serving(options: options, answer) { address in
            for start in [
                "", "GET / HTTP/1.1\r\nHo",
                "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n1",
            ] {
                let isClosed = try await RawClient.run(address) { client in
                    try client.send(start)
                    return client.isClosed()
                }
                #expect(isClosed)
            }
        }
        #expect(bodies.withLock { $0 } == ["failed"])
    }

    @Test("a client that does not read is cut off", arguments: [nil, 200_000_000] as [Int64?])
    func silentReader(_ byteCount: Int64?) async throws {
        let access = Locked<[HTTPServerAccess]>([])
        var options = HTTPServerOptions()
        options.idleTime = .seconds(1)
        options.onRequest = { entry in access.withLock { $0.append(entry) } }
        let answer: @Sendable (HTTPServerRequest) async -> HTTPServerResponse = { _ in
            let pieces = Pieces(count: 2_000, byteCount: 100_000)
            return HTTPServerResponse(status: 200, body: BlobBody(pieces, byteCount: byteCount))
        }
        try await serving(options: options, answer) { address in
            try await RawClient.run(address) { client in
                try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                for _ in 0..<2_000 where access.withLock({ $0.isEmpty }) { usleep(10_000) }
            }
        }
        let entry = try #require(access.withLock { $0 }.first)
        #expect(entry.status == 200 && !entry.isComplete)
    }

    @Test func aHeadThatTakesTooLongIsRefused() async throws {
        var options = HTTPServerOptions()
        options.headTime = .milliseconds(300)
        try await serving(TestHandler { .text(200, $0.target) }, options: options) { address in
            let text = try await RawClient.run(address) { client in
                // Never silent, and never done.
                try client.send("GET / HTTP/1.1\r\nHost: h\r\n")
                while !client.hasInput(within: 50) { try client.send("X: y\r\n") }
                return try client.readHead().status
            }
            #expect(text == 408)
        }
    }

    @Test func aBodyThatNobodyWantsHasItsTime() async throws {
        let refusing = TestHandler { _ in .text(403, "no") }
        try await serving(refusing) { address in
            let (status, body) = try await RawClient.run(address) { client in
                // Few enough to keep the connection for, and never silent.
                try client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n")
                while !client.hasInput(within: 200) { try client.send("x") }
                let answer = try client.readAnswer()
                return (answer.status, answer.body)
            }
            #expect(status == 403)
            #expect(body == Array("no".utf8))
        }
    }

    @Test func aSlowHandlerIsNotASilentClient() async throws {
        var options = HTTPServerOptions()
        options.idleTime = .seconds(1)
        let answer: @Sendable (HTTPServerRequest) async -> HTTPServerResponse = { request in
            try? await Task.sleep(for: .milliseconds(1_500))
            let count = try? await request.body.collect(upTo: 1_000_000).count
            try? await Task.sleep(for: .milliseconds(1_500))
            return .text(200, "\(count ?? -1)")
        }
        try await serving(options: options, answer) { address in
            let text = try await RawClient.run(address) { client in
                try client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 900000\r\n\r\n")
                try client.send([UInt8](repeating: 1, count: 900_000))
                return try client.readAnswer().text
            }
            #expect(text == "900000")
        }
    }

    @Test func oneAddressHasOnlySoManyConnections() async throws {
        var options = HTTPServerOptions()
        options.connectionLimitPerAddress = 3
        try await serving(TestHandler { .text(200, $0.target) }, options: options) { address in
            let clients = try (0..<3).map { _ in try RawClient(address) }
            for client in clients {
                try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                let status = try client.readAnswer().status
                #expect(status == 200)
            }
            let isClosed = try RawClient(address).isClosed()
            #expect(isClosed)
        }
    }

    @Test func connectionsOverTheLimitGetNoAnswer() async throws {
        var options = HTTPServerOptions()
        options.connectionLimit = 2
        try await serving(TestHandler { .text(200, $0.target) }, options: options) { address in
            let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
            let hasAnswer = try await RawClient.blocking {
                var clients = try (0..<2).map { _ in try RawClient(address) }
                for client in clients {
                    try client.send(get)
                    _ = try client.readAnswer()
                }
                let third = try RawClient(address)
                try? third.send(get)
                let hasAnswer = third.hasInput(within: 200) && !third.isClosed()
                clients = []
                return hasAnswer
            }
            #expect(!hasAnswer)
            // There is room again, as soon as the server has seen it.
            for _ in 0..<100 {
                let status = try? await RawClient.run(address) { client in
                    try client.send(get)
                    return client.hasInput(within: 1_000) ? try client.readAnswer().status : 0
                }
                if status == 200 { return }
            }
            Issue.record("no connection was accepted again")
        }
    }

    @Test func aThousandConnectionsAreServed() async throws {
        var options = HTTPServerOptions()
        // The first of them says nothing until the last one is there.
        options.headTime = .seconds(300)
        try await serving(TestHandler { .text(200, $0.target) }, options: options) { address in
            // Half of them, on a system that allows 1,024 files, since both ends are here.
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            limit.rlim_cur = min(limit.rlim_max, 8_192)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let count = min(1_000, Int(limit.rlim_cur) / 2 - 100)
            let statuses = try await RawClient.blocking {
                let clients = try (0..<count).map { _ in try RawClient(address) }
                for client in clients { try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n") }
                return try clients.map { try $0.readAnswer().status }
            }
            #expect(statuses == Array(repeating: 200, count: count))
        }
    }
}
