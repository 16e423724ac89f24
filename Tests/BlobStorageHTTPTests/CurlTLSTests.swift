import BlobStorage
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Testing

@Suite(.enabled(if: TLSServer.isAvailable, "needs the openssl command"))
struct CurlTLSTests {
    private func transport(_ authorityFile: String?) -> CurlTransport {
        var options = HTTPTransportOptions()
        options.certificateAuthorityFile = authorityFile
        return CurlTransport(options)
    }

    private func request(_ host: String, _ port: Int) -> HTTPRequest {
        HTTPRequest(.get, HTTPURL(.https, host: host, port: port))
    }

    @Test func aServerOfATrustedAuthorityIsSpokenTo() async throws {
        let server = try TLSServer()
        let transport = transport(server.authorityFile)
        for host in ["127.0.0.1", "localhost"] {
            let answer = try await transport.exchange(request(host, server.port))
            #expect(answer.status == 200)
            #expect(String(decoding: answer.body, as: UTF8.self).contains("TLSv1.3"))
        }
    }

    @Test func anUnknownAuthorityIsRefused() async throws {
        let server = try TLSServer()
        let error = try await failure(request("127.0.0.1", server.port))
        #expect(error.kind == .tlsFailed)
        #expect(!error.mayHaveArrived)
        let other = try TLSServer()
        let second = try await failure(
            request("127.0.0.1", server.port),
            on: transport(other.authorityFile)
        )
        #expect(second.kind == .tlsFailed)
    }

    @Test func aCertificateForAnotherHostIsRefused() async throws {
        let server = try TLSServer(names: "DNS:other.example")
        let transport = transport(server.authorityFile)
        for host in ["127.0.0.1", "localhost"] {
            let error = try await failure(request(host, server.port), on: transport)
            #expect(error.kind == .tlsFailed)
            #expect(!error.mayHaveArrived)
        }
    }

    @Test func anAuthorityFileThatIsNotThereIsAnError() async throws {
        let server = try TLSServer()
        let error = try await failure(
            request("127.0.0.1", server.port),
            on: transport("/nonexistent/ca.pem")
        )
        #expect(error.kind == .tlsFailed)
        #expect(!error.mayHaveArrived)
    }

    @Test func tls12IsSpokenAndOlderIsNot() async throws {
        let new = try TLSServer(["-tls1_2"])
        let answer = try await transport(new.authorityFile).exchange(request("127.0.0.1", new.port))
        #expect(answer.status == 200)
        let old = try TLSServer(["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        let error = try await failure(
            request("127.0.0.1", old.port),
            on: transport(old.authorityFile)
        )
        #expect(error.kind == .tlsFailed)
    }

    @Test func aServerWithoutTLSIsRefused() async throws {
        let plain = try RawServer { connection in
            _ = connection.hasInput(after: 10_000)
            try connection.send("HTTP/1.1 400 Bad Request\r\n\r\n")
            _ = connection.isClosedByClient()
        }
        let error = try await failure(request("127.0.0.1", plain.port))
        #expect(error.kind == .tlsFailed)
        #expect(!error.mayHaveArrived)
    }

    @Test func aHandshakeThatIsCutIsALostConnection() async throws {
        let server = try RawServer { connection in
            _ = try connection.readSome()
            connection.reset()
        }
        let error = try await failure(request("127.0.0.1", server.port))
        #expect(error.kind == .connectFailed)
        #expect(!error.mayHaveArrived)
    }

    @Test func aHandshakeThatStallsIsTimedOut() async throws {
        let server = try RawServer { _ = $0.isClosedByClient() }
        var request = request("127.0.0.1", server.port)
        request.timeouts.connect = .milliseconds(200)
        let error = try await failure(request)
        #expect(error.kind == .timedOut)
        #expect(!error.mayHaveArrived)
    }
}
