import BlobStorage
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Foundation
import Testing

/// What transports leave in the process when they are gone.
@Suite struct CurlResourceTests {
    private static let transportCount = 300

    // StoreLeakTests count threads and descriptors, in a process of their own.
    @Test("connections go with the transport", arguments: [true, false])
    func openAndClose(isClosed: Bool) async throws {
        let server = try RawServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        for _ in 0..<Self.transportCount {
            let transport = CurlTransport()
            #expect(try await transport.exchange(HTTPRequest(.get, server.url())).status == 200)
            if isClosed { transport.close() }
        }
        #expect(server.record.connectionCount.withLock { $0 } == Self.transportCount)
        #expect(try await server.record.hasNoConnection)
    }

    @Test func closingLetsTransfersEnd() async throws {
        let gate = Gate(count: 1)
        let server = try RawServer { connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
            gate.pass(0)
            try connection.send("cd")
            _ = connection.isClosedByClient()
        }
        let transport = CurlTransport()
        let response = try await transport.send(HTTPRequest(.get, server.url()))
        transport.close()
        gate.open(0)
        #expect(try await response.body.collect(upTo: 9) == Array("abcd".utf8))
        #expect(try await server.record.hasNoConnection)
    }
}
