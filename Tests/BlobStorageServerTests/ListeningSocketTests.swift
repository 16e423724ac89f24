import Glibc
import Testing

@testable import BlobStorageServer

@Suite struct ListeningSocketTests {
    @Test func aSocketIsClosedUnlessItsNumberIsSomebodyElses() throws {
        let socket = try ListeningSocket(host: "127.0.0.1", port: 0)
        let other = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(other) }
        // Closes the socket and gives its number to another file.
        #expect(dup2(other, socket.descriptor) == socket.descriptor)
        socket.closeIfOpen()
        #expect(fcntl(socket.descriptor, F_GETFD) >= 0)
        close(socket.descriptor)

        let own = try ListeningSocket(host: "127.0.0.1", port: 0)
        own.closeIfOpen()
        let again = try ListeningSocket(host: "127.0.0.1", port: own.address.port)
        again.closeIfOpen()
    }
}
